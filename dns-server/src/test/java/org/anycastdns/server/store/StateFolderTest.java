package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store on disk, or in memory where files are to be damaged.
class StateFolderTest {

    private static final Name ZONE = StoreSamples.ZONE;
    private static final Name OTHER = Name.of("example.net.");
    private static final List<String> RECORDS = List.of("a 192.0.2.1", "b 192.0.2.2");

    @TempDir Path temporary;

    private Path folder() {
        return temporary.resolve("below/state");
    }

    private static void replace(ZoneStore store, Name zone, int serial, List<String> records)
            throws IOException {
        Records all = StoreSamples.all(zone, serial, records);
        store.replace(zone, StoreSamples.soa(zone, serial), all, StoreSamples.TIMERS);
    }

    private static void change(ZoneStore store, int from, String delete, String add)
            throws IOException {
        IxfrStep step = StoreSamples.step(ZONE, from, List.of(delete), from + 1, List.of(add));
        store.change(ZONE, List.of(step), StoreSamples.TIMERS);
    }

    private static void assertStored(ZoneStore store, Name zone, int serial, List<String> records)
            throws IOException {
        assertEquals(
                StoreSamples.texts(StoreSamples.all(zone, serial, records)),
                StoreSamples.texts(store.records(zone)));
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj("h%d 192.0.2.1"::formatted).toList();
    }

    private static StateFolder open(PlannedFiles files) throws IOException {
        return StateFolder.open(files, StoreLimits.DEFAULT, StoreSamples.tags());
    }

    @Test
    void smallAndLargeZonesSurviveTheEndOfTheProcess() throws IOException {
        List<String> many = numbered(40_000);
        try (StateFolder store = StateFolder.open(folder())) {
            replace(store, ZONE, 1, RECORDS);
            change(store, 1, "a 192.0.2.1", "c 192.0.2.3");
            replace(store, OTHER, 7, many);
            store.sync();
        }
        try (StateFolder store = StateFolder.open(folder())) {
            assertStored(store, ZONE, 2, List.of("b 192.0.2.2", "c 192.0.2.3"));
            assertStored(store, OTHER, 7, many);
            List<StoredZone> zones = List.copyOf(store.zones());
            assertEquals(List.of(ZONE, OTHER), zones.stream().map(StoredZone::name).toList());
            assertEquals(StoreSamples.TIMERS, zones.getFirst().timers());
            assertEquals(2, zones.getFirst().soa().serial());
            assertEquals(40_002, zones.getLast().recordCount());
            assertEquals(1, files(".zone").size());
            store.remove(OTHER);
            store.sync();
            assertEquals(List.of(), files(".zone"));
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder())) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    @Test
    void onlyTheOwnerCanReadTheFiles() throws IOException {
        try (StateFolder store = StateFolder.open(folder())) {
            replace(store, ZONE, 1, numbered(40_000));
        }
        assertEquals("rwx------", rights(folder()));
        for (Path file : files("")) {
            assertEquals("rw-------", rights(file), file::toString);
        }
        assertEquals(3, files("").size());
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aFolderThatCannotBeUsedIsToldWithTheReason() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        IOException noFolder = assertThrows(IOException.class, () -> StateFolder.open(file));
        StoreSamples.assertSays("is not a folder: move it", noFolder);
        try (StateFolder store = StateFolder.open(folder())) {
            IOException used = assertThrows(IOException.class, () -> StateFolder.open(folder()));
            StoreSamples.assertSays("another process uses", used);
            replace(store, ZONE, 1, RECORDS);
        }
        StateFolder.open(folder()).close();
    }

    @Test
    void recordsAreKeptAsTheyWere() throws IOException {
        Records records = StoreSamples.all(ZONE, 1, List.of("MiXed 192.0.2.1"));
        Name owner = Name.of("mixed", ZONE);
        // Another spelling and TTL in one set, a signature of nothing, an unknown type, no data.
        records.add(new ResourceRecord(owner, RecordType.A, 9, new byte[] {1, 2, 3, 4}), 0);
        byte[] signature = new byte[20 + ZONE.length()];
        System.arraycopy(ZONE.wire(), 0, signature, 18, ZONE.length());
        signature[1] = RecordType.MX;
        records.add(new ResourceRecord(owner, RecordType.RRSIG, 0, signature), 0);
        records.add(new ResourceRecord(Name.of("x.A", ZONE), 65_280, 5, new byte[0]), 0);
        records.add(new ResourceRecord(Name.of("x.a", ZONE), 65_280, 5, new byte[65_535]), 0);
        List<String> before = StoreSamples.texts(records);
        try (StateFolder store = StateFolder.open(folder())) {
            store.replace(ZONE, StoreSamples.soa(ZONE, 1), records, null);
        }
        try (StateFolder store = StateFolder.open(folder())) {
            assertEquals(before, StoreSamples.texts(store.records(ZONE)));
            assertNull(store.zones().iterator().next().timers());
        }
    }

