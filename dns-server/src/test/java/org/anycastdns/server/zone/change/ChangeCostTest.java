package org.anycastdns.server.zone.change;

import static org.anycastdns.server.zone.change.SmallZones.a;
import static org.anycastdns.server.zone.change.SmallZones.ns;
import static org.anycastdns.server.zone.change.SmallZones.soa;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.junit.jupiter.api.Test;

/// A change costs what it changes, in a large zone as in a small one and after many changes as
/// after few. Octets are counted, and not time: on the heap and in the room behind the image.
class ChangeCostTest {

    private static final int CHANGES = 1_000;

    /// Names of each change: a delegation and its host appear, and others go.
    private static final int NAMES = 4;

    private static final ChangingZones ZONES = SmallZones.zones(16 << 20);

    /// What some changes took.
    ///
    /// @param early octets on the heap for a change, of the first hundred
    /// @param late octets on the heap for a change, of the last hundred
    /// @param room octets in the room for a change
    private record Cost(double early, double late, double room) {}

    @Test
    void theCostDependsOnTheChangeAlone() throws DivergedException {
        // The first one pays for what is done once.
        var _ = cost(1_000);
        Cost small = cost(4_000);
        Cost large = cost(100_000);
        String both = small + " " + large;
        assertEquals(small.room, large.room, both);
        assertTrue(large.early < 1.2 * small.early, both);
        assertTrue(large.late < 1.2 * small.late, both);
        assertTrue(large.late < 1.5 * large.early, both);
    }

    private static Cost cost(int delegations) throws DivergedException {
        List<ResourceRecord> records = new ArrayList<>(List.of(soa(0)));
        for (int i = 0; i < delegations; i++) {
            records.add(ns(owner("d", i), host("d", i)));
            records.add(a(host("d", i), 300, i));
        }
        ChangingZone zone = SmallZones.zone(ZONES, records);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] heap = new double[10];
        for (int i = 0; i < CHANGES; i++) {
            List<ResourceRecord> deletes =
                    List.of(soa(i), records.get(2 * i + 1), records.get(2 * i + 2));
            List<ResourceRecord> adds =
                    List.of(soa(i + 1), ns(owner("n", i), host("n", i)), a(host("n", i), 300, i));
            ZoneStep step = new ZoneStep(deletes, adds);
            long before = threads.getCurrentThreadAllocatedBytes();
            ChangingZones.Applied applied = ZONES.apply(zone, ZoneChange.of(zone, List.of(step)));
            heap[i / 100] += threads.getCurrentThreadAllocatedBytes() - before;
            assertNull(applied.builtBecause());
            zone = applied.zone();
        }
        assertEquals(NAMES * CHANGES + 1, zone.overlaidNames());
        return new Cost(heap[0] / 100, heap[9] / 100, zone.roomUsed() * (16 << 20) / CHANGES);
    }

    private static Name owner(String kind, int number) {
        return Name.of("%s%06d.example.".formatted(kind, number));
    }

    private static Name host(String kind, int number) {
        return Name.of("ns", owner(kind, number));
    }
}
