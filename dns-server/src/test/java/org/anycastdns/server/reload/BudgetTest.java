package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A zone that costs too much is a bad zone, found out before the cost is there.
@Timeout(120)
class BudgetTest {

    private static final long LARGE = 700L << 20;
    private static final String HEAD =
            "$TTL 300\n@ SOA ns hostmaster 1 3600 600 604800 300\n@ NS ns.example.net.\n";

    @TempDir private Path folder;

    private final List<ZonesStatus> published = new ArrayList<>();

    private List<Problem> load(Budget budget) throws InterruptedException {
        return load(folder, budget);
    }

    private List<Problem> load(Path path, Budget budget) throws InterruptedException {
        try (Reloader reloader =
                WatchedFolder.reloader(
                        path, ReadRules.DEFAULT.within(budget), published::add, Faults.NONE)) {
            return reloader.load(false);
        }
    }

    private static Budget budget(long octets, int records, long memory, long all) {
        return new Budget(octets, records, memory, all, Budget.ZONE_TIME);
    }

    private void zone(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name + ".zone"), HEAD + text);
    }

    private void served(String... names) {
        assertEquals(
                List.of(names),
                published.getLast().set().zones().stream()
                        .filter(zone -> zone.available())
                        .map(zone -> zone.apex().toString())
                        .toList());
    }

    private void onlyTheFirstIsServed(Problem problem, String... parts) {
        for (String part : parts) {
            assertTrue(problem.toString().contains(part), problem::toString);
        }
        served("a.test.");
    }

    @Test
    void aSparseFileIsNotRead() throws Exception {
        zone("a.test", "");
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("b.test.zone").toFile(), "rw")) {
            sparse.setLength(LARGE);
        }
        List<Problem> problems = load(budget(1 << 20, 1_000, Long.MAX_VALUE, Long.MAX_VALUE));
        assertEquals(1, problems.size());
        onlyTheFirstIsServed(problems.getFirst(), "734003200 octets", "limits.zone-octets");
    }

    @Test
    void includesCountTogether() throws Exception {
        zone("a.test", "");
        zone("b.test", "$INCLUDE b.test/many\n".repeat(990));
        Files.createDirectory(folder.resolve("b.test"));
        Files.writeString(folder.resolve("b.test/many"), "; nothing\n".repeat(40_000));
        List<Problem> problems = load(budget(1 << 20, 1_000, Long.MAX_VALUE, Long.MAX_VALUE));
        onlyTheFirstIsServed(problems.getFirst(), "b.test.zone:6:10", "limits.zone-octets");
    }

    @Test
    void recordsAreCounted() throws Exception {
        zone("a.test", "");
        zone("b.test", "$GENERATE 1-5000 h$ A 192.0.2.1\nx A 192.0.2.1\n");
        zone("c.test", "x A 192.0.2.1\n".repeat(200_000));
        List<Problem> problems =
                load(budget(Long.MAX_VALUE, 1_000, Long.MAX_VALUE, Long.MAX_VALUE));
        List<String> texts =
                problems.stream()
                        .filter(Problem::isError)
                        .map(Problem::toString)
                        .filter(text -> text.contains("limits.zone-records"))
                        .toList();
        assertEquals(2, texts.size(), problems::toString);
        served("a.test.");
    }

    @Test
    void memoryOfRecordsIsCounted() throws Exception {
        zone("a.test", "");
        zone("b.test", "$ORIGIN " + "a.".repeat(100) + "b.test.\n" + names(20_000));
        List<Problem> problems = load(budget(Long.MAX_VALUE, 1_000_000, 3 << 20, Long.MAX_VALUE));
        assertTrue(
                problems.stream().anyMatch(each -> each.text().contains("limits.zone-memory")),
                problems::toString);
        served("a.test.");
    }

    private static String names(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i).append(" A 192.0.2.1\n");
        }
        return text.toString();
    }

    @Test
    void imagesOfAllZonesCountTogether() throws Exception {
        for (int i = 0; i < 10; i++) {
            zone("z" + i + ".test", names(1_000));
        }
        List<Problem> problems = load(budget(Long.MAX_VALUE, 1_000_000, Long.MAX_VALUE, 300_000));
        assertTrue(!problems.isEmpty() && problems.size() < 10, problems::toString);
        problems.forEach(each -> assertTrue(each.text().contains("limits.all-memory")));
        assertEquals(10 - problems.size(), published.getLast().availableCount());
    }

    @Test
    void theHeadOfAnImageIsReadFirst() throws Exception {
        Path image = folder.resolve("zones.image");
        try (RandomAccessFile sparse = new RandomAccessFile(image.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        List<Problem> problems = load(image, Budget.UNLIMITED);
        assertEquals("is not an image made by 'dns-server compile'", problems.getFirst().text());
    }

    @Test
    void anImageBeyondTheBudgetIsRefused() throws Exception {
        zone("z.test", names(1_000));
        Path image = folder.resolve("zones.image");
        var _ = Compilation.of(folder, image, ReadRules.DEFAULT, Clock.systemUTC());
        List<Problem> problems =
                load(image, budget(Long.MAX_VALUE, 1_000_000, Long.MAX_VALUE, 1_000));
        assertTrue(problems.getFirst().text().contains("limits.all-memory"));
        assertEquals(List.of(), load(image, Budget.UNLIMITED));
        served(Name.of("z.test.").toString());
    }

    @Test
    void aMachineSharesItsMemoryBetweenHeapAndImages() {
        Budget small = MachineBudget.of(512 << 20, 2L << 30);
        assertEquals(128 << 20, small.zoneOctets());
        assertEquals(1280L << 20, small.allMemory());
        Budget tight = MachineBudget.of(1900L << 20, 2L << 30);
        assertEquals(512L << 20, tight.allMemory());
    }
}
