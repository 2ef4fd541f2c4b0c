package org.anycastdns.server.transfer.secondary;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.secondary.SecondaryZone.Kind;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The zones that come from primaries, by name and by the time at which something is due. Any
/// thread may look a zone up; one thread at a time does everything else.
final class ZoneTable {

    private final TimerLimits limits;
    private final Supplier<Moment> clock;
    private final Map<Name, SecondaryZone> zones = new ConcurrentHashMap<>();
    private final TreeSet<SecondaryZone> due =
            new TreeSet<>(
                    Comparator.comparingLong((SecondaryZone zone) -> zone.dueMillis)
                            .thenComparingInt(zone -> zone.number));
    private int nextNumber;

    ZoneTable(TimerLimits limits, Supplier<Moment> clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /// Puts a zone without data in the place of one with the same name. It is not due yet.
    SecondaryZone put(Name name, Kind kind, Collection<Primary> primaries) {
        ZoneTimers timers = ZoneTimers.empty(name, limits, primaries.size(), clock.get());
        SecondaryZone zone = new SecondaryZone(name, kind, nextNumber++, primaries, timers);
        zones.put(name, zone);
        return zone;
    }

    @Nullable SecondaryZone get(Name name) {
        return zones.get(name);
    }

    Collection<SecondaryZone> all() {
        return zones.values();
    }

    /// Takes a zone out; null if it is not there.
    @Nullable SecondaryZone remove(Name name) {
        return zones.remove(name);
    }

    /// Forgets data that cannot be used.
    void empties(SecondaryZone zone) {
        zone.timers = ZoneTimers.empty(zone.name, limits, zone.primaries.size(), clock.get());
    }

    /// Gives a zone the timers of data that it has.
    void holds(SecondaryZone zone, SoaRecord soa, ZoneTimers.Saved confirmed) {
        zone.timers =
                ZoneTimers.restored(
                        zone.name, limits, zone.primaries.size(), soa, confirmed, clock.get());
    }

    /// Notes when something is due for a zone. Nothing ever is for a zone that is gone.
    void schedule(SecondaryZone zone, long dueMillis) {
        cancel(zone);
        zone.dueMillis = dueMillis;
        if (!zone.isGone) {
            due.add(zone);
        }
    }

    /// Notes that nothing is due for a zone.
    void cancel(SecondaryZone zone) {
        due.remove(zone);
    }

    /// Returns when something is due next.
    long dueMillis() {
        return due.isEmpty() ? Long.MAX_VALUE : due.first().dueMillis;
    }

    /// Takes the zone for which something is due first. There must be one.
    SecondaryZone takeDue() {
        return due.removeFirst();
    }
}
