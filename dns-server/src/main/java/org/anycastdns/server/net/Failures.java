package org.anycastdns.server.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts internal errors in the data path and logs some of them.
final class Failures {

    /// The shortest time between two log entries. If one packet can trigger an error, every packet
    /// can, and one entry is enough to find it.
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
                    "internal error: a request got no response ({} so far); please report this",
                    total,
                    fault);
        }
    }

    long total() {
        return count.get();
    }
}
