package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zonefile.PlainFiles;
import org.anycastdns.server.zonefile.ZoneFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Series of versions of a zone: after each step, the changed zone answers as one that is built
/// from the records of that version. `series.txt` has ours.
///
/// Series of others are read from the folder that `-Danycastdns.series=FOLDER` names: a folder for
/// each, with the first version as `NAME.zone` and the next ones as `NAME.zone.1`, `.2` and so on.
class ZoneSeriesTest {

    private static final ChangingZones CHANGES =
            new ChangingZones(
                    new ChangingZones.OverlayLimits(0, 0, 1 << 20),
                    ParallelRunner.ALONE,
                    ImageMemory::collected);
    private static final int[] TYPES = {
        RecordType.AAAA,
        RecordType.NS,
        RecordType.MX,
        RecordType.TXT,
        RecordType.SOA,
        RecordType.DS,
        RecordType.DNSKEY,
        RecordType.NSEC,
        RecordType.NSEC3PARAM,
        RecordType.ANY
    };

    private final Map<String, Integer> ways = new TreeMap<>();
    private int steps;
    private long asked;

    @Test
    void oursAnswerAsBuiltAnew() throws DivergedException {
        List<ZoneSeries> all = ZoneSeries.all();
        for (ZoneSeries series : all) {
            follow(series.name(), ZoneSeries.APEX, series.versions());
        }
        assertTrue(steps > 2 * all.size(), "steps: " + steps);
        assertTrue(ways.getOrDefault("overlay", 0) > steps / 2, "ways: " + ways);
    }

    @Test
    @EnabledIfSystemProperty(named = "anycastdns.series", matches = ".+")
    void othersAnswerAsBuiltAnew() throws IOException, DivergedException {
        Path folder = Path.of(System.getProperty("anycastdns.series"));
        List<Path> firsts;
        try (Stream<Path> files = Files.walk(folder, 2)) {
            firsts = files.filter(each -> each.toString().endsWith(".zone")).sorted().toList();
        }
        assertFalse(firsts.isEmpty(), "no NAME.zone in " + folder);
        for (Path first : firsts) {
            String file = String.valueOf(first.getFileName());
            Name apex = Name.of(file.substring(0, file.length() - "zone".length()));
            List<List<ResourceRecord>> versions = new ArrayList<>();
            Path next = first;
            for (int i = 1; Files.exists(next); i++) {
                versions.add(ZoneFile.read(apex, "" + next, PlainFiles::read).records());
                next = first.resolveSibling(file + "." + i);
            }
            int before = steps;
            follow("" + first, apex, versions);
            System.out.printf("series %s: %d steps%n", first, steps - before);
        }
        System.out.printf(
                "series %d, steps %d, answers %d, ways %s%n", firsts.size(), steps, asked, ways);
    }

    private void follow(String name, Name apex, List<List<ResourceRecord>> versions)
            throws DivergedException {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        SameAnswers answers = new SameAnswers(random, () -> TYPES[random.nextInt(TYPES.length)]);
        ChangingZone zone = CHANGES.build(SameAnswers.records(versions.getFirst()), apex, 2);
        for (int i = 1; i < versions.size(); i++) {
            List<ResourceRecord> before = versions.get(i - 1);
            List<ResourceRecord> after = versions.get(i);
            ZoneChange change =
                    ZoneChange.of(zone, List.of(ChangingModel.difference(before, after)));
            ChangingZones.Applied applied = CHANGES.apply(zone, change);
            String way = applied.builtBecause();
            ways.merge(way == null ? "overlay" : way, 1, Integer::sum);
            zone = applied.zone();
            answers.compare(
                    after,
                    zone,
                    names(apex, before, after),
                    "%s, step %d, %s".formatted(name, i, way == null ? "overlay" : way));
            steps++;
        }
        ChangingZone merged = CHANGES.merge(zone);
        assertTrue(
                merged.zone().sameContent(SameAnswers.built(apex, versions.getLast())),
                name + ": a merge gives another image");
        asked += answers.asked();
    }

    /// All names of both versions, with those before, behind and below them.
    private static Set<Name> names(
            Name apex, List<ResourceRecord> before, List<ResourceRecord> after) {
        Set<Name> names = new TreeSet<>();
        for (ResourceRecord record : Stream.concat(before.stream(), after.stream()).toList()) {
            Name owner = record.owner();
            if (owner.isAtOrBelow(apex)) {
                names.add(owner);
                names.add(Name.of("0", owner));
                if (!owner.equals(apex)) {
                    names.add(owner.parent());
                    names.add(Name.of("zz", owner.parent()));
                }
            }
        }
        return names;
    }
}
