package org.anycastdns.server.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts faults of our own in the data path and logs some of them.
final class Failures {

    /// A fault that one packet triggers can be triggered by every packet: one log entry in that
    /// time is enough to find it.
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    void count(Throwable fault) {
        long total = count.incrementAndGet();
        long now = System.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            LOG.error(
                    "a request could not be answered ({} so far); please report this",
                    total,
                    fault);
        }
    }

    long total() {
        return count.get();
    }
}
