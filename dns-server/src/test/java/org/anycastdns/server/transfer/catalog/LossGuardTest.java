package org.anycastdns.server.transfer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// What looks like an accident in a catalog.
class LossGuardTest {

    private static final Set<Name> NONE = Set.of();
    private static final long LATER = LossGuard.WINDOW_MILLIS + 1;

    private static Name zone(int number) {
        return Name.of("z%d.test.".formatted(number));
    }

    private static Set<Name> zones(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(LossGuardTest::zone)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static LossGuard guard(int established) {
        LossGuard guard = new LossGuard();
        for (int i = 0; i < established; i++) {
            guard.established();
        }
        return guard;
    }

    private static boolean refuses(int held, int gone, int reset) {
        return guard(held).refuses(zones(0, gone), zones(gone, gone + reset), 0);
    }

    @Test
    void theLastMemberAndMoreThanHalfIsTooMuch() {
        assertFalse(refuses(0, 0, 0));
        assertFalse(refuses(3, 0, 0));
        assertTrue(refuses(1, 1, 0));
        assertFalse(refuses(2, 1, 0));
        assertTrue(refuses(2, 2, 0));
        assertTrue(refuses(3, 2, 0));
        assertFalse(refuses(4, 2, 0));
        assertTrue(refuses(1_000, 501, 0));
    }

    @Test
    void whatStartsAfreshCountsButLeavesNoEmptyCatalog() {
        assertFalse(refuses(1, 0, 1));
        assertTrue(refuses(2, 1, 1));
        assertTrue(refuses(1_000, 0, 501));
        assertFalse(refuses(1_000, 250, 250));
    }

    @Test
    void lossesOfAnHourCountTogether() {
        LossGuard guard = guard(4);
        guard.lost(zone(0), 0);
        guard.reset(zone(1), 1_000);
        assertEquals(3, guard.held());
        assertTrue(guard.refuses(zones(2, 3), NONE, 2_000));
        assertFalse(guard.refuses(zones(1, 2), NONE, 2_000), "lost already");
        assertFalse(guard.refuses(zones(2, 3), NONE, 1_000 + LATER));
    }

    /// Also after losses that others than this catalog have caused.
    @Test
    void aVersionThatLosesNothingIsNeverRefused() {
        LossGuard guard = guard(3);
        guard.lost(zone(0), 0);
        guard.lost(zone(1), 0);
        assertFalse(guard.refuses(NONE, NONE, 0));
        assertTrue(guard.refuses(NONE, zones(2, 3), 0));
    }

    @Test
    void whatCameWithinTheHourIsNoLoss() {
        LossGuard guard = guard(2);
        guard.arrived(zone(5), 0);
        guard.arrived(zone(6), 0);
        assertFalse(guard.refuses(zones(5, 7), NONE, 1_000));
        guard.lost(zone(5), 1_000);
        guard.lost(zone(6), 1_000);
        assertFalse(guard.refuses(zones(0, 1), NONE, 1_000));
    }

    @Test
    void afterAnHourItIsOne() {
        LossGuard guard = guard(2);
        guard.arrived(zone(5), 0);
        guard.arrived(zone(6), 0);
        assertFalse(guard.refuses(zones(5, 7), zones(0, 1), LATER - 1));
        assertTrue(guard.refuses(zones(5, 7), zones(0, 1), LATER));
    }

    @Test
    void whatComesBackIsNotLostAndWhatLeavesNeither() {
        LossGuard guard = guard(3);
        guard.lost(zone(0), 0);
        guard.arrived(zone(0), 0);
        guard.left(zone(1));
        assertEquals(2, guard.held());
        assertFalse(guard.refuses(zones(2, 3), NONE, 0));
        guard.lost(zone(2), 0);
        guard.approve();
        guard.established();
        assertFalse(guard.refuses(zones(0, 1), NONE, 0));
    }
}
