package org.anycastdns.server.reload;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;

/// Assigns each zone the slot in which its queries are counted. A zone keeps its slot for the life
/// of the process, even while it is absent. Slots are assigned first come, first served; all zones
/// beyond the last slot share one.
public final class CounterSlots {

    private final int limit;
    private final int other;
    private final Map<Name, Integer> slots = new HashMap<>();
    private int next;

    /// Creates slots from `first` up to, but not including, `limit`.
    ///
    /// @param other the slot shared by all zones that get none of their own
    public CounterSlots(int first, int limit, int other) {
        this.next = first;
        this.limit = limit;
        this.other = other;
    }

    /// Returns the slot of a zone, and assigns one if the zone has none.
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

    /// Returns the zones that have slots of their own, by slot.
    public synchronized Map<Integer, Name> zones() {
        Map<Integer, Name> zones = new TreeMap<>();
        slots.forEach((zone, slot) -> zones.put(slot, zone));
        return zones;
    }
}
