package org.anycastdns.benchmarks.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/// What is to be done.
///
/// @param server who is asked
/// @param perSecond queries a second, 1 to 10,000,000
/// @param warmUp time before anything counts
/// @param duration time that counts
/// @param timeout an answer that takes longer is lost
/// @param clients source ports, 1 to 1,000
/// @param sampleEvery one in so many answers is compared with its question and what is expected
public record Plan(
        InetSocketAddress server,
        int perSecond,
        Duration warmUp,
        Duration duration,
        Duration timeout,
        int clients,
        int sampleEvery) {

    /// Checks the numbers.
    public Plan {
        check(perSecond >= 1 && perSecond <= 10_000_000, "the rate is not in 1 to 10000000");
        check(!warmUp.isNegative() && duration.isPositive(), "the duration is not positive");
        check(timeout.isPositive(), "the timeout is not positive");
        check(clients >= 1 && clients <= 1_000, "the clients are not in 1 to 1000");
        check(sampleEvery >= 1, "one in 0 answers cannot be compared");
    }

    private static void check(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
