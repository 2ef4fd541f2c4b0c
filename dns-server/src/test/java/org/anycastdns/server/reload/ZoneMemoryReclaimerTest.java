package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.server.zone.change.SmallZones;
import org.junit.jupiter.api.Test;

/// Memory of zones that were replaced is given back, and never too early.
class ZoneMemoryReclaimerTest {

    private final Set<ZoneSet> read = new HashSet<>();
    private final ZoneMemoryReclaimer memories = new ZoneMemoryReclaimer(read::contains);

    private static Zone zone(String apex, ImageMemory memory, int records) {
        Name name = Name.of(apex);
        ZoneBuilder builder = new ZoneBuilder(name);
        builder.add(new ResourceRecord(name, RecordType.SOA, 1, new byte[22]));
        for (int i = 0; i < records; i++) {
            byte[] address = {10, 0, (byte) (i >> 8), (byte) i};
            builder.add(new ResourceRecord(Name.of("h" + i, name), RecordType.A, 1, address));
        }
        return builder.build(memory, 0);
    }

    private static boolean readable(Zone zone) {
        try {
            return zone.sets().recordCount(zone.negativeSoa()) == 1;
        } catch (IllegalStateException released) {
            return false;
        }
    }

    @Test
    void memoryGoesWhenItsZonesAreReplacedAndNobodyReadsThem() {
        Zone first = zone("example.", memories.next(), 10);
        ZoneSet set = new ZoneSet(List.of(first));
        memories.published(set);
        read.add(set);
        Zone second = zone("example.", memories.next(), 10);
        memories.published(new ZoneSet(List.of(second)));
        assertTrue(readable(first), "a worker is still in a batch");
        assertFalse(memories.release());
        read.clear();
        assertTrue(memories.release());
        assertFalse(readable(first));
        assertTrue(readable(second));
    }

    @Test
    void memoryStaysWhileOneOfItsZonesIsServed() {
        ImageMemory memory = memories.next();
        Zone kept = zone("kept.", memory, 10);
        Zone replaced = zone("replaced.", memory, 10);
        memories.published(new ZoneSet(List.of(kept, replaced)));
        memories.published(new ZoneSet(List.of(kept)));
        assertTrue(memories.release());
        assertTrue(readable(kept));
        memories.published(new ZoneSet(List.of()));
        assertFalse(readable(kept));
    }

    @Test
    void whatWasNeverServedGoesToo() {
        Zone refused = zone("refused.", memories.next(), 10);
        memories.published(new ZoneSet(List.of()));
        assertFalse(readable(refused));
    }

    @Test
    void aZoneMovesWhenMostOfItsMemoryIsUnused() {
        ImageMemory memory = memories.next();
        Zone small = zone("small.", memory, 1);
        Zone large = zone("large.", memory, 1_000);
        assertEquals(List.of(), memories.scattered(List.of(small, large)));
        assertEquals(List.of(), memories.scattered(List.of(large)));
        assertEquals(List.of(small), memories.scattered(List.of(small)));
        Zone moved = small.copy(memories.next());
        memories.published(new ZoneSet(List.of(moved)));
        assertFalse(readable(small));
        assertTrue(readable(moved));
        assertTrue(moved.available());
    }

    /// The next version of a zone with room for changes is in the same memory, so that moving this
    /// one would free nothing, and would be repeated for each version.
    @Test
    void aZoneWithRoomForChangesStaysWhereItIs() {
        List<Zone> zones = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            zones.add(SmallZones.zone(SmallZones.soa(i)).zone());
        }
        assertEquals(List.of(), memories.scattered(zones));
    }

    @Test
    void manySmallMemoriesArePutTogether() {
        List<Zone> zones = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            zones.add(zone("z" + i + ".", memories.next(), 3));
        }
        assertEquals(zones, memories.scattered(zones));
        assertThrows(
                IllegalStateException.class,
                () -> {
                    memories.published(new ZoneSet(List.of()));
                    var _ = zones.getFirst().sets().recordCount(1);
                });
    }
}
