package org.anycastdns.lab.measure;

import java.util.concurrent.locks.LockSupport;

/// The time since the common start of all clients.
final class Clock {

    private static final double NANOS_PER_MS = 1e6;

    private final long startNanos;

    /// Creates a clock that starts at a wall-clock time, which all containers of a host share.
    Clock(long startEpochMs) {
        startNanos =
                System.nanoTime()
                        + (long) ((startEpochMs - System.currentTimeMillis()) * NANOS_PER_MS);
    }

    /// Returns milliseconds since the start; negative before it.
    double nowMs() {
        return (System.nanoTime() - startNanos) / NANOS_PER_MS;
    }

    /// Waits until a time, or returns at once if it has passed.
    void awaitMs(double ms) {
        for (double left; (left = ms - nowMs()) > 0; ) {
            LockSupport.parkNanos((long) (left * NANOS_PER_MS));
        }
    }
}
