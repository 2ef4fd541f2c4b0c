package org.anycastdns.benchmarks.workload;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Ranks of which the k-th is drawn with a probability proportional to 1/k^s (Zipf's law): few are
/// popular, most are rare. With s = 0 all are alike.
public final class Zipf {

    /// The probability of a rank up to and including this one.
    private final double[] cumulative;

    /// A distribution.
    ///
    /// @param ranks how many there are, at least 1
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

    /// The next rank, from 0 on.
    public int next(SplittableRandom random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        int rank = found < 0 ? -found - 1 : found;
        return Math.min(rank, cumulative.length - 1);
    }
}
