package org.anycastdns.benchmarks.workload;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws ranks by Zipf's law: the probability of rank k is proportional to 1/k^s. A few ranks are
/// popular and most are rare. With s = 0 all ranks are equally likely.
public final class Zipf {

    /// The probability of this rank or a lower one, by rank.
    private final double[] cumulative;

    /// Creates a distribution.
    ///
    /// @param ranks the number of ranks, at least 1
    /// @param exponent s, at least 0
    public Zipf(int ranks, double exponent) {
        if (ranks < 1 || !(exponent >= 0)) {
            throw new IllegalArgumentException(
                    "Zipf's law needs a rank and an exponent of at least 0, not %d and %s"
                            .formatted(ranks, exponent));
        }
        cumulative = new double[ranks];
        double sum = 0;
        for (int i = 0; i < ranks; i++) {
            sum += Math.pow(i + 1, -exponent);
            cumulative[i] = sum;
        }
        for (int i = 0; i < ranks; i++) {
            cumulative[i] /= sum;
        }
    }

    /// Returns the number of ranks.
    int ranks() {
        return cumulative.length;
    }

    /// Draws the next rank, from 0 on.
    public int next(SplittableRandom random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        int rank = found < 0 ? -found - 1 : found;
        return Math.min(rank, cumulative.length - 1);
    }
}
