package org.anycastdns.server.transfer.dynamic;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.ChangingZones.Overlaid;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.MergePolicy;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zone.change.ZoneStep;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A version of a large zone whose successor is an overlay of its image, so that a change costs
/// what it changes. Immutable; used on the threads that build.
final class ChangingVersion {

    private static final Logger LOG = LoggerFactory.getLogger(DynamicZones.class);

    private final SoaRecord soa;
    private final FutureTask<ChangingZone> changing;
    private final Delivery.Served served;

    /// @param soa the SOA record of the version
    /// @param changing makes the zone as it can change; whoever needs it first runs it
    /// @param served how it is delivered
    ChangingVersion(SoaRecord soa, FutureTask<ChangingZone> changing, Delivery.Served served) {
        this.soa = soa;
        this.changing = changing;
        this.served = served;
    }

    /// Returns how the version is delivered.
    Delivery.Served served() {
        return served;
    }

    /// Makes the zone as it can change, which looks at all of it.
    void prepare() {
        changing.run();
    }

    /// Returns the version after some changes; null if it must be built as a whole.
    ///
    /// @param steps at least one, without a gap
    @Nullable ChangingVersion next(List<IxfrStep> steps) {
        try {
            ChangingZone zone = changing();
            return MergePolicy.USUAL.decide(zone) == MergePolicy.Decision.APPLY
                    ? next(zone, steps)
                    : null;
        } catch (DivergedException | RuntimeException e) {
            LOG.warn(
                    "zone {} is built as a whole, because its changes do not fit what is served;"
                            + " please report this",
                    served.zone(),
                    e);
            return null;
        }
    }

    private ChangingZone changing() {
        changing.run();
        try {
            return changing.get();
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private @Nullable ChangingVersion next(ChangingZone zone, List<IxfrStep> steps)
            throws DivergedException {
        SoaRecord last = soa;
        List<ZoneStep> changes = new ArrayList<>();
        for (IxfrStep step : steps) {
            if (step.adds().all(RecordType.ZONEMD).length > 0) {
                // A digest is of the zone as a whole.
                return null;
            }
            changes.add(
                    new ZoneStep(
                            with(last.record(), step.deletes().list()),
                            with(step.to().record(), step.adds().list())));
            last = step.to();
        }
        return switch (ChangingZones.overlay(zone, ZoneChange.of(zone, changes))) {
            case Overlaid.Done(ChangingZone next) -> of(next, last);
            case Overlaid.NeedsBuild(String reason) -> {
                LOG.debug("zone {} is built as a whole: {}", served.zone(), reason);
                yield null;
            }
        };
    }

    private ChangingVersion of(ChangingZone next, SoaRecord last) {
        FutureTask<ChangingZone> done = new FutureTask<>(() -> next);
        done.run();
        Delivery.Served version =
                new Delivery.Served(
                        served.zone(), next.zone(), served.problems(), served.zonemd(), null);
        return new ChangingVersion(last, done, version);
    }

    private static List<ResourceRecord> with(ResourceRecord soa, List<ResourceRecord> others) {
        List<ResourceRecord> all = new ArrayList<>(others.size() + 1);
        all.add(soa);
        all.addAll(others);
        return all;
    }

    /// Returns all records after some changes, to build the zone as a whole; null if they cannot be
    /// had from this version.
    @Nullable Records records(List<IxfrStep> steps) {
        try {
            Records all = new Records();
            changing().forEach(record -> all.add(record, 0));
            return ZoneChanges.apply(all, soa, steps)
                            instanceof ZoneChanges.Outcome.Applied(Records records, _)
                    ? records
                    : null;
        } catch (RuntimeException e) {
            LOG.debug("zone {}: its records are taken from elsewhere", served.zone(), e);
            return null;
        }
    }
}
