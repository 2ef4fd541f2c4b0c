package org.anycastdns.announcer.session;

import java.util.random.RandomGenerator;

/// The timers of a session (RFC 4271 section 10).
public enum Timer {
    /// Limits an attempt to connect, and the delay before the next one.
    CONNECT_RETRY(true),
    /// Ends the delay in Idle after an error (IdleHoldTimer, RFC 4271 section 8.1.1).
    IDLE_HOLD(true),
    /// Ends a session when nothing is received.
    HOLD(false),
    /// Sends the next KEEPALIVE.
    KEEPALIVE(true),
    /// Ends a session when the neighbor stops reading what is sent (RFC 9687).
    SEND_HOLD(false),
    /// Ends the damping of a session that has lasted (RFC 4271 section 8.1).
    PEACE(false);

    /// The minimum share of the delay that a jittered timer runs (RFC 4271 section 10).
    private static final double JITTER_MIN = 0.75;

    private final boolean jittered;

    Timer(boolean jittered) {
        this.jittered = jittered;
    }

    /// Returns the time to run for a delay, in milliseconds. Jitter shortens it by up to a quarter,
    /// so that timers do not synchronize. The hold timers are exact.
    public long delayMillis(long millis, RandomGenerator random) {
        return jittered ? (long) (millis * random.nextDouble(JITTER_MIN, 1.0)) : millis;
    }
}
