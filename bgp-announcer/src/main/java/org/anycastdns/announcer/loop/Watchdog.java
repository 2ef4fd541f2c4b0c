package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;

/// Withdraws when the health loop fails to renew its decision. It has its own thread, which does
/// nothing else and shares only the [LeasedDecision] with the loop.
public final class Watchdog extends Loop {

    /// How long the loop may take to renew its lease after the watchdog woke up late. If the
    /// watchdog itself was delayed, the whole process was suspended.
    private static final Duration GRACE = Duration.ofMillis(50);

    private final LeasedDecision leasedDecision;

    public Watchdog(LeasedDecision leasedDecision) {
        super("watchdog", LongLived::vital);
        this.leasedDecision = leasedDecision;
    }

    @Override
    protected void round() {
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

    /// Waits. Returns how long, in nanoseconds.
    private static long park(long nanos) {
        long start = System.nanoTime();
        LockSupport.parkNanos(nanos);
        return System.nanoTime() - start;
    }
}
