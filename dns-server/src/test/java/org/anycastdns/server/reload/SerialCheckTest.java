package org.anycastdns.server.reload;

import static org.anycastdns.server.zone.change.SmallZones.a;
import static org.anycastdns.server.zone.change.SmallZones.adding;
import static org.anycastdns.server.zone.change.SmallZones.soa;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.SmallZones;
import org.junit.jupiter.api.Test;

/// Serial number arithmetic (RFC 1982 section 3.2).
class SerialCheckTest {

    private static final Name WWW = Name.of("www.example.");

    /// A version that changed in place is compared by its records, and not by its image.
    @Test
    void aChangedZoneIsTheSameAsOneThatIsBuiltOfItsRecords() throws DivergedException {
        ChangingZone small = SmallZones.zone(soa(1), a(WWW, 300, 1));
        ChangingZone changed = SmallZones.apply(small, adding(2, a(WWW, 300, 2)));
        Zone built = SmallZones.zone(soa(2), a(WWW, 300, 2), a(WWW, 300, 1)).zone();
        Zone other = SmallZones.zone(soa(2), a(WWW, 300, 1)).zone();
        assertEquals("", SerialCheck.objection(changed.zone(), built));
        assertEquals("", SerialCheck.objection(built, changed.zone()));
        String objection = SerialCheck.objection(changed.zone(), other);
        assertTrue(objection.contains("serial is still 2"), objection);
    }

    /// Old changes in the room behind an image are no difference.
    @Test
    void theRoomBehindAnImageDoesNotCount() throws DivergedException {
        ChangingZone used = SmallZones.zone(soa(1), a(WWW, 300, 1));
        var _ = SmallZones.apply(used, adding(2, a(WWW, 300, 2)));
        Zone fresh = SmallZones.zone(soa(1), a(WWW, 300, 1)).zone();
        assertEquals("", SerialCheck.objection(used.zone(), fresh));
    }

    @Test
    void serialsAreComparedAroundTheCircle() {
        assertTrue(SerialCheck.isGreater(2, 1));
        assertFalse(SerialCheck.isGreater(1, 2));
        assertFalse(SerialCheck.isGreater(1, 1));
        assertTrue(SerialCheck.isGreater(0, -1));
        assertTrue(SerialCheck.isGreater(0x8000_0000, 1));
        assertFalse(SerialCheck.isGreater(0x8000_0001, 1));
        assertFalse(SerialCheck.isGreater(1, 0x8000_0001));
    }
}
