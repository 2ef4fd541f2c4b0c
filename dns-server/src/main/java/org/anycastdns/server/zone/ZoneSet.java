package org.anycastdns.server.zone;

import java.util.Collection;
import java.util.List;
import org.anycastdns.server.wire.NameBuffer;
import org.jspecify.annotations.Nullable;

/// All zones of a responder, immutable: a query belongs to the one with the longest matching apex.
public final class ZoneSet {

    private final long seed;
    private final List<Zone> zones;
    private final @Nullable Zone[] table;
    private final int labelsMax;

    /// Makes a set of zones with different apexes.
    ///
    /// @param seed the one that the zones were built with
    public ZoneSet(long seed, Collection<Zone> zones) {
        this.seed = seed;
        this.zones = zones.stream().sorted((a, b) -> a.apex().compareTo(b.apex())).toList();
        this.table = new Zone[Zone.capacity(zones.size())];
        int labels = 0;
        for (Zone zone : this.zones) {
            if (zone.available() && zone.seed() != seed) {
                throw new IllegalArgumentException(zone + " was built with another seed");
            }
            int at = Zone.index(NameBuffer.hash(zone.apex(), seed), table.length);
            while (table[at] != null) {
                at = (at + 1) & (table.length - 1);
            }
            table[at] = zone;
            labels = Math.max(labels, zone.apex().labelCount());
        }
        this.labelsMax = labels;
    }

    /// The zone with the longest apex that is the name or above it, or null.
    ///
    /// @param name hashed with this set's seed
    /// @param droppedMin labels to drop at least: 1 looks for a zone strictly above the name
    public @Nullable Zone find(NameBuffer name, int droppedMin) {
        int labels = name.labelCount();
        for (int dropped = Math.max(droppedMin, labels - labelsMax); dropped <= labels; dropped++) {
            int at = Zone.index(name.hash(dropped), table.length);
            for (Zone zone = table[at]; zone != null; zone = table[at]) {
                if (name.equals(dropped, zone.apex().folded())) {
                    return zone;
                }
                at = (at + 1) & (table.length - 1);
            }
        }
        return null;
    }

    /// The seed for {@link NameBuffer#hash(long)}.
    public long seed() {
        return seed;
    }

    /// The zones in canonical order of their names.
    public List<Zone> zones() {
        return zones;
    }
}
