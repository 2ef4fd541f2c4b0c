package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.daemon.LongLived;

/// Withdraws when the health loop fails to renew its decision. It has its own thread, which does
/// nothing else and shares only the [LeasedDecision] with the loop.
public final class Watchdog implements AutoCloseable {

    /// How long the loop may take to renew its lease after the watchdog woke up late. If the
    /// watchdog itself was delayed, the whole process was suspended.
    private static final Duration GRACE = Duration.ofMillis(50);

    private final LeasedDecision leasedDecision;
    private final Thread thread;
    private volatile boolean closed;

    public Watchdog(LeasedDecision leasedDecision) {
        this.leasedDecision = leasedDecision;
        this.thread = LongLived.vital("watchdog", this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            long rest = leasedDecision.remainingNanos();
            if (rest > 0) {
                long late = park(rest) - rest;
                if (late > GRACE.toNanos()) {
                    park(GRACE.toNanos());
                }
            } else {
                leasedDecision.expire();
                park(GRACE.toNanos());
            }
        }
    }

    /// Waits. Returns how long, in nanoseconds.
    private static long park(long nanos) {
        long start = System.nanoTime();
        LockSupport.parkNanos(nanos);
        return System.nanoTime() - start;
    }
}
