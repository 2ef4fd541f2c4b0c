package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders whose files are called in ways of their own, and zones that more than one file claims.
class FileNamesTest {

    private static final long WAIT_SECONDS = 20;
    private static final Name A = Name.of("a.test");
    private static final Name B = Name.of("b.test");

    @TempDir Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();

    private Path put(String file, int serial) throws IOException {
        Path target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Path whole = Files.createTempFile("zone", ".new");
        Files.writeString(
                whole,
                "$TTL 300\n@ SOA ns h %d 3600 600 604800 300\n@ NS ns.x.\n".formatted(serial));
        return Files.move(whole, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private Reloader reloader(ZoneFileNames names) {
        return new Reloader(
                folder,
                new CounterSlots(2, 4, 1),
                ReadRules.DEFAULT.with(names),
                Clock.systemUTC(),
                _ -> false,
                published::add,
                RecordsReceiver.NONE);
    }

    private ZonesStatus next() throws InterruptedException {
        ZonesStatus status = published.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(status, "nothing was published");
        return status;
    }

    private static Map<Name, String> conditions(ZonesStatus status) {
        Map<Name, String> conditions = new TreeMap<>();
        for (ZoneState state : status.zones()) {
            Zone zone = state.zone();
            int serial = zone == null || !zone.available() ? 0 : zone.serial();
            conditions.put(state.apex(), state.condition() + " " + serial);
        }
        return conditions;
    }

    @Test
    void filesAreFoundByPatternAndByName() throws Exception {
        ZoneFileNames names =
                ZoneFileNames.of("db.{origin}")
                        .with(Map.of(B, "customers/b", Name.of("c.test"), "db.other"));
        Path a = put("db.a.test", 1);
        put("db.b.test", 1);
        put("a.test.zone", 1);
        Path b = put("customers/b", 1);
        Path other = put("db.other", 1);
        FolderSnapshot snapshot = FolderSnapshot.names(folder, names);
        assertEquals(Map.of(A, a, B, b, Name.of("c.test"), other), snapshot.zones());
        assertEquals(List.of(), snapshot.problems());
    }

    @Test
    void foldersAreNoZonesWhereFilesAreCalledAsTheirZones() throws Exception {
        Path a = put("a.test", 1);
        Path b = put("customers/b", 1);
        put(".a.test.swp", 1);
        ZoneFileNames names = ZoneFileNames.of("{origin}").with(Map.of(B, "customers/b"));
        assertEquals(Map.of(A, a, B, b), FolderSnapshot.names(folder, names).zones());
    }

    @Test
    void twoFilesForOneZoneAreItsErrorAndTheOldVersionStays() throws Exception {
        Path first = put("a.test.zone", 1);
        put("b.test.zone", 1);
        try (Reloader reloader = reloader(ZoneFileNames.DEFAULT)) {
            assertEquals(List.of(), reloader.load(false));
            reloader.start(Duration.ofMillis(50));
            assertEquals(Map.of(A, "SERVED 1", B, "SERVED 1"), conditions(next()));
            // In whatever order they stand: the new one comes before the old one here.
            Path second = put("A.test.zone", 2);
            ZonesStatus both = next();
            assertEquals(Map.of(A, "STALE 1", B, "SERVED 1"), conditions(both));
            assertEquals(
                    List.of(
                            second
                                    + ":1:1: error: zone A.test. has more than one file, this one"
                                    + " and a.test.zone: keep one of them, or name the right one in"
                                    + " zones.files of the configuration"),
                    texts(both.last().problems()));
            put("b.test.zone", 2);
            assertEquals(Map.of(A, "STALE 1", B, "SERVED 2"), conditions(next()));
            Files.delete(first);
            assertEquals(Map.of(A, "SERVED 2", B, "SERVED 2"), conditions(next()));
        }
    }

    @Test
    void twoFilesForOneZoneAtTheStartCostThatZone() throws Exception {
        put("a.test.zone", 1);
        put("a.test..zone", 2);
        put("b.test.zone", 1);
        try (Reloader reloader = reloader(ZoneFileNames.DEFAULT)) {
            List<Problem> problems = reloader.load(false);
            assertEquals(1, problems.size(), problems.toString());
            assertTrue(
                    problems.getFirst().text().startsWith("zone a.test. has more than one file"));
            ZonesStatus status = next();
            assertEquals(Condition.UNAVAILABLE, status.zones().getFirst().condition());
            assertEquals(Condition.SERVED, status.zones().getLast().condition());
        }
    }

    @Test
    void aFileThatIsNamedButNotThereIsItsZonesError() throws Exception {
        put("a.test.zone", 1);
        ZoneFileNames names = ZoneFileNames.DEFAULT.with(Map.of(B, "customers/b"));
        try (Reloader reloader = reloader(names)) {
            List<Problem> problems = reloader.load(false);
            assertEquals(1, problems.size(), problems.toString());
            assertTrue(problems.getFirst().text().contains("customers/b: no such file"));
            assertEquals("UNAVAILABLE 0", conditions(next()).get(B));
            reloader.start(Duration.ofMillis(50));
            put("customers/b", 7);
            assertEquals("SERVED 7", conditions(next()).get(B));
        }
    }

    @Test
    void aFolderIsCheckedAsItIsServed() throws Exception {
        put("db.a.test", 1);
        put("db.A.test", 1);
        put("db.b.test", 1);
        FolderCheck check = check(folder, null, "");
        assertEquals(0, check.zoneCount());
        assertEquals(
                List.of(folder + ":1:1: error: has no zone file named ORIGIN.zone"),
                texts(check.problems()));
        check =
                FolderCheck.of(
                        folder,
                        null,
                        ReadRules.DEFAULT.with(ZoneFileNames.of("db.{origin}")),
                        Clock.systemUTC(),
                        new ByteArrayInputStream(new byte[0]));
        assertEquals(2, check.zoneCount());
        assertEquals(1, check.errorCount());
        assertEquals(2, check.recordCount());
        assertTrue(check.problems().getFirst().text().contains("this one and db.a.test: keep one"));
    }

    @Test
    void standardInputIsReadAsTheZoneThatIsNamed() throws Exception {
        FolderCheck good = check(Path.of("-"), A, "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns.x.\n");
        assertEquals(2, good.recordCount());
        assertEquals(List.of(), texts(good.problems()));
        FolderCheck bad =
                check(Path.of("-"), A, "@ 60 SOA ns h 1 2 3 4 5\n@ NS ns.x.\nx Y\n$INCLUDE z\n");
        assertEquals(
                List.of("-:3:3: error: 'Y' is not a type, class or TTL"),
                texts(bad.problems().subList(0, 1)));
        assertTrue(
                bad.problems().getLast().toString().startsWith("-:4:10: error: "), bad::toString);
    }

    private static FolderCheck check(Path path, @Nullable Name origin, String input)
            throws InterruptedException {
        byte[] octets = input.getBytes(StandardCharsets.ISO_8859_1);
        return FolderCheck.of(
                path,
                origin,
                ReadRules.DEFAULT,
                Clock.systemUTC(),
                new ByteArrayInputStream(octets));
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }
}
