package org.anycastdns.benchmarks.load;

import org.HdrHistogram.Histogram;

/// Counters, kept separately for the warm-up and the measured time. Both phases run the same code,
/// so that all of it is compiled before it matters.
final class Counts {

    /// The longest time that is told apart: far more than any timeout.
    private static final long LATENCY_NANOS_MAX = 60_000_000_000L;

    private static final int DIGITS = 3;

    /// Number of RCODEs in the header, which has four bits for them.
    static final int RCODES = 16;

    final Histogram latency = new Histogram(LATENCY_NANOS_MAX, DIGITS);
    final Histogram lag = new Histogram(LATENCY_NANOS_MAX, DIGITS);
    final long[] rcodes = new long[RCODES];
    long unsent;
    long skipped;
    long inWindow;
    long answered;
    long wrong;
    long late;
    long sampled;
    long answerOctets;

    /// Returns a time as the histograms take it.
    static long clamp(long nanos) {
        return Math.clamp(nanos, 0, LATENCY_NANOS_MAX);
    }

    /// Returns how many queries are decided.
    long over() {
        return answered + wrong + late + skipped;
    }
}
