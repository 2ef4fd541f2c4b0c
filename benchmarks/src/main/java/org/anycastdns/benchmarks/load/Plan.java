package org.anycastdns.benchmarks.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/// The parameters of one load run.
///
/// @param server the server's address and port
/// @param perSecond queries per second, 1 to 10,000,000
/// @param warmUp time before the measurement begins
/// @param duration time that is measured
/// @param timeout a response that takes longer counts as lost
/// @param clients number of source ports, 1 to 1,000
/// @param sampleEvery one in so many responses is compared with its query and the expectation
public record Plan(
        InetSocketAddress server,
        int perSecond,
        Duration warmUp,
        Duration duration,
        Duration timeout,
        int clients,
        int sampleEvery) {

    /// Checks that the numbers are in range.
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
