package org.anycastdns.benchmarks.compare;

import java.io.IOException;

/// The responses per second of a server at saturation and at twice that load.
///
/// The two loads alternate within seconds. Their order is chosen so that a machine that steadily
/// becomes slower or faster favors neither.
///
/// @param atSaturation responses per second at saturation, the mean of its turns
/// @param atTwice responses per second at twice that load, the mean of its turns
public record Overload(double atSaturation, double atTwice) {

    private static final boolean[] TWICE = {false, true, true, false};

    /// Measures responses at a rate.
    @FunctionalInterface
    public interface Gauge {
        /// Returns the responses per second when `rate` queries per second are offered.
        double answers(double rate) throws IOException;
    }

    /// Measures a server.
    ///
    /// @param saturation queries per second that the server can just answer
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

    /// Returns the responses at twice the load in percent of those at saturation; 0 if there were
    /// none.
    public double percentLeft() {
        return atSaturation > 0 ? 100 * atTwice / atSaturation : 0;
    }
}
