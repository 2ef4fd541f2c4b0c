package org.anycastdns.server.transfer.secondary;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.transfer.secondary.RoundParts.Inbox;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.MergePolicy;
import org.anycastdns.server.zone.change.PendingMerge;
import org.anycastdns.server.zone.change.ZoneChange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Builds zones anew whose overlays have grown, one after the other on one thread, while changes go
/// on. What changed meanwhile becomes an overlay of the new image. The thread `transfer` calls
/// every method.
///
/// ```
///   MERGE: an image is built      changes go on, and are noted
///   WAIT:  the zone asks nobody   one IXFR brings all that the primary has changed since
/// ```
final class ZoneMerges {

    /// How long a zone is left as it is after its merge has failed, mostly for want of memory. When
    /// its overlay is full meanwhile, its changes build it as a whole.
    private static final long REST_MILLIS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(SecondaryZones.class);

    private final ChangingZones zones;
    private final Executor thread;
    private final Inbox inbox;
    private final LongSupplier nowMillis;
    private final BiConsumer<SecondaryZone, Outcome.Ready> swap;
    private final Consumer<SecondaryZone> resume;
    private final Map<SecondaryZone, Merge> merges = new HashMap<>();
    private final Map<SecondaryZone, Long> restUntil = new HashMap<>();
    private final Set<SecondaryZone> waiting = new HashSet<>();

    /// A merge of one zone.
    private static final class Merge {

        private final long beganMillis;
        private OverlaidZone last;
        private PendingMerge pending;
        private @Nullable ChangingZone merged;
        private boolean isBusy = true;
        private boolean isUnwanted;

        Merge(OverlaidZone from, long nowMillis) {
            last = from;
            pending = new PendingMerge(from.changing());
            beganMillis = nowMillis;
        }

        /// Notes which version is held. Returns false if changes alone do not lead there.
        boolean leadsTo(@Nullable HeldZone held) {
            if (held == last) {
                return true;
            }
            if (!(held instanceof OverlaidZone next)) {
                return false;
            }
            ZoneChange change = next.since(last);
            if (change == null) {
                return false;
            }
            last = next;
            pending.changed(change);
            return true;
        }
    }

    /// @param zones builds images, alone
    /// @param thread runs one task after the other
    /// @param swap serves and holds the same version with other memory
    /// @param resume lets a zone ask that had to wait
    ZoneMerges(
            ChangingZones zones,
            Executor thread,
            Inbox inbox,
            LongSupplier nowMillis,
            BiConsumer<SecondaryZone, Outcome.Ready> swap,
            Consumer<SecondaryZone> resume) {
        this.zones = zones;
        this.thread = thread;
        this.inbox = inbox;
        this.nowMillis = nowMillis;
        this.swap = swap;
        this.resume = resume;
    }

    /// Looks at a zone after its version, or what is under way for it, has changed.
    void look(SecondaryZone zone) {
        Merge merge = merges.get(zone);
        if (merge != null && !merge.leadsTo(zone.held)) {
            forget(zone);
            merge = null;
        }
        if (merge == null) {
            begin(zone);
        } else if (!merge.isBusy) {
            goOn(zone, merge);
        }
    }

    private void begin(SecondaryZone zone) {
        if (zone.isGone
                || !(zone.held instanceof OverlaidZone held)
                || held.decision() == MergePolicy.Decision.APPLY
                || nowMillis.getAsLong() < restUntil.getOrDefault(zone, Long.MIN_VALUE)) {
            return;
        }
        restUntil.remove(zone);
        Merge merge = new Merge(held, nowMillis.getAsLong());
        merges.put(zone, merge);
        PendingMerge pending = merge.pending;
        run(zone, merge, () -> zones.merge(pending.from()));
    }

    private void goOn(SecondaryZone zone, Merge merge) {
        ChangingZone merged = merge.merged;
        if (merged == null) {
            throw new IllegalStateException("a merge without result goes on");
        }
        if (merge.pending.hasChanges()) {
            PendingMerge changes = merge.pending;
            merge.pending = new PendingMerge(changes.from());
            merge.isBusy = true;
            run(zone, merge, () -> changes.finish(zones, merged).zone());
        } else if (!zone.isBuilding && !zone.isStale && !zone.timers.isExpired()) {
            merges.remove(zone);
            LOG.debug(
                    "zone {} merged: ms={} octets={}",
                    zone.name,
                    nowMillis.getAsLong() - merge.beganMillis,
                    merged.zone().octets());
            swap.accept(zone, merge.last.in(merged));
            resumed(zone);
            // Changes that came meanwhile may be many.
            begin(zone);
        }
    }

    private void run(SecondaryZone zone, Merge merge, Supplier<ChangingZone> work) {
        thread.execute(() -> {
            ChangingZone merged;
            try {
                merged = work.get();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                inbox.put(zone, () -> failed(zone, merge, e));
                return;
            }
            inbox.put(zone, () -> done(zone, merge, merged));
        });
    }

    private void done(SecondaryZone zone, Merge merge, ChangingZone merged) {
        ChangingZone before = merge.merged;
        merge.merged = merged;
        merge.isBusy = false;
        if (before != null && before.zone().memory() != merged.zone().memory()) {
            before.zone().memory().close();
        }
        if (merge.isUnwanted) {
            merged.zone().memory().close();
        } else {
            look(zone);
        }
    }

    private void failed(SecondaryZone zone, Merge merge, Throwable cause) {
        merge.isBusy = false;
        close(merge);
        if (merge.isUnwanted) {
            // The zone came as a whole meanwhile, and the memory went that was read here.
            LOG.debug("zone {} is not merged", zone.name, cause);
            return;
        }
        merges.remove(zone);
        restUntil.put(zone, nowMillis.getAsLong() + REST_MILLIS);
        LOG.warn(
                "zone {} keeps its overlay, which could not be merged ({}); it is tried again in"
                        + " {} s",
                zone.name,
                cause.toString(),
                REST_MILLIS / 1_000);
        resumed(zone);
    }

    private static void close(Merge merge) {
        ChangingZone merged = merge.merged;
        if (merged != null && !merge.isBusy) {
            merged.zone().memory().close();
            merge.merged = null;
        }
    }

    /// Ends what is done for a zone, because its version is not wanted any more.
    void forget(SecondaryZone zone) {
        restUntil.remove(zone);
        Merge merge = merges.remove(zone);
        if (merge != null) {
            merge.isUnwanted = true;
            close(merge);
            resumed(zone);
        }
    }

    /// Returns whether a zone must not ask for changes yet, because its overlay has no room for
    /// them. It resumes after its merge.
    boolean mustWait(SecondaryZone zone) {
        boolean waits =
                merges.containsKey(zone)
                        && zone.held instanceof OverlaidZone held
                        && held.decision() == MergePolicy.Decision.WAIT;
        if (waits) {
            waiting.add(zone);
        }
        return waits;
    }

    private void resumed(SecondaryZone zone) {
        if (waiting.remove(zone) && !zone.isGone) {
            resume.accept(zone);
        }
    }
}
