package org.anycastdns.server.zone.change;

import static org.anycastdns.server.zone.change.SmallZones.a;
import static org.anycastdns.server.zone.change.SmallZones.adding;
import static org.anycastdns.server.zone.change.SmallZones.apply;
import static org.anycastdns.server.zone.change.SmallZones.soa;
import static org.anycastdns.server.zone.change.SmallZones.zone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.change.MergePolicy.Decision;
import org.junit.jupiter.api.Test;

/// When an overlay is merged, and when changes wait for it.
class MergePolicyTest {

    private static final MergePolicy POLICY = MergePolicy.USUAL;

    @Test
    void aThirtySecondOfTheNamesIsMerged() {
        assertEquals(Decision.APPLY, POLICY.decide(999, 32_000, 0.1));
        assertEquals(Decision.MERGE, POLICY.decide(1_000, 32_000, 0.1));
    }

    @Test
    void withAnEighthOfTheNamesChangesWait() {
        assertEquals(Decision.MERGE, POLICY.decide(3_999, 32_000, 0.1));
        assertEquals(Decision.WAIT, POLICY.decide(4_000, 32_000, 0.1));
    }

    /// A few names that change all the time fill the room, too.
    @Test
    void theRoomCountsAsTheNamesDo() {
        assertEquals(Decision.APPLY, POLICY.decide(2, 32_000, 0.49));
        assertEquals(Decision.MERGE, POLICY.decide(2, 32_000, 0.5));
        assertEquals(Decision.WAIT, POLICY.decide(2, 32_000, 0.9));
    }

    @Test
    void withoutAnOverlayThereIsNothingToMerge() {
        assertEquals(Decision.APPLY, POLICY.decide(zone(soa(1))));
    }

    @Test
    void aZoneIsDecidedByItsNamesAndRoom() throws DivergedException {
        ChangingZone zone = zone(soa(1));
        zone = apply(zone, adding(2, a(Name.of("www.example."), 300, 1)));
        assertEquals(Decision.WAIT, POLICY.decide(zone));
    }

    @Test
    void changesNeverWaitBeforeAMergeBegins() {
        assertThrows(IllegalArgumentException.class, () -> new MergePolicy(0.2, 0.1, 0.5, 0.8));
    }
}
