package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.PendingMerge;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zone.change.ZoneStep;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// A zone with changes answers as one that is built from the records of its last version, octet for
/// octet.
class ChangedZoneTest {

    private static final Seeded RUN = Seeded.of("changes", 20_261_201L, "zones", 60);
    private static final int STEPS = 12;
    private static final String[] APEXES = {"example.", "sub.example.com.", ".", "com."};
    private static final ChangingZones CHANGES =
            new ChangingZones(
                    new ChangingZones.OverlayLimits(0, 0, 1 << 19),
                    ParallelRunner.ALONE,
                    ImageMemory::collected);

    private final Map<String, Integer> ways = new TreeMap<>();

    @Test
    void aChangedZoneAnswersAsABuiltOne() throws DivergedException {
        var random = RUN.random();
        for (int i = 0; i < RUN.count(); i++) {
            Name apex = Name.of(APEXES[random.nextInt(APEXES.length)]);
            boolean calm = random.nextInt(4) > 0;
            ChangingModel model = new ChangingModel(apex, calm, random.nextLong());
            String where =
                    "seed %d, zone %d, %s %s".formatted(RUN.seed(), i, apex, model.signing());
            SameAnswers answers = new SameAnswers(model.random(), model::type);
            ChangingZone zone = CHANGES.build(SameAnswers.records(model.records()), apex, 2);
            PendingMerge merge = new PendingMerge(zone);
            for (int step = 0; step < STEPS; step++) {
                List<ZoneStep> steps = new ArrayList<>();
                for (int j = random.nextInt(1, 3); j > 0; j--) {
                    steps.add(model.step());
                }
                ZoneChange change = ZoneChange.of(zone, steps);
                ChangingZones.Applied applied = CHANGES.apply(zone, change);
                String way = applied.builtBecause();
                ways.merge(way == null ? "overlay" : way, 1, Integer::sum);
                zone = applied.zone();
                String at = where + ", step " + step + (way == null ? ", overlay" : ", built");
                compare(answers, model, zone, at);
                if (random.nextInt(4) == 0) {
                    zone = CHANGES.merge(zone);
                    compare(answers, model, zone, at + ", merged");
                }
                if (way == null) {
                    merge.changed(change);
                }
                if (way != null || random.nextInt(4) == 0) {
                    merge = new PendingMerge(zone);
                }
            }
            ChangingZone finished = merge.finish(CHANGES, CHANGES.merge(merge.from())).zone();
            compare(answers, model, finished, where + ", merged while it changed");
            assertTrue(
                    CHANGES.merge(zone)
                            .zone()
                            .sameContent(SameAnswers.built(apex, model.records())),
                    where + ": a merge gives another image");
        }
        int all = RUN.count() * STEPS;
        assertTrue(ways.getOrDefault("overlay", 0) > all / 3, "ways: " + ways);
    }

    private static void compare(
            SameAnswers answers, ChangingModel model, ChangingZone zone, String where) {
        answers.compare(model.records(), zone, model.questions(), where);
    }
}
