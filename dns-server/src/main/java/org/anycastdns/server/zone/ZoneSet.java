package org.anycastdns.server.zone;

import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.anycastdns.server.wire.NameBuffer;
import org.jspecify.annotations.Nullable;

/// All zones of a responder, immutable. A query belongs to the zone with the longest matching apex.
///
/// The zones are in a hash table with open addressing. As in a zone image ({@link BucketBuilder}),
/// the seed is derived from the names, and the number of probes is bounded.
public final class ZoneSet {

    /// Maximum number of probes for a zone. With two thirds of the table in use, fewer are enough
    /// even for millions of names.
    private static final int STEPS_MAX = 256;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final List<Zone> zones;
    private final int labelsMax;
    private long seed;
    private @Nullable Zone[] table;

    /// Creates a set of zones with different apexes.
    public ZoneSet(Collection<Zone> zones) {
        this.zones = zones.stream().sorted((a, b) -> a.apex().compareTo(b.apex())).toList();
        labelsMax = this.zones.stream().mapToInt(zone -> zone.apex().labelCount()).max().orElse(0);
        seed = Sha256.seed(digest(this.zones));
        // A third of the places, and at least one, stays free.
        table = new Zone[zones.size() + zones.size() / 2 + 1];
        while (!fill()) {
            seed += GOLDEN_RATIO;
            table = new Zone[table.length + table.length / 8 + 1];
        }
    }

    private static byte[] digest(List<Zone> zones) {
        MessageDigest sha256 = Sha256.begin();
        zones.forEach(zone -> sha256.update(zone.apex().folded()));
        return sha256.digest();
    }

    private boolean fill() {
        for (Zone zone : zones) {
            int place = Buckets.of(NameBuffer.hash(zone.apex(), seed, 0), table.length);
            for (int steps = 0; table[place] != null; steps++) {
                if (steps == STEPS_MAX) {
                    return false;
                }
                place = place + 1 == table.length ? 0 : place + 1;
            }
            table[place] = zone;
        }
        return true;
    }

    /// Returns the zone with the longest apex that is the name or an ancestor of it, or null.
    ///
    /// @param name its hashes are overwritten
    /// @param droppedMin minimum number of labels to drop; 1 finds a zone strictly above the name
    public @Nullable Zone find(NameBuffer name, int droppedMin) {
        name.hash(seed, 0, labelsMax);
        int labels = name.labelCount();
        for (int dropped = Math.max(droppedMin, labels - labelsMax); dropped <= labels; dropped++) {
            int place = Buckets.of(name.hash(dropped), table.length);
            for (Zone zone = table[place]; zone != null; zone = table[place]) {
                if (name.equals(dropped, zone.apex().folded())) {
                    return zone;
                }
                place = place + 1 == table.length ? 0 : place + 1;
            }
        }
        return null;
    }

    /// Returns the zones in canonical order of their names.
    public List<Zone> zones() {
        return zones;
    }

    /// Returns the memories that hold the zones' images, in a new set.
    public Set<ImageMemory> memories() {
        return zones.stream().map(Zone::memory).collect(Collectors.toCollection(HashSet::new));
    }
}
