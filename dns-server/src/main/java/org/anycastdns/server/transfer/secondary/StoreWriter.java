package org.anycastdns.server.transfer.secondary;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.store.AppendedFile;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.wire.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes zones to the store. Trouble with the store costs that a restart remembers them, never an
/// answer. The thread `transfer` calls every method except for those that say otherwise.
///
/// Small writes are done at once: they are in the memory of the system then. A large zone, whatever
/// follows for the same zone meanwhile, and each fsync are left to the thread `store`, so that no
/// other zone waits for the disk.
final class StoreWriter {

    /// More octets are written by the thread.
    private static final long LARGE_OCTETS = 1 << 20;

    /// Octets that may wait for the thread. Beyond that, whoever writes waits: a disk that is
    /// slower than the network must not fill the memory.
    private static final long WAITING_OCTETS_MAX = 64 << 20;

    private static final long CLOSE_SECONDS = 30;

    /// The longest time between a write and its sync. What is lost in a crash is transferred again.
    private static final long SYNC_MILLIS = 1_000;

    /// The shortest time between two log lines of one kind; the status shows trouble that goes on.
    private static final Duration LOG_INTERVAL = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SecondaryZones.class);

    private final ZoneStore store;
    private final AppendedFile members;
    private final LogLimiter<String> lines =
            new LogLimiter<>("zone_store", LOG_INTERVAL, Ticker.systemTicker());
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().name("store").daemon().factory());

    /// The last write of each zone that waits for the thread.
    private final Map<Name, CompletableFuture<Boolean>> last = new ConcurrentHashMap<>();

    private long waitingOctets;
    private long syncMillis = Long.MAX_VALUE;
    private final LongAdder errors = new LongAdder();
    private volatile String trouble = "";

    /// Something to write.
    @FunctionalInterface
    interface Write {
        void to(ZoneStore store) throws IOException;
    }

    /// @param members which zones are members of catalogs; a write may change it too
    StoreWriter(ZoneStore store, AppendedFile members) {
        this.store = store;
        this.members = members;
    }

    /// Writes what belongs to no zone.
    void write(Write write, long nowMillis) {
        var _ = written(write);
        due(nowMillis);
    }

    /// Writes something small about a zone.
    void write(Name zone, Write write, long nowMillis) {
        write(zone, write, 0, nowMillis, _ -> {});
    }

    /// Writes something about a zone, after all that was written about it before.
    ///
    /// @param octets how much it is, about
    /// @param done is told whether it worked; any thread may call it
    void write(Name zone, Write write, long octets, long nowMillis, Consumer<Boolean> done) {
        CompletableFuture<Boolean> before = last.get(zone);
        if (octets <= LARGE_OCTETS && (before == null || before.isDone())) {
            last.remove(zone);
            done.accept(written(write));
            due(nowMillis);
            return;
        }
        awaitRoom(octets);
        CompletableFuture<Boolean> future = new CompletableFuture<>();
        last.put(zone, future);
        due(nowMillis);
        thread.execute(() -> {
            boolean isWritten = written(write);
            synchronized (this) {
                waitingOctets -= octets;
                notifyAll();
            }
            last.remove(zone, future);
            future.complete(isWritten);
            done.accept(isWritten);
        });
    }

    private synchronized void awaitRoom(long octets) {
        try {
            while (waitingOctets > 0 && waitingOctets + octets > WAITING_OCTETS_MAX) {
                wait();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        waitingOctets += octets;
    }

    /// Waits until everything is written that was about a zone, or has failed. Any thread but
    /// `store` may call it.
    void await(Name zone) {
        CompletableFuture<Boolean> before = last.get(zone);
        if (before != null) {
            var _ = before.join();
        }
    }

    private boolean written(Write write) {
        try {
            write.to(store);
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void due(long nowMillis) {
        syncMillis = Math.min(syncMillis, nowMillis + SYNC_MILLIS);
    }

    /// Returns when {@link #sync} is due.
    long dueMillis() {
        return syncMillis;
    }

    /// Begins to make durable what was written, if it is due.
    void sync(long nowMillis) {
        if (nowMillis >= syncMillis) {
            syncMillis = Long.MAX_VALUE;
            thread.execute(this::sync);
        }
    }

    private void sync() {
        try {
            // In this order: what a member loses is done again, but never forgotten.
            store.sync();
            members.sync();
            if (!trouble.isEmpty()) {
                LOG.info("the state folder can be written again");
                trouble = "";
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /// Writes what waits, and makes everything durable.
    void close() {
        thread.execute(this::sync);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("the state folder takes too long: a restart forgets what is new");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
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
