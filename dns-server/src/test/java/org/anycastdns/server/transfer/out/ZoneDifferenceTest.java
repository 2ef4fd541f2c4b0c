package org.anycastdns.server.transfer.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.transfer.out.ProvidedZone.Novelty;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.junit.jupiter.api.Test;

/// Differences of versions and the history that they make (cases 21, 22, 47, 48, 58a), with {@link
/// ZoneChanges} as the other side.
class ZoneDifferenceTest {

    private static final int SERIES = 300;

    private final long seed = Long.getLong("anycastdns.difference.seed", 20261201);
    private final Random random = new Random(seed);

    /// One version of a random zone: TTLs and spellings change too. The keys are folded.
    private Map<String, ResourceRecord> changed(Map<String, ResourceRecord> before) {
        Map<String, ResourceRecord> after = new TreeMap<>(before);
        int changes = random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            String host = "n" + random.nextInt(8);
            String target = "t" + random.nextInt(2);
            String key = host + " " + target;
            if (random.nextInt(3) == 0) {
                after.remove(key);
            } else {
                Name owner = Name.of(spelled(host) + ".example.");
                byte[] rdata = Name.of(spelled(target) + ".example.").wire();
                int ttl = random.nextBoolean() ? 60 : 300;
                after.put(key, new ResourceRecord(owner, RecordType.PTR, ttl, rdata));
            }
        }
        return after;
    }

    private String spelled(String word) {
        return random.nextInt(4) == 0 ? word.toUpperCase(java.util.Locale.ROOT) : word;
    }

    private static Records records(SoaRecord soa, Map<String, ResourceRecord> version) {
        Records records = new Records();
        records.add(soa.record(), 0);
        records.add(CannedPrimary.record("example. NS ns.example.").zoneRecord(), 0);
        version.values().forEach(record -> records.add(record, 0));
        return records;
    }

    /// All records with TTL and spelling.
    private static Set<String> exact(Records records) {
        Set<String> all = new TreeSet<>();
        records.list()
                .forEach(each ->
                        all.add(each + " " + java.util.HexFormat.of().formatHex(each.rdata())));
        assertEquals(records.size(), all.size(), "a record twice");
        return all;
    }

    private static Records applied(
            Records before, SoaRecord soa, List<IxfrStep> steps, String what) {
        return assertInstanceOf(
                        ZoneChanges.Outcome.Applied.class,
                        ZoneChanges.apply(before, soa, steps),
                        what)
                .records();
    }

    @Test
    void theDifferenceLeadsFromOneVersionToTheNextStepwiseAndCondensed() {
        for (int series = 0; series < SERIES; series++) {
            String what = "seed %d, series %d".formatted(seed, series);
            Map<String, ResourceRecord> first = changed(changed(Map.of()));
            Map<String, ResourceRecord> version = first;
            SoaRecord firstSoa = CannedPrimary.soaRecord(1);
            ProvidedZone zone =
                    ProvidedZone.first(CannedPrimary.ZONE, firstSoa, records(firstSoa, first));
            Records begin = zone.records();
            int steps = random.nextInt(1, 6);
            for (int i = 0; i < steps; i++) {
                version = changed(version);
                SoaRecord soa = CannedPrimary.soaRecord(2 + i);
                ProvidedZone.Update update = zone.next(soa, records(soa, version));
                assertEquals(Novelty.NEWER, update.novelty(), what);
                zone = update.zone();
            }
            List<IxfrStep> history = Objects.requireNonNull(zone.since(1), what);
            assertEquals(steps, history.size(), what);
            Set<String> expected = exact(zone.records());
            assertEquals(expected, exact(applied(begin, firstSoa, history, what)), what);
            IxfrStep one = CondensedSteps.of(history);
            assertEquals(expected, exact(applied(begin, firstSoa, List.of(one), what)), what);
            assertTrue(
                    ProvidedZone.records(one)
                            <= history.stream().mapToInt(ProvidedZone::records).sum());
        }
    }

    @Test
    void anotherTtlIsADeleteAndAnAdd() {
        Name owner = Name.of("a.example.");
        byte[] address = {(byte) 192, 0, 2, 1};
        SoaRecord one = CannedPrimary.soaRecord(1);
        SoaRecord two = CannedPrimary.soaRecord(2);
        ResourceRecord old = new ResourceRecord(owner, RecordType.A, 300, address);
        ResourceRecord young = new ResourceRecord(owner, RecordType.A, 60, address);
        IxfrStep step =
                ZoneDifference.between(
                        one, records(one, Map.of("a", old)), two, records(two, Map.of("a", young)));
        assertEquals(List.of(old), step.deletes().list());
        assertEquals(List.of(young), step.adds().list());
    }

    @Test
    void theSameVersionAgainChangesNothing() {
        ProvidedZone zone = OutgoingSamples.zone(1, OutgoingSamples.hosts(9));
        ProvidedZone.Update again =
                zone.next(
                        CannedPrimary.soaRecord(1),
                        OutgoingSamples.records(1, OutgoingSamples.hosts(9)));
        assertEquals(Novelty.SAME, again.novelty());
    }

    /// Secondaries keep their version, which has the serial of another one now: no change may begin
    /// there.
    @Test
    void case48And58aASerialThatIsNotGreaterEndsTheHistory() {
        for (long serial : new long[] {3, 2, 1, 3 + 0x8000_0000L}) {
            ProvidedZone zone = OutgoingSamples.zone(2, OutgoingSamples.hosts(9));
            zone = OutgoingSamples.next(zone, 3, OutgoingSamples.hosts(8));
            ProvidedZone.Update update =
                    zone.next(
                            CannedPrimary.soaRecord(serial),
                            OutgoingSamples.records(serial, OutgoingSamples.hosts(7)));
            assertEquals(Novelty.NOT_NEWER, update.novelty(), "serial " + serial);
            assertEquals(List.of(), update.zone().history());
            ProvidedZone next = OutgoingSamples.next(update.zone(), serial + 1, List.of());
            assertEquals(List.of(), next.history(), "serial " + serial);
        }
    }

    @Test
    void theHistoryBeginsAnewBehindAllSerialsThatWereUsed() {
        ProvidedZone zone = OutgoingSamples.zone(5, OutgoingSamples.hosts(9));
        zone = OutgoingSamples.next(zone, 3, OutgoingSamples.hosts(1));
        zone = OutgoingSamples.next(zone, 4, OutgoingSamples.hosts(2));
        zone = OutgoingSamples.next(zone, 5, OutgoingSamples.hosts(3));
        zone = OutgoingSamples.next(zone, 6, OutgoingSamples.hosts(4));
        assertEquals(List.of(), zone.history());
        zone = OutgoingSamples.next(zone, 7, OutgoingSamples.hosts(5));
        assertEquals(1, zone.history().size());
        assertEquals(null, zone.since(5));
    }

    @Test
    void aHistoryIsBoundedBySteps() {
        ProvidedZone zone = OutgoingSamples.zone(1, List.of());
        for (int serial = 2; serial < 2 * ProvidedZone.STEPS_MAX; serial++) {
            zone = OutgoingSamples.next(zone, serial, OutgoingSamples.hosts(serial % 2));
        }
        assertEquals(ProvidedZone.STEPS_MAX, zone.history().size());
        assertEquals(null, zone.since(1));
    }

    @Test
    void aHistoryIsBoundedByRecords() {
        ProvidedZone zone = OutgoingSamples.zone(1, List.of());
        List<Integer> sizes = new ArrayList<>();
        for (int serial = 2; serial < 12; serial++) {
            zone = OutgoingSamples.next(zone, serial, OutgoingSamples.hosts(serial % 2 * 400));
            sizes.add(zone.history().size());
        }
        assertEquals(List.of(1, 2, 3, 2, 2, 2, 2, 2, 2, 2), sizes);
    }
}
