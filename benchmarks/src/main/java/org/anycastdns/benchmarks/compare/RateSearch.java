package org.anycastdns.benchmarks.compare;

/// Looks for the highest rate at which a server answers everything: up or down from a first guess,
/// then halving what lies between.
public final class RateSearch {

    private static final double STEP_UP = 1.1;
    private static final double STEP_DOWN = 0.8;
    private static final double PRECISION = 0.02;

    /// Counted from the first rate at which all was answered.
    private static final int STEPS_MAX = 9;

    /// A server that a flood silences, or whose socket is too small for the machine's pauses, may
    /// still answer all at a low rate. Below this one the search is given up.
    private static final double RATE_MIN = 2_000;

    private double rate;
    private double low;
    private double high;
    private int steps;

    /// A search.
    ///
    /// @param guess queries a second, such as what is answered of a flood
    public RateSearch(double guess) {
        rate = Math.max(guess, RATE_MIN);
    }

    /// Whether there is nothing more to try.
    public boolean over() {
        if (low == 0) {
            return rate < RATE_MIN;
        }
        return steps > STEPS_MAX || (high > 0 && high / low < 1 + PRECISION);
    }

    /// What to try next, queries a second.
    public double rate() {
        return rate;
    }

    /// Takes what came of it.
    ///
    /// @param all whether everything was answered
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

    /// The highest rate at which everything was answered, queries a second; 0 when there was none.
    public double found() {
        return low;
    }
}
