package org.anycastdns.announcer.bfd;

import java.util.random.RandomGenerator;

/// The timers of a BFD session.
public enum BfdTimer {
    /// Sends the next packet.
    TRANSMIT,
    /// Ends a session in which the other end is silent.
    DETECTION;

    private static final double JITTER_MIN = 0.75;

    /// One lost packet must not look like the end when the multiplier is 1 (RFC 5880 section
    /// 6.8.7).
    private static final double JITTER_MAX_SINGLE = 0.9;

    /// Returns the delay of the timer for an interval, in microseconds. Transmission is up to a
    /// quarter early, so that sessions do not synchronize (RFC 5880 section 6.8.7). The detection
    /// time is exact.
    ///
    /// @param detectMultiplier our own detection multiplier
    public long delayMicros(long micros, int detectMultiplier, RandomGenerator random) {
        return switch (this) {
            case TRANSMIT ->
                    (long)
                            (micros
                                    * random.nextDouble(
                                            JITTER_MIN,
                                            detectMultiplier == 1 ? JITTER_MAX_SINGLE : 1.0));
            case DETECTION -> micros;
        };
    }
}
