package org.anycastdns.lab.measure;

import java.util.concurrent.locks.LockSupport;

/// The time since the common start of all clients.
final class Clock {

    private static final double NANOS_PER_MS = 1e6;

    private final long startNanos;

    /// Begins at a time of the wall clock, which all containers of a host share.
    Clock(long startEpochMs) {
        startNanos =
                System.nanoTime()
                        + (long) ((startEpochMs - System.currentTimeMillis()) * NANOS_PER_MS);
    }

    /// Milliseconds since the start; negative before it.
    double nowMs() {
        return (System.nanoTime() - startNanos) / NANOS_PER_MS;
    }

    /// Returns at a time, or at once when it is over.
    void awaitMs(double ms) {
        for (double left; (left = ms - nowMs()) > 0; ) {
            LockSupport.parkNanos((long) (left * NANOS_PER_MS));
        }
    }
}