    @Test
    void whatTheZoneIsAskedThatIsNotStored() throws IOException {
        try (StateFolder store = StateFolder.open(folder())) {
            assertThrows(IOException.class, () -> store.records(ZONE));
            assertThrows(IOException.class, () -> change(store, 1, "a 192.0.2.1", "b 192.0.2.1"));
            assertThrows(IOException.class, () -> store.confirm(ZONE, StoreSamples.TIMERS));
            assertNull(store.history(ZONE, 1));
            store.remove(ZONE);
            assertEquals(List.of(), store.zones());
        }
    }

    @Test
    void aChangeBeginsAtThePresentVersion() throws IOException {
        try (StateFolder store = StateFolder.open(folder())) {
            replace(store, ZONE, 1, RECORDS);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> change(store, 2, "a 192.0.2.1", "c 192.0.2.3"));
            assertStored(store, ZONE, 1, RECORDS);
        }
    }

    @Test
    void historyStaysWithinItsLimitsWhenTheZoneGetsANewBase() throws IOException {
        PlannedFiles files = new PlannedFiles();
        StoreLimits limits = new StoreLimits(64_000, 1 << 20, 20, 8_000, 1 << 20, 1 << 20);
        int last = 200;
        try (StateFolder store = StateFolder.open(files, limits, StoreSamples.tags())) {
            replace(store, ZONE, 0, List.of("h0 192.0.2.1"));
            for (int i = 0; i < last; i++) {
                change(store, i, "h%d 192.0.2.1".formatted(i), "h%d 192.0.2.1".formatted(i + 1));
                store.sync();
            }
        }
        try (StateFolder store = StateFolder.open(files, limits, StoreSamples.tags())) {
            assertStored(store, ZONE, last, List.of("h%d 192.0.2.1".formatted(last)));
            assertNull(store.history(ZONE, 0));
            List<IxfrStep> steps = Objects.requireNonNull(store.history(ZONE, last - 20));
            assertEquals(20, steps.size());
            for (int i = 0; i < steps.size(); i++) {
                assertEquals(last - 20 + i, steps.get(i).from().serial());
                assertEquals(last - 19 + i, steps.get(i).to().serial());
            }
            replace(store, ZONE, 1_000, RECORDS);
            assertNull(store.history(ZONE, last - 1));
            assertEquals(List.of(), store.history(ZONE, 1_000));
        }
    }

    @Test
    void aChangeAsLargeAsASegmentIsANewBase() throws IOException {
        PlannedFiles files = new PlannedFiles();
        StoreLimits limits = new StoreLimits(2_000, 1 << 20, 20, 8_000, 1 << 20, 1 << 20);
        try (StateFolder store = StateFolder.open(files, limits, StoreSamples.tags())) {
            replace(store, ZONE, 1, List.of());
            List<String> many = numbered(100);
            IxfrStep step = StoreSamples.step(ZONE, 1, List.of(), 2, many);
            ZoneTimers.Saved timers = new ZoneTimers.Saved(1, 2);
            store.change(ZONE, List.of(step), timers);
            assertStored(store, ZONE, 2, many);
            assertNull(store.history(ZONE, 1));
            assertEquals(timers, store.zones().iterator().next().timers());
        }
    }

    @Test
    void anotherFormatIsSetAside() throws IOException {
        PlannedFiles files = new PlannedFiles();
        try (StateFolder store = open(files)) {
            replace(store, ZONE, 1, RECORDS);
        }
        String name = files.sizes().firstKey();
        LogSegment.create(1, 1, 2, files.open(name));
        byte[] old = files.content(name);
        try (StateFolder store = open(files)) {
            assertEquals(List.of(), store.zones());
            replace(store, OTHER, 1, RECORDS);
        }
        assertArrayEquals(old, files.content(name + ".version-2"));
        assertStored(open(files), OTHER, 1, RECORDS);
    }

    @Test
    void aDamagedSnapshotCostsItsZoneAlone() throws IOException {
        PlannedFiles files = new PlannedFiles();
        try (StateFolder store = open(files)) {
            replace(store, ZONE, 1, numbered(40_000));
            replace(store, OTHER, 1, RECORDS);
        }
        String name = files.sizes().lastKey();
        byte[] content = files.content(name);
        content[content.length / 2] ^= 1;
        files.put(name, content);
        StateFolder store = open(files);
        assertEquals(2, store.zones().size());
        IOException damaged = assertThrows(IOException.class, () -> store.records(ZONE));
        StoreSamples.assertSays("is damaged", damaged);
        assertEquals(1, store.damages());
        assertStored(store, OTHER, 1, RECORDS);
        store.sync();
        assertTrue(files.sizes().containsKey(name + ".damaged"));
        assertEquals(1, open(files.afterKill()).zones().size());
    }

    @Test
    void aMissingSnapshotCostsItsZoneAlone() throws IOException {
        PlannedFiles files = new PlannedFiles();
        try (StateFolder store = open(files)) {
            replace(store, ZONE, 1, numbered(40_000));
            replace(store, OTHER, 1, RECORDS);
        }
        files.delete(files.sizes().lastKey());
        assertEquals(List.of(OTHER), open(files).zones().stream().map(StoredZone::name).toList());
        // It is damaged once only.
        assertEquals(0, open(files).damages());
    }

    @Test
    void aMissingSegmentCostsItsZones() throws IOException {
        PlannedFiles files = new PlannedFiles();
        StoreLimits limits = new StoreLimits(300, 1 << 20, 20, 8_000, 1 << 20, 1 << 20);
        List<Name> names = new ArrayList<>();
        try (StateFolder store = StateFolder.open(files, limits, StoreSamples.tags())) {
            for (int i = 0; i < 5; i++) {
                names.add(Name.of("z%d.".formatted(i)));
                replace(store, names.getLast(), 1, RECORDS);
            }
        }
        files.delete(LogSegment.name(3));
        StateFolder store = StateFolder.open(files, limits, StoreSamples.tags());
        assertTrue(store.damages() > 0);
        names.remove(2);
        assertEquals(names, store.zones().stream().map(StoredZone::name).toList());
        for (Name name : names) {
            assertStored(store, name, 1, RECORDS);
        }
    }

    @Test
    void aFullDiskIsToldAndLaterCallsSucceed() throws IOException {
        PlannedFiles files = new PlannedFiles();
        StateFolder store = open(files);
        replace(store, ZONE, 1, RECORDS);
        store.sync();
        files.plan(_ -> PlannedFiles.Fate.FAILS);
        IOException full = assertThrows(IOException.class, () -> replace(store, OTHER, 1, RECORDS));
        StoreSamples.assertSays("planned files: No space left on device; it needs free", full);
        assertThrows(IOException.class, () -> change(store, 1, "a 192.0.2.1", "c 192.0.2.1"));
        assertThrows(IOException.class, () -> store.remove(ZONE));
        assertStored(store, ZONE, 1, RECORDS);
        files.plan(_ -> PlannedFiles.Fate.SUCCEEDS);
        change(store, 1, "a 192.0.2.1", "c 192.0.2.1");
        replace(store, OTHER, 1, RECORDS);
        store.sync();
        StateFolder again = open(files.afterKill());
        assertStored(again, ZONE, 2, List.of("b 192.0.2.2", "c 192.0.2.1"));
        assertStored(again, OTHER, 1, RECORDS);
        assertEquals(0, again.damages());
    }

    @Test
    void noRecordCanLookLikeAnEntryOfTheLog() throws IOException {
        PlannedFiles files = new PlannedFiles();
        StateFolder store = open(files);
        replace(store, ZONE, 1, RECORDS);
        store.close();
        byte[] log = files.content(LogSegment.name(1));
        // A record whose data is the entry of another log, behind damage.
        byte[] entry = Arrays.copyOfRange(log, LogSegment.HEADER_OCTETS, log.length);
        Records records = StoreSamples.all(OTHER, 1, RECORDS);
        records.add(new ResourceRecord(OTHER, 65_280, 5, entry), 0);
        PlannedFiles others = new PlannedFiles();
        StateFolder other = StateFolder.open(others, StoreLimits.DEFAULT, () -> 77);
        other.replace(OTHER, StoreSamples.soa(OTHER, 1), records, null);
        other.close();
        byte[] damaged = others.content(LogSegment.name(1));
        for (int i = 0; i < 8; i++) {
            damaged[LogSegment.HEADER_OCTETS + 20 + i] ^= 0x55;
        }
        others.put(LogSegment.name(1), damaged);
        StateFolder after = StateFolder.open(others, StoreLimits.DEFAULT, () -> 78);
        assertFalse(after.zones().stream().anyMatch(zone -> zone.name().equals(ZONE)));
    }
}
