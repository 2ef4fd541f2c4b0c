package org.anycastdns.server.transfer.secondary;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.ChangingZones.Overlaid;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.MergePolicy;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zone.change.ZoneStep;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A version of a large zone whose successor is an overlay of its image. Whatever that cannot be,
/// and whatever is wrong with the changes, is the matter of building the zone as a whole. Warnings
/// about the content are those of the last build.
final class OverlaidZone implements HeldZone {

    private static final Logger LOG = LoggerFactory.getLogger(OverlaidZone.class);

    private final SoaRecord soa;
    private final FutureTask<ChangingZone> changing;
    private final Delivery.Served served;
    private final Function<SoaRecord, HeldZone> asWhole;
    private final Lineage lineage;

    /// Versions that one build and changes since have led to.
    ///
    /// @param built stands for the build
    /// @param changes how many came since
    /// @param last the last one; null for the build itself
    private record Lineage(Object built, long changes, @Nullable ZoneChange last) {

        static Lineage begin() {
            return new Lineage(new Object(), 0, null);
        }

        Lineage plus(ZoneChange change) {
            return new Lineage(built, changes + 1, change);
        }
    }

    /// @param soa the SOA record of the version, as the primary gave it
    /// @param changing makes the zone as it can change, on some thread; this one if it comes first
    /// @param served how it is delivered
    /// @param asWhole returns a version whose successor is built as a whole
    OverlaidZone(
            SoaRecord soa,
            FutureTask<ChangingZone> changing,
            Delivery.Served served,
            Function<SoaRecord, HeldZone> asWhole) {
        this(soa, changing, served, asWhole, Lineage.begin());
    }

    private OverlaidZone(
            SoaRecord soa,
            FutureTask<ChangingZone> changing,
            Delivery.Served served,
            Function<SoaRecord, HeldZone> asWhole,
            Lineage lineage) {
        this.soa = soa;
        this.changing = changing;
        this.served = served;
        this.asWhole = asWhole;
        this.lineage = lineage;
    }

    /// Returns the change that led from another version to this one; null if none did.
    @Nullable ZoneChange since(OverlaidZone before) {
        boolean follows =
                lineage.built.equals(before.lineage.built)
                        && lineage.changes == before.lineage.changes + 1;
        return follows ? lineage.last : null;
    }

    /// Returns what to do about the size of the overlay.
    MergePolicy.Decision decision() {
        // Until a build is looked at, it has no changes either.
        return changing.isDone()
                ? MergePolicy.USUAL.decide(changing())
                : MergePolicy.Decision.APPLY;
    }

    /// Returns the zone as it can change.
    ///
    /// @throws IllegalStateException if this version was just built, and has expired meanwhile
    ChangingZone changing() {
        changing.run();
        try {
            return changing.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault
                    ? fault
                    : new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Returns this version with other memory.
    ///
    /// @param same the same records
    Outcome.Ready in(ChangingZone same) {
        return ready(same, soa, Lineage.begin());
    }

    @Override
    public SoaRecord soa() {
        return soa;
    }

    @Override
    public Outcome apply(List<IxfrStep> steps) {
        Outcome overlaid = null;
        try {
            ChangingZone zone = changing();
            boolean hasRoom = MergePolicy.USUAL.decide(zone) != MergePolicy.Decision.WAIT;
            overlaid = hasRoom ? overlaid(zone, steps) : null;
        } catch (DivergedException | IllegalArgumentException e) {
            LOG.debug("zone {} does not take changes: {}", served.zone(), e.getMessage());
        } catch (IllegalStateException e) {
            // The zone has expired meanwhile, nobody serves it, and its memory was freed.
            LOG.debug("zone {} is not there any more", served.zone(), e);
        } catch (RuntimeException fault) {
            LOG.warn(
                    "internal error while zone {} took changes; it is built as a whole. Please"
                            + " report this",
                    served.zone(),
                    fault);
        }
        return overlaid == null ? asWhole.apply(soa).apply(steps) : overlaid;
    }

    private @Nullable Outcome overlaid(ChangingZone zone, List<IxfrStep> steps)
            throws DivergedException {
        SoaRecord last = soa;
        List<ZoneStep> changes = new ArrayList<>();
        for (IxfrStep step : steps) {
            if (step.from().serial() != last.serial()) {
                return null;
            }
            changes.add(
                    new ZoneStep(
                            with(last.record(), step.deletes().list()),
                            with(step.to().record(), step.adds().list())));
            last = step.to();
        }
        ZoneChange change = ZoneChange.of(zone, changes);
        return switch (ChangingZones.overlay(zone, change)) {
            case Overlaid.Done(ChangingZone next) ->
                    isGood(next) ? ready(next, last, lineage.plus(change)) : null;
            case Overlaid.NeedsBuild(String reason) -> {
                LOG.debug("zone {} is built as a whole: {}", served.zone(), reason);
                yield null;
            }
        };
    }

    private static List<ResourceRecord> with(ResourceRecord soa, List<ResourceRecord> others) {
        List<ResourceRecord> all = new ArrayList<>(others.size() + 1);
        all.add(soa);
        all.addAll(others);
        return all;
    }

    /// Returns whether a version needs no look at the zone as a whole.
    private boolean isGood(ChangingZone next) {
        Name apex = next.zone().apex();
        List<ResourceRecord> records = next.at(apex);
        boolean nameServers = records.stream().anyMatch(each -> each.type() == RecordType.NS);
        boolean digest = records.stream().anyMatch(each -> each.type() == RecordType.ZONEMD);
        return nameServers && (!digest || served.zonemd() == ZonemdStatus.UNCHECKED);
    }

    private Outcome.Ready ready(ChangingZone next, SoaRecord last, Lineage nextLineage) {
        Delivery.Served version =
                new Delivery.Served(
                        served.zone(), next.zone(), served.problems(), served.zonemd(), null);
        FutureTask<ChangingZone> done = new FutureTask<>(() -> next);
        done.run();
        return new Outcome.Ready(
                new OverlaidZone(last, done, version, asWhole, nextLineage), version);
    }
}
