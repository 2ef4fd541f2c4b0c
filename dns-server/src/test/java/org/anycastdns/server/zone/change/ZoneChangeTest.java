package org.anycastdns.server.zone.change;

import static org.anycastdns.server.zone.change.SmallZones.APEX;
import static org.anycastdns.server.zone.change.SmallZones.a;
import static org.anycastdns.server.zone.change.SmallZones.apply;
import static org.anycastdns.server.zone.change.SmallZones.deleting;
import static org.anycastdns.server.zone.change.SmallZones.ns;
import static org.anycastdns.server.zone.change.SmallZones.soa;
import static org.anycastdns.server.zone.change.SmallZones.zone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.junit.jupiter.api.Test;

/// Steps of versions are checked against the zone, and cost what the change costs.
class ZoneChangeTest {

    private static final Name WWW = Name.of("www.example.");

    @Test
    void aRecordToDeleteMustBeThere() {
        ChangingZone zone = zone(soa(1), a(WWW, 300, 1));
        ZoneStep step = new ZoneStep(List.of(a(WWW, 300, 2)), List.of());
        DivergedException fault =
                assertThrows(DivergedException.class, () -> ZoneChange.of(zone, List.of(step)));
        assertTrue(fault.toString().contains("www.example."), fault.toString());
    }

    @Test
    void aRecordToAddMustNotBeThere() {
        ChangingZone zone = zone(soa(1), a(WWW, 300, 1));
        ZoneStep step = new ZoneStep(List.of(), List.of(a(WWW, 60, 1)));
        assertThrows(DivergedException.class, () -> ZoneChange.of(zone, List.of(step)));
    }

    /// Each step is checked against the one before, although only the sum is applied.
    @Test
    void stepsAreCheckedOneByOne() throws DivergedException {
        ChangingZone zone = zone(soa(1), a(WWW, 300, 1));
        ZoneStep add = new ZoneStep(List.of(), List.of(a(WWW, 300, 2)));
        ZoneStep delete = new ZoneStep(List.of(a(WWW, 300, 2)), List.of());
        assertTrue(ZoneChange.of(zone, List.of(add, delete)).isEmpty());
        assertThrows(DivergedException.class, () -> ZoneChange.of(zone, List.of(add, add)));
        assertThrows(DivergedException.class, () -> ZoneChange.of(zone, List.of(delete, add)));
    }

    @Test
    void theTtlOfARecordToDeleteDoesNotCount() throws DivergedException {
        ChangingZone zone = zone(soa(1), a(WWW, 300, 1));
        ZoneStep step = new ZoneStep(List.of(a(WWW, 77, 1)), List.of());
        assertEquals(List.of(), apply(zone, step).at(WWW));
    }

    /// Deletes come first, whatever the order of thought.
    @Test
    void aRecordThatIsDeletedAndAddedHasTheNewTtl() throws DivergedException {
        ChangingZone zone = zone(soa(1), a(WWW, 300, 1));
        ZoneStep step = new ZoneStep(List.of(a(WWW, 300, 1)), List.of(a(WWW, 60, 1)));
        assertEquals(List.of(a(WWW, 60, 1)), apply(zone, step).at(WWW));
    }

    @Test
    void namesInRdataAreTheSameInAnyCase() throws DivergedException {
        ResourceRecord ns = ns(APEX, Name.of("NS.test."));
        ResourceRecord same =
                new ResourceRecord(APEX, RecordType.NS, 1, Name.of("ns.TEST.").wire());
        ChangingZone zone = zone(soa(1), ns);
        ZoneStep step = new ZoneStep(List.of(same), List.of());
        assertEquals(List.of(soa(1)), apply(zone, step).at(APEX));
    }

    @Test
    void recordsOutsideAreLeftOut() throws DivergedException {
        ChangingZone zone = zone(soa(1));
        ZoneStep step = new ZoneStep(List.of(), List.of(a(Name.of("other.test."), 300, 1)));
        ZoneChange change = ZoneChange.of(zone, List.of(step));
        assertTrue(change.isEmpty());
        assertEquals(1, change.outside());
    }

    /// What no image has: an orphan signature, TTLs within a set, spelling, a clamped TTL.
    @Test
    void recordsAreListedAsGiven() {
        byte[] signature = new byte[40];
        signature[1] = RecordType.TXT;
        List<ResourceRecord> given =
                List.of(
                        soa(1),
                        new ResourceRecord(WWW, RecordType.RRSIG, 5, signature),
                        a(Name.of("WWW.example."), 300, 1),
                        a(Name.of("two.example."), 100, 1),
                        a(Name.of("two.example."), 200, 2),
                        ns(Name.of("a.b.example."), Name.of("ns.A.B.example.")));
        ChangingZone zone = zone(SmallZones.ZONES, given);
        assertEquals(spelled(given), spelled(zone.records()));
        assertEquals(spelled(given), spelled(SmallZones.ZONES.merge(zone).records()));
    }

    /// A change of some delegations takes the same room in a small zone and in a large one.
    @Test
    void theCostIsThatOfTheChange() throws DivergedException {
        assertEquals(octetsOfChange(1_000), octetsOfChange(20_000));
    }

    private static double octetsOfChange(int delegations) throws DivergedException {
        List<ResourceRecord> records = new ArrayList<>(List.of(soa(1)));
        for (int i = 0; i < delegations; i++) {
            Name host = Name.of("ns.d%06d.example.".formatted(i));
            records.add(ns(host.parent(), host));
            records.add(a(host, 300, i));
        }
        ChangingZone zone = zone(SmallZones.ZONES, records);
        List<ResourceRecord> adds = new ArrayList<>(List.of(soa(2)));
        List<ResourceRecord> deletes = new ArrayList<>(List.of(soa(1)));
        for (int i = 0; i < 50; i++) {
            Name host = Name.of("ns.n%06d.example.".formatted(i));
            adds.add(ns(host.parent(), host));
            adds.add(a(host, 300, i));
            deletes.add(records.get(1 + 2 * i));
            deletes.add(records.get(2 + 2 * i));
        }
        ChangingZone changed = apply(zone, new ZoneStep(deletes, adds));
        assertEquals(zone.zone().recordCount(), changed.zone().recordCount());
        return changed.roomUsed() - zone.roomUsed();
    }

    /// An image drops what was given twice; so does the count.
    @Test
    void recordsThatWereGivenTwiceCountOnce() throws DivergedException {
        ChangingZone zone = zone(soa(1), a(WWW, 300, 1), a(WWW, 300, 1), a(WWW, 300, 2));
        assertEquals(3, zone.zone().recordCount());
        ChangingZone next = apply(zone, deleting(2, a(WWW, 300, 1)));
        assertEquals(2, next.zone().recordCount());
        assertEquals(2, SmallZones.ZONES.merge(next).zone().recordCount());
    }

    private static List<String> spelled(List<ResourceRecord> records) {
        return records.stream()
                .map(record -> record + " " + Arrays.toString(record.rdata()))
                .sorted()
                .toList();
    }
}
