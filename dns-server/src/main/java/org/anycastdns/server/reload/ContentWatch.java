package org.anycastdns.server.reload;

import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.change.ContentHash;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Computes the digests of the zones in service, behind the loading: a zone is served before its
/// digest is known. A digest costs a look at all records of an image, and almost nothing after a
/// change of some of them. The thread `digest` rests as long as it works, so that answers have the
/// rest of its core.
public final class ContentWatch implements AutoCloseable {

    /// Records between two looks at the time, about a millisecond.
    private static final int RECORDS_EACH = 1_000;

    /// The shortest time between two summaries.
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /// Rest after a summary, as a multiple of the time that it took: of very many zones that change
    /// all the time, summaries take a tenth of a core.
    private static final int REST = 9;

    private static final Logger LOG = LoggerFactory.getLogger(ContentWatch.class);

    private final Consumer<Summary> sink;
    private final AtomicReference<@Nullable ZonesStatus> newest = new AtomicReference<>();
    private final Thread thread = LongLived.restarted("digest", this::loop);
    private volatile boolean closed;
    private int records;
    private long workedSince;

    /// What all zones in service have at one moment. Two servers with the same serials and other
    /// content serve different versions under one serial.
    ///
    /// @param serials digest of the names and serials of all zones with data
    /// @param content digest of the names and contents of the same zones
    public record Summary(ContentDigest serials, ContentDigest content) {}

    /// Creates a watch that has not started.
    ///
    /// @param sink gets each summary, on the thread of this watch
    public ContentWatch(Consumer<Summary> sink) {
        this.sink = sink;
    }

    /// Begins to compute. Later than the first zones are served, this does not delay them.
    public void start() {
        thread.start();
    }

    /// Hands over the zones in service. Returns at once; of several only the newest counts.
    public void served(ZonesStatus status) {
        newest.set(status);
        LockSupport.unpark(thread);
    }

    private void loop() {
        while (!closed) {
            ZonesStatus status = newest.getAndSet(null);
            if (status == null) {
                LockSupport.park(this);
            } else if (computed(status)) {
                long start = System.nanoTime();
                sink.accept(summary(status));
                rest(Math.max(APART_NANOS, REST * (System.nanoTime() - start)));
            }
        }
    }

    /// Computes all digests, and returns whether all of them are known.
    private boolean computed(ZonesStatus status) {
        boolean all = true;
        workedSince = System.nanoTime();
        for (Zone zone : status.set().zones()) {
            if (closed) {
                return false;
            }
            try {
                ContentDigest _ = ContentHash.of(zone, this::takeTurns);
            } catch (IllegalStateException e) {
                // The version was replaced meanwhile, and its memory was freed. Its successor comes
                // with the next status.
                LOG.debug("no digest of {}", zone, e);
                all = false;
            } catch (RuntimeException fault) {
                LongLived.contain(
                        thread.getName(),
                        () -> {
                            throw new IllegalStateException("no digest of " + zone, fault);
                        });
                all = false;
            }
        }
        return all;
    }

    private void takeTurns() {
        if (++records % RECORDS_EACH == 0) {
            rest(System.nanoTime() - workedSince);
            workedSince = System.nanoTime();
        }
    }

    private void rest(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private static Summary summary(ZonesStatus status) {
        MessageDigest sha256 = Sha256.begin();
        ContentDigest serials = ContentDigest.NOTHING;
        ContentDigest content = ContentDigest.NOTHING;
        for (Zone zone : status.set().zones()) {
            ContentDigest digest = zone.digest().get();
            if (zone.available() && digest != null) {
                byte[] apex = zone.apex().folded();
                sha256.update(apex, 0, zone.apex().length());
                int serial = zone.serial();
                for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                    sha256.update((byte) (serial >>> shift));
                }
                serials = serials.plus(ContentDigest.of(sha256.digest()));
                sha256.update(apex, 0, zone.apex().length());
                content = content.plus(ContentDigest.of(sha256.digest(digest.octets())));
            }
        }
        return new Summary(serials, content);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
