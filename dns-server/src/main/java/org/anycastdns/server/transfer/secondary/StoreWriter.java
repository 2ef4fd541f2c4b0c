package org.anycastdns.server.transfer.secondary;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.store.ZoneStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes zones to the store. Trouble with the store costs that a restart remembers them, never an
/// answer. Owned by one thread.
final class StoreWriter {

    /// The longest time between a write and its sync. What is lost in a crash is transferred again.
    private static final long SYNC_MILLIS = 1_000;

    /// The shortest time between two log lines of one kind; the status shows trouble that goes on.
    private static final Duration LOG_INTERVAL = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SecondaryZones.class);

    private final ZoneStore store;
    private final LogLimiter<String> lines =
            new LogLimiter<>("zone_store", LOG_INTERVAL, Ticker.systemTicker());
    private long syncMillis = Long.MAX_VALUE;
    private final LongAdder errors = new LongAdder();
    private volatile String trouble = "";

    /// Something to write.
    @FunctionalInterface
    interface Write {
        void to(ZoneStore store) throws IOException;
    }

    StoreWriter(ZoneStore store) {
        this.store = store;
    }

    /// Writes, and returns whether that worked.
    boolean write(Write write, long nowMillis) {
        try {
            write.to(store);
            syncMillis = Math.min(syncMillis, nowMillis + SYNC_MILLIS);
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        }
    }

    /// Returns when {@link #sync} is due.
    long dueMillis() {
        return syncMillis;
    }

    /// Makes durable what was written, if it is due.
    void sync(long nowMillis) {
        if (nowMillis < syncMillis) {
            return;
        }
        syncMillis = Long.MAX_VALUE;
        try {
            store.sync();
            if (!trouble.isEmpty()) {
                LOG.info("the state folder can be written again");
                trouble = "";
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception cause) {
        errors.increment();
        trouble =
                "the state folder cannot be written (%s): zones are served from memory, but a restart forgets what is new; free its disk or mend its permissions"
                        .formatted(cause.getMessage() == null ? cause : cause.getMessage());
        lines.log(
                String.valueOf(cause.getMessage()),
                more -> {
                    LOG.error("{}{}", trouble, more);
                    LOG.debug("the error of the state folder", cause);
                });
    }

    /// Returns how often writing failed; any thread may ask.
    long errors() {
        return errors.sum();
    }

    /// Returns what is wrong with the store, or nothing; any thread may ask.
    String trouble() {
        return trouble;
    }
}
