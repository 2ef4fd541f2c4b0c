package org.anycastdns.server.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.junit.jupiter.api.Test;

class RecordHashesTest {

    private static final Name ZONE = Name.of("example.");
    private static final int STEPS = 3_000;

    private static ResourceRecord random(Random random) {
        String owner = random.nextBoolean() ? "h" : "H";
        return CannedPrimary.record(
                        random.nextInt(8) == 0
                                ? "example. NS ns%d.example.".formatted(random.nextInt(2))
                                : owner
                                        + "%d.example. A 192.0.2.%d"
                                                .formatted(random.nextInt(5), random.nextInt(3)))
                .zoneRecord();
    }

    private static Records records(List<ResourceRecord> list) {
        Records records = new Records();
        list.forEach(each -> records.add(each, 0));
        return records;
    }

    private static Records some(Random random) {
        List<ResourceRecord> some = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            some.add(random(random));
        }
        return records(some);
    }

    private static Set<RecordKey> keys(Records records) {
        return records.list().stream().map(RecordKey::of).collect(Collectors.toSet());
    }

    /// Hashes say of any changes the same as the records.
    @Test
    void changesFitHashesExactlyIfTheyFitTheRecords() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        SoaRecord soa = CannedPrimary.soaRecord(1);
        Records records =
                records(
                        List.of(
                                soa.record(),
                                CannedPrimary.record("example. NS ns0.example.").zoneRecord()));
        RecordHashes hashes = RecordHashes.of(ZONE, records);
        int applied = 0;
        for (int i = 0; i < STEPS; i++) {
            SoaRecord next = soa.withSerial(soa.serial() + 1);
            List<IxfrStep> steps =
                    List.of(
                            new IxfrStep(soa, some(random), next, some(random)),
                            new IxfrStep(
                                    next,
                                    some(random),
                                    next.withSerial(next.serial() + 1),
                                    some(random)));
            String where = "seed %d, step %d".formatted(seed, i);
            switch (ZoneChanges.apply(records, soa, steps)) {
                case ZoneChanges.Outcome.Applied(Records after, SoaRecord last) -> {
                    if (ZoneChanges.check(hashes, soa, steps)
                            instanceof ZoneChanges.Check.Fits(RecordHashes fit, SoaRecord same)) {
                        assertEquals(last, same, where);
                        hashes = fit.areWorn() ? RecordHashes.of(ZONE, after) : fit;
                    } else {
                        throw new AssertionError(where + ": the hashes do not take " + steps);
                    }
                    assertEquals(after.size(), keys(after).size(), where);
                    records = after;
                    soa = last;
                    applied++;
                }
                case ZoneChanges.Outcome.Diverged _ ->
                        assertEquals(
                                ZoneChanges.Check.Diverged.class,
                                ZoneChanges.check(hashes, soa, steps).getClass(),
                                where);
            }
        }
        assertEquals(true, applied > STEPS / 20, applied + " applied, seed " + seed);
    }
}
