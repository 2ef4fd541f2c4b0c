package org.anycastdns.server.transfer.secondary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.secondary.SecondaryZone.Kind;
import org.anycastdns.server.wire.Name;

/// The zones that catalogs list: makes them come and go while the others are served.
final class CatalogMembers implements Catalogs.Members {

    private final ZoneTable zones;
    private final ZoneRounds rounds;
    private final StoreWriter writer;
    private final Consumer<Delivery> deliver;
    private final Consumer<SecondaryZone> begins;
    private final Supplier<Moment> clock;
    private boolean isRestored;

    /// @param begins serves a new zone as far as it can be, and asks its primaries at once
    CatalogMembers(
            ZoneTable zones,
            ZoneRounds rounds,
            StoreWriter writer,
            Consumer<Delivery> deliver,
            Consumer<SecondaryZone> begins,
            Supplier<Moment> clock) {
        this.zones = zones;
        this.rounds = rounds;
        this.writer = writer;
        this.deliver = deliver;
        this.begins = begins;
        this.clock = clock;
    }

    /// Notes that all members are known that there were before a restart. Until then, a new one
    /// keeps the data that are stored for it: a crash or damage may have shortened the list of
    /// members, and old data are better than none.
    void restored() {
        isRestored = true;
    }

    @Override
    public void add(Name name, List<Primary> primaries) {
        SecondaryZone zone = zones.put(name, Kind.MEMBER, primaries);
        if (isRestored) {
            writer.write(name, store -> store.remove(name), clock.get().millis());
            begins.accept(zone);
        }
    }

    @Override
    public void keep(Name name, List<Primary> primaries) {
        SecondaryZone before = zones.get(name);
        if (before != null && before.primaries.equals(primaries)) {
            return;
        }
        SecondaryZone zone = zones.put(name, Kind.MEMBER, primaries);
        if (before != null) {
            leave(before);
            takeOver(before, zone);
        }
        if (isRestored) {
            zone.status = TransferStatus.of(zone, clock.get());
            zones.schedule(zone, zone.timers.dueMillis());
        }
    }

    private void takeOver(SecondaryZone before, SecondaryZone zone) {
        SoaRecord soa = before.soa();
        ZoneTimers.Saved confirmed = before.timers.saved(clock.get());
        zone.held = before.held;
        zone.warnings = before.warnings;
        zone.imageOctets = before.imageOctets;
        zone.isUnstored = before.isUnstored;
        zone.isStale = before.isStale;
        if (soa != null && confirmed != null) {
            zones.holds(zone, soa, confirmed);
        }
    }

    @Override
    public void remove(Name name) {
        SecondaryZone zone = zones.remove(name);
        if (zone != null) {
            leave(zone);
        }
        writer.write(name, store -> store.remove(name), clock.get().millis());
        deliver.accept(new Delivery.Removed(name));
    }

    @Override
    public void configured(Name name) {
        SecondaryZone zone = zones.get(name);
        if (zone != null && zone.kind == Kind.MEMBER) {
            remove(name);
        }
    }

    private void leave(SecondaryZone zone) {
        zones.cancel(zone);
        rounds.drop(zone);
    }
}
