package org.anycastdns.announcer.session;

import java.util.random.RandomGenerator;

/// The timers of a session (RFC 4271 section 10).
public enum Timer {
    /// Ends a connection attempt that takes too long, and the wait before the next one.
    CONNECT_RETRY(true),
    /// Ends the wait in Idle after an error (IdleHoldTimer, RFC 4271 section 8.1.1).
    IDLE_HOLD(true),
    /// Ends a session in which the neighbor is silent.
    HOLD(false),
    /// Sends the next KEEPALIVE.
    KEEPALIVE(true),
    /// Ends a session in which the neighbor takes nothing of what is sent (RFC 9687).
    SEND_HOLD(false);

    /// The shortest part of its delay a jittered timer runs (RFC 4271 section 10).
    private static final double JITTER_MIN = 0.75;

    private final boolean jittered;

    Timer(boolean jittered) {
        this.jittered = jittered;
    }

    /// How long to run for a delay: shortened by up to a quarter, so that timers do not march in
    /// step; the hold timers are exact.
    public long delayMillis(long millis, RandomGenerator random) {
        return jittered ? (long) (millis * random.nextDouble(JITTER_MIN, 1.0)) : millis;
    }
}
