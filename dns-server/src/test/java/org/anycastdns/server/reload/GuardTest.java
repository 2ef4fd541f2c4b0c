package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// What looks like an accident: decisions without files and clock.
class GuardTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration LATER = Guard.WINDOW.plusSeconds(1);

    private final Guard guard = new Guard();

    private static List<Name> zones(int count) {
        return IntStream.range(0, count).mapToObj(i -> Name.of("z" + i + ".test.")).toList();
    }

    private static List<Name> without(List<Name> zones, List<Name> gone) {
        List<Name> left = new ArrayList<>(zones);
        left.removeAll(gone);
        return left;
    }

    private boolean drops(int served, int missing) {
        return guard.dropsZones(zones(served), zones(missing), NOON);
    }

    @Test
    void moreThanHalfOfTheRecordsIsTooMuch() {
        assertFalse(Guard.dropsRecords(10, 5));
        assertTrue(Guard.dropsRecords(10, 4));
        assertTrue(Guard.dropsRecords(11, 5));
        assertFalse(Guard.dropsRecords(0, 0));
        assertFalse(Guard.dropsRecords(10, 1_000));
    }

    @Test
    void theLastZoneAndMoreThanHalfOfTheZonesIsTooMuch() {
        assertTrue(drops(1, 1));
        assertFalse(drops(2, 1));
        assertTrue(drops(2, 2));
        assertTrue(drops(3, 2));
        assertFalse(drops(4, 2));
        assertTrue(drops(1_000, 501));
        assertFalse(drops(1_000, 500));
    }

    @Test
    void zonesThatGoOneByOneCountTogether() {
        List<Name> three = zones(3);
        List<Name> first = three.subList(0, 1);
        assertFalse(guard.dropsZones(three, first, NOON));
        guard.lost(first, NOON);
        List<Name> two = without(three, first);
        assertTrue(guard.dropsZones(two, three.subList(1, 2), NOON.plusSeconds(600)));
        guard.approve();
        assertFalse(guard.dropsZones(two, three.subList(1, 2), NOON.plusSeconds(600)));
    }

    @Test
    void whatWentMoreThanAnHourAgoDoesNotCount() {
        List<Name> three = zones(3);
        guard.lost(three.subList(0, 1), NOON);
        List<Name> two = three.subList(1, 3);
        assertFalse(guard.dropsZones(two, three.subList(1, 2), NOON.plus(LATER)));
    }

    @Test
    void zonesThatCameAndWentWithinTheHourAreNoLoss() {
        List<Name> four = zones(4);
        for (int i = 0; i < 100; i++) {
            Name visitor = Name.of("visitor" + i + ".test.");
            guard.arrived(visitor, NOON);
            List<Name> all = new ArrayList<>(four);
            all.add(visitor);
            assertFalse(guard.dropsZones(all, List.of(visitor), NOON.plusSeconds(i)));
            guard.lost(List.of(visitor), NOON.plusSeconds(i));
        }
        assertFalse(guard.dropsZones(four, four.subList(0, 2), NOON.plusSeconds(100)));
    }

    /// Another folder in place of the right one: all zones are new, and the old ones gone.
    @Test
    void newZonesDoNotMakeUpForOldOnes() {
        List<Name> all = zones(6);
        List<Name> fresh = all.subList(3, 6);
        fresh.forEach(zone -> guard.arrived(zone, NOON));
        assertTrue(guard.dropsZones(all, all.subList(0, 3), NOON));
        assertTrue(guard.dropsZones(all, all.subList(0, 2), NOON));
        assertFalse(guard.dropsZones(all, all.subList(0, 1), NOON));
    }

    @Test
    void aZoneThatComesBackIsNoLossAnyMore() {
        List<Name> three = zones(3);
        guard.lost(three.subList(0, 1), NOON);
        guard.arrived(three.getFirst(), NOON.plusSeconds(1));
        assertFalse(guard.dropsZones(three, three.subList(1, 2), NOON.plusSeconds(2)));
    }

    @Test
    void zonesThatWereNeverServedMayGo() {
        assertFalse(guard.dropsZones(List.of(), zones(5), NOON));
    }
}
