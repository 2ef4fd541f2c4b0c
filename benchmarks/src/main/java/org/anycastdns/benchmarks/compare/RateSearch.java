package org.anycastdns.benchmarks.compare;

/// Searches for the highest rate at which a server answers everything. It steps up or down from a
/// first guess, then bisects.
public final class RateSearch {

    private static final double STEP_UP = 1.1;
    private static final double STEP_DOWN = 0.8;
    private static final double PRECISION = 0.02;

    /// The step limit, counted from the first rate at which all queries were answered.
    private static final int STEPS_MAX = 9;

    /// Below this rate the search gives up. A server may still answer everything at a low rate,
    /// although a flood silences it, or its socket buffer is too small for pauses of the machine.
    private static final double RATE_MIN = 2_000;

    private double rate;
    private double low;
    private double high;
    private int steps;

    /// Creates a search.
    ///
    /// @param guess queries per second to begin with, such as the throughput under a flood
    public RateSearch(double guess) {
        rate = Math.max(guess, RATE_MIN);
    }

    /// Returns whether the search has ended.
    public boolean over() {
        if (low == 0) {
            return rate < RATE_MIN;
        }
        return steps > STEPS_MAX || (high > 0 && high / low < 1 + PRECISION);
    }

    /// Returns the rate to try next, in queries per second.
    public double rate() {
        return rate;
    }

    /// Records the result of trying the rate.
    ///
    /// @param all whether every query was answered
    public void tried(boolean all) {
        if (all) {
            low = rate;
        } else {
            high = rate;
        }
        if (low == 0) {
            rate *= STEP_DOWN;
        } else {
            rate = high == 0 ? rate * STEP_UP : (low + high) / 2;
            steps++;
        }
    }

    /// Returns the highest rate at which every query was answered, in queries per second; 0 if
    /// there is none.
    public double found() {
        return low;
    }
}
