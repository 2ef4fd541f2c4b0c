package org.anycastdns.server.transfer;

import static org.anycastdns.server.transfer.CannedPrimary.record;
import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.anycastdns.server.transfer.CannedPrimary.soaRecord;
import static org.anycastdns.server.transfer.CannedPrimary.texts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.anycastdns.server.transfer.ZoneChanges.Outcome.Applied;
import org.anycastdns.server.transfer.ZoneChanges.Outcome.Diverged;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.junit.jupiter.api.Test;

/// IXFR steps on the records of a zone. The case numbers are those of the specification of
/// transfers.
class ZoneChangesTest {

    private static final String NS = "example. NS ns.example.";
    private static final String A = "a.example. A 192.0.2.1";
    private static final String B = "b.example. A 192.0.2.2";

    private static Records records(List<String> texts) {
        Records records = new Records();
        texts.forEach(text -> records.add(record(text).zoneRecord(), 0));
        return records;
    }

    private static IxfrStep step(long from, List<String> deletes, long to, List<String> adds) {
        return new IxfrStep(soaRecord(from), records(deletes), soaRecord(to), records(adds));
    }

    private static ZoneChanges.Outcome apply(List<String> zone, IxfrStep... steps) {
        return ZoneChanges.apply(records(zone), soaRecord(1), List.of(steps));
    }

    private static Records applied(ZoneChanges.Outcome outcome) {
        return assertInstanceOf(Applied.class, outcome, outcome::toString).records();
    }

    private static void assertDiverged(String part, ZoneChanges.Outcome outcome) {
        String reason = assertInstanceOf(Diverged.class, outcome).reason();
        assertTrue(reason.contains(part), reason);
    }

    private static final List<String> ZONE = List.of(soa(1), NS, A);

    @Test
    void stepsAreAppliedInOrder() {
        assertEquals(
                texts(NS, A, soa(3)),
                texts(
                        applied(
                                apply(
                                        ZONE,
                                        step(1, List.of(A), 2, List.of(B)),
                                        step(2, List.of(B), 3, List.of(A))))));
    }

    @Test
    void case20WhatDoesNotFitHasDiverged() {
        assertDiverged("not there", apply(ZONE, step(1, List.of(B), 2, List.of())));
        assertDiverged("is there", apply(ZONE, step(1, List.of(), 2, List.of(A))));
        assertDiverged("begins at serial 2", apply(ZONE, step(2, List.of(), 3, List.of())));
        assertDiverged("no NS", apply(ZONE, step(1, List.of(NS), 2, List.of())));
    }

    @Test
    void case21And22TtlsDoNotCountAndTheAddedOneStays() {
        MessageRecord a = record(A);
        Records other = new Records();
        other.add(
                new MessageRecord(a.owner(), a.type(), a.recordClass(), 7, a.rdata()).zoneRecord(),
                0);
        IxfrStep step = new IxfrStep(soaRecord(1), records(List.of(A)), soaRecord(2), other);
        Records after = applied(apply(ZONE, step));
        assertEquals(List.of(300, 7, 300), after.list().stream().map(r -> r.ttlSeconds()).toList());
        Records otherTtl = new Records();
        otherTtl.add(other.list().getFirst(), 0);
        IxfrStep delete = new IxfrStep(soaRecord(1), otherTtl, soaRecord(2), records(List.of(B)));
        assertEquals(texts(NS, B, soa(2)), texts(applied(apply(ZONE, delete))));
    }

    /// Random series of changes give the image of the last version, octet for octet.
    @Test
    void aSeriesOfChangesGivesTheImageOfTheLastVersion() {
        long seed = Long.getLong("anycastdns.changes.seed", 20261206);
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            TreeSet<String> zone = new TreeSet<>();
            List<String> first = List.of(soa(1), NS);
            List<IxfrStep> steps = new ArrayList<>();
            int versions = random.nextInt(1, 6);
            for (int i = 1; i <= versions; i++) {
                TreeSet<String> next = new TreeSet<>();
                for (int j = random.nextInt(12); j > 0; j--) {
                    next.add(
                            "n%d.d%d.example. A 192.0.2.%d"
                                    .formatted(
                                            random.nextInt(3),
                                            random.nextInt(3),
                                            random.nextInt(4)));
                }
                List<String> deletes = zone.stream().filter(r -> !next.contains(r)).toList();
                List<String> adds = next.stream().filter(r -> !zone.contains(r)).toList();
                steps.add(step(i, deletes, i + 1, adds));
                zone.clear();
                zone.addAll(next);
            }
            Records after = applied(ZoneChanges.apply(records(first), soaRecord(1), steps));
            List<String> last = new ArrayList<>(zone);
            last.add(NS);
            last.add(soa(versions + 1));
            assertArrayEquals(
                    image(records(last)), image(after), "seed %d, round %d".formatted(seed, round));
        }
    }

    /// Random steps fit or do not, as a set of the records tells.
    @Test
    void stepsFitExactlyWhenEachRecordDoes() {
        long seed = Long.getLong("anycastdns.changes.seed", 20261206);
        Random random = new Random(seed);
        int fitting = 0;
        for (int round = 0; round < 400; round++) {
            TreeSet<String> zone = new TreeSet<>(List.of(NS));
            zone.addAll(few(random));
            List<String> before = new ArrayList<>(zone);
            before.add(soa(1));
            List<IxfrStep> steps = new ArrayList<>();
            boolean fits = true;
            int versions = random.nextInt(1, 4);
            for (int i = 1; i <= versions; i++) {
                List<String> deletes = few(random);
                List<String> adds = few(random);
                fits &= zone.containsAll(deletes);
                deletes.forEach(zone::remove);
                fits &= adds.stream().noneMatch(zone::contains);
                zone.addAll(adds);
                steps.add(step(i, deletes, i + 1, adds));
            }
            String what = "seed %d, round %d".formatted(seed, round);
            ZoneChanges.Outcome outcome = ZoneChanges.apply(records(before), soaRecord(1), steps);
            assertEquals(fits, outcome instanceof Applied, what);
            if (fits) {
                fitting++;
                zone.add(soa(steps.size() + 1));
                assertEquals(
                        new TreeSet<>(texts(zone.toArray(String[]::new))),
                        new TreeSet<>(texts(applied(outcome))),
                        what);
            }
        }
        assertTrue(fitting > 20, "fitting: " + fitting);
    }

    private static List<String> few(Random random) {
        TreeSet<String> few = new TreeSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            few.add("n.example. A 192.0.2." + random.nextInt(4));
        }
        return List.copyOf(few);
    }

    private static byte[] image(Records records) {
        ImageMemory memory = ImageMemory.collected();
        OwnerTable owners = OwnerTable.of(records, CannedPrimary.ZONE, ParallelRunner.ALONE);
        var zone = ZoneBuilder.build(owners, CannedPrimary.ZONE, ParallelRunner.ALONE, memory, 0);
        return zone.image().toArray(ValueLayout.JAVA_BYTE);
    }
}
