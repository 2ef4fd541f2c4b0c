package org.anycastdns.benchmarks.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.junit.jupiter.api.Test;

/// What is generated is sound, has the shape that it promises, and is the same for the same seed.
class WorkloadTest {

    private static final int DELEGATIONS = 20_000;
    private static final int QUERIES = 20_000;
    private static final TldZone ZONE = new TldZone(DELEGATIONS, 7);

    private static String text(TldZone zone) throws IOException {
        StringBuilder text = new StringBuilder();
        zone.write(text);
        return text.toString();
    }

    private static ZoneFile read(String origin, String text) {
        return ZoneFile.read(Name.of(origin), "generated", _ -> new Source.Content.Text(text));
    }

    @Test
    void aTldZoneHasNoProblemsAndItsDelegations() throws IOException {
        ZoneFile file = read(TldZone.ORIGIN, text(ZONE));
        assertEquals(List.of(), file.problems());
        Set<Name> cuts =
                file.records().stream()
                        .filter(record -> record.type() == RecordType.NS)
                        .map(record -> record.owner())
                        .filter(owner -> !owner.equals(file.origin()))
                        .collect(Collectors.toSet());
        assertEquals(DELEGATIONS, cuts.size());
    }

    @Test
    void aDelegationTakesAboutTwoAndAHalfRecordsAndAHundredOctets() throws IOException {
        String text = text(ZONE);
        double records = text.lines().count() / (double) DELEGATIONS;
        assertTrue(records > 2.35 && records < 2.55, () -> records + " records");
        double octets = text.length() / (double) DELEGATIONS;
        assertTrue(octets > 94 && octets < 104, () -> octets + " octets");
    }

    @Test
    void theSeedDecides() throws IOException {
        assertEquals(text(new TldZone(100, 7)), text(new TldZone(100, 7)));
        assertNotEquals(text(new TldZone(100, 7)), text(new TldZone(100, 8)));
    }

    @Test
    void noTwoLabelsAreAlike() {
        Labels labels = new Labels(7);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            assertTrue(seen.add(labels.of(i)), "label " + i + " of seed 7");
        }
    }

    @Test
    void hitsExistAndMissesDoNot() throws IOException {
        Set<String> cuts =
                text(ZONE)
                        .lines()
                        .filter(line -> line.contains(" NS "))
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .collect(Collectors.toSet());
        assertEquals(QUERIES, hits(new QueryMix(1, 0, 0.5, 0), cuts));
        assertEquals(0, hits(new QueryMix(0, 0, 0.5, 0), cuts));
        long mixed = hits(QueryMix.TYPICAL, cuts);
        assertTrue(mixed > 0.68 * QUERIES && mixed < 0.72 * QUERIES, () -> mixed + " hits");
    }

    private static long hits(QueryMix mix, Set<String> cuts) {
        Queries queries = new TldQueries(ZONE, mix, 7);
        return IntStream.range(0, QUERIES).filter(_ -> exists(queries.next().name(), cuts)).count();
    }

    private static boolean exists(String name, Set<String> cuts) {
        String[] labels = name.split("\\.");
        return labels.length == 1 || cuts.contains(labels[labels.length - 2]);
    }

    @Test
    void oneSmallZoneHasNoProblemsAndNineOfTenQueriesHit() throws IOException {
        HostZone zone = new HostZone(7);
        StringBuilder text = new StringBuilder();
        zone.write(text);
        ZoneFile file = read(HostZone.ORIGIN, text.toString());
        assertEquals(List.of(), file.problems());
        Set<Name> names =
                file.records().stream().map(record -> record.owner()).collect(Collectors.toSet());
        long hits =
                IntStream.range(0, QUERIES)
                        .filter(_ -> names.contains(Name.of(zone.next().name())))
                        .count();
        assertTrue(hits > 0.88 * QUERIES && hits < 0.92 * QUERIES, () -> hits + " hits");
    }

    @Test
    void zipfMakesTheFirstRanksPopularAndZeroMakesAllAlike() {
        SplittableRandom random = new SplittableRandom(7);
        int[] uneven = new int[1_000];
        int[] even = new int[1_000];
        Zipf zipf = new Zipf(1_000, 1);
        Zipf uniform = new Zipf(1_000, 0);
        for (int i = 0; i < 100_000; i++) {
            uneven[zipf.next(random)]++;
            even[uniform.next(random)]++;
        }
        // 1/H(1000) of all, 13.4 %, goes to the first.
        assertTrue(uneven[0] > 12_900 && uneven[0] < 13_900, () -> uneven[0] + " of the first");
        int most = Arrays.stream(even).max().orElse(0);
        assertTrue(most < 200, () -> most + " of one");
    }

    @Test
    void smallZonesHaveFourRecordsAndNoProblems() throws IOException {
        SmallZones zones = new SmallZones(50, 7);
        for (int i = 0; i < zones.count(); i++) {
            StringBuilder text = new StringBuilder();
            zones.write(i, text);
            ZoneFile file = read(zones.origin(i), text.toString());
            assertEquals(List.of(), file.problems());
            assertEquals(4, file.records().size());
            assertEquals(file.origin(), ZoneFile.origin(zones.fileName(i)));
        }
    }
}
