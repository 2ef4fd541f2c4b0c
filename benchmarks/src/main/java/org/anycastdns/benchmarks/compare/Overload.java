package org.anycastdns.benchmarks.compare;

import java.io.IOException;

/// What a server answers when it is offered as much as it can answer, and when it is offered twice
/// that.
///
/// The two are measured by turns, seconds apart, in an order in which a machine that steadily
/// becomes slower or faster favors neither.
///
/// @param atSaturation answers a second at the first rate, the mean of its turns
/// @param atTwice answers a second at twice that rate, the same
public record Overload(double atSaturation, double atTwice) {

    private static final boolean[] TWICE = {false, true, true, false};

    /// A way to measure.
    @FunctionalInterface
    public interface Gauge {
        /// Answers a second when `rate` queries a second are offered.
        double answers(double rate) throws IOException;
    }

    /// Measures a server.
    ///
    /// @param saturation queries a second that it can just answer
    public static Overload measure(double saturation, Gauge gauge) throws IOException {
        double once = 0;
        double twice = 0;
        for (boolean doubled : TWICE) {
            if (doubled) {
                twice += gauge.answers(2 * saturation);
            } else {
                once += gauge.answers(saturation);
            }
        }
        return new Overload(2 * once / TWICE.length, 2 * twice / TWICE.length);
    }

    /// What is left at twice the load, in per cent; 0 when nothing was answered.
    public double percentLeft() {
        return atSaturation > 0 ? 100 * atTwice / atSaturation : 0;
    }
}
