package org.anycastdns.server.reload;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;

/// Where each zone's queries are counted: a zone keeps its slot for the life of the process, also
/// while it is not there. First come, first served; zones beyond the last slot share one.
public final class CounterSlots {

    private final int limit;
    private final int other;
    private final Map<Name, Integer> slots = new HashMap<>();
    private int next;

    /// Slots from the first up to, and without, the limit.
    ///
    /// @param other the slot of all zones that get none of their own
    public CounterSlots(int first, int limit, int other) {
        this.next = first;
        this.limit = limit;
        this.other = other;
    }

    /// The slot of a zone.
    synchronized int slot(Name zone) {
        Integer slot = slots.get(zone);
        if (slot != null) {
            return slot;
        }
        if (next == limit) {
            return other;
        }
        slots.put(zone, next);
        return next++;
    }

    /// The zones that have slots of their own.
    public synchronized Map<Integer, Name> zones() {
        Map<Integer, Name> zones = new TreeMap<>();
        slots.forEach((zone, slot) -> zones.put(slot, zone));
        return zones;
    }
}
