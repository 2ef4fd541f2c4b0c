package org.anycastdns.server.zone;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.anycastdns.server.wire.NameBuffer;
import org.jspecify.annotations.Nullable;

/// All zones of a responder, immutable: a query belongs to the one with the longest matching apex.
///
/// The table of the zones is built like the index of a zone: its seed comes out of the zones'
/// names, and the way to walk is bounded.
public final class ZoneSet {

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final List<Zone> zones;
    private final int labelsMax;
    private long seed;
    private @Nullable Zone[] table;

    /// Makes a set of zones with different apexes.
    public ZoneSet(Collection<Zone> zones) {
        this.zones = zones.stream().sorted((a, b) -> a.apex().compareTo(b.apex())).toList();
        labelsMax = this.zones.stream().mapToInt(zone -> zone.apex().labelCount()).max().orElse(0);
        seed = digest(this.zones);
        table = new Zone[(int) IndexBuilder.slots(zones.size())];
        while (!fill()) {
            seed += GOLDEN_RATIO;
            table = new Zone[table.length + table.length / 8 + 1];
        }
    }

    private static long digest(List<Zone> zones) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            zones.forEach(zone -> sha256.update(zone.apex().folded()));
            return ByteBuffer.wrap(sha256.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private boolean fill() {
        for (Zone zone : zones) {
            int slot = Zone.slot(NameBuffer.hash(zone.apex(), seed, 0), table.length);
            for (int steps = 0; table[slot] != null; steps++) {
                if (steps == IndexBuilder.STEPS_MAX) {
                    return false;
                }
                slot = slot + 1 == table.length ? 0 : slot + 1;
            }
            table[slot] = zone;
        }
        return true;
    }

    /// The zone with the longest apex that is the name or above it, or null.
    ///
    /// @param name whose hashes are overwritten
    /// @param droppedMin labels to drop at least: 1 looks for a zone strictly above the name
    public @Nullable Zone find(NameBuffer name, int droppedMin) {
        name.hash(seed, 0, labelsMax);
        int labels = name.labelCount();
        for (int dropped = Math.max(droppedMin, labels - labelsMax); dropped <= labels; dropped++) {
            int slot = Zone.slot(name.hash(dropped), table.length);
            for (Zone zone = table[slot]; zone != null; zone = table[slot]) {
                if (name.equals(dropped, zone.apex().folded())) {
                    return zone;
                }
                slot = slot + 1 == table.length ? 0 : slot + 1;
            }
        }
        return null;
    }

    /// The zones in canonical order of their names.
    public List<Zone> zones() {
        return zones;
    }

    /// Where the zones' images lie; the caller's own.
    public Set<ImageMemory> memories() {
        return zones.stream().map(Zone::memory).collect(Collectors.toCollection(HashSet::new));
    }
}
