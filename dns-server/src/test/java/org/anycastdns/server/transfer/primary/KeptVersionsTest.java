package org.anycastdns.server.transfer.primary;

import static org.anycastdns.server.transfer.out.OutgoingSamples.hosts;
import static org.anycastdns.server.transfer.out.OutgoingSamples.plus;
import static org.anycastdns.server.transfer.primary.PrimarySamples.ZONE;
import static org.anycastdns.server.transfer.primary.PrimarySamples.access;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.anycastdns.server.store.StateFolder;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.out.OutgoingSamples;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.zone.build.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What secondaries get after a restart of their primary (cases 45, 48, 58a). Each block of a test
/// is one run of the server.
class KeptVersionsTest {

    private static final List<String> HOSTS = hosts(30);
    private static final List<String> MORE = plus(HOSTS, "new.example. A 192.0.2.1");
    private static final List<String> MOST = plus(MORE, "newer.example. A 192.0.2.2");

    @TempDir private Path folder;

    /// A run of the server.
    private final class Run implements AutoCloseable {

        private final StateFolder others;
        private final PrimaryZones zones = PrimarySamples.zones(access("0.0.0.0/0", null));

        Run(boolean isOthers) throws IOException {
            others = StateFolder.open(folder.resolve("state"));
            zones.keep(StateFolder.open(versions()), others, _ -> isOthers);
        }

        void load(long serial, List<String> hosts) throws InterruptedException {
            PrimarySamples.load(zones, serial, hosts);
        }

        ProvidedZone version() {
            return Objects.requireNonNull(zones.version(ZONE));
        }

        @Override
        public void close() throws IOException {
            zones.close();
            others.close();
        }
    }

    private Path versions() {
        return folder.resolve("versions");
    }

    private Run run() throws IOException {
        return new Run(false);
    }

    private static void assertSince(ProvidedZone zone, long serial, List<String> added) {
        List<IxfrStep> steps = zone.since((int) serial);
        assertNotNull(steps, () -> "no changes since " + serial);
        assertEquals(zone.soa(), steps.getLast().to());
        assertEquals(
                added,
                steps.stream()
                        .flatMap(step -> step.adds().list().stream())
                        .map(record -> record.owner().toString())
                        .toList());
    }

    @Test
    void aSecondaryOneVersionBehindGetsTheChangesAfterARestart() throws Exception {
        try (Run run = run()) {
            run.load(1, HOSTS);
            run.load(2, MORE);
        }
        try (Run run = run()) {
            run.load(2, MORE);
            assertSince(run.version(), 1, List.of("new.example."));
            run.load(3, MOST);
            assertSince(run.version(), 1, List.of("new.example.", "newer.example."));
        }
        try (Run run = run()) {
            run.load(3, MOST);
            assertSince(run.version(), 1, List.of("new.example.", "newer.example."));
            assertSince(run.version(), 2, List.of("newer.example."));
        }
    }

    @Test
    void aFileThatChangedWhileTheServerWasDownIsAChange() throws Exception {
        try (Run run = run()) {
            run.load(1, HOSTS);
        }
        try (Run run = run()) {
            run.load(3, MORE);
            assertSince(run.version(), 1, List.of("new.example."));
            assertNull(run.version().since(2));
        }
    }

    @Test
    void case48AVersionWithTheSerialOfAnotherBeginsNoChange() throws Exception {
        try (Run run = run()) {
            run.load(4, HOSTS);
            run.load(5, MORE);
            // Nobody can tell which of the two versions 5 a secondary has.
            run.load(5, MOST);
            assertNull(run.version().since(4));
        }
        try (Run run = run()) {
            run.load(5, MOST);
            assertEquals(List.of(), run.version().history());
        }
        try (Run run = run()) {
            run.load(6, HOSTS);
            assertNull(run.version().since(5));
            run.load(7, MORE);
            assertSince(run.version(), 6, List.of("new.example."));
        }
        try (Run run = run()) {
            run.load(7, MORE);
            assertSince(run.version(), 6, List.of("new.example."));
            assertNull(run.version().since(5));
        }
    }

    @Test
    void case48AFileThatChangedWithoutItsSerialWhileTheServerWasDownBeginsNoChange()
            throws Exception {
        try (Run run = run()) {
            run.load(5, HOSTS);
        }
        try (Run run = run()) {
            run.load(5, MORE);
            run.load(6, MOST);
            assertNull(run.version().since(5));
        }
        try (Run run = run()) {
            run.load(7, HOSTS);
            assertNull(run.version().since(5));
            assertNotNull(run.version().since(6));
        }
    }

    @Test
    void case48AnOlderVersionBeginsNoChangeUntilItsSerialIsTheNewest() throws Exception {
        try (Run run = run()) {
            run.load(10, HOSTS);
            run.load(3, MORE);
        }
        try (Run run = run()) {
            run.load(4, MOST);
            assertEquals(List.of(), run.version().history());
            assertFalse(run.version().unique());
        }
        try (Run run = run()) {
            run.load(10, HOSTS);
            run.load(11, MORE);
            assertNull(run.version().since(10));
            run.load(12, MOST);
            assertSince(run.version(), 11, List.of("newer.example."));
        }
    }

    @Test
    void damagedFilesCostTheHistoryOnly() throws Exception {
        try (Run run = run()) {
            run.load(1, HOSTS);
            run.load(2, MORE);
        }
        try (Stream<Path> files = Files.list(versions())) {
            for (Path each : files.filter(file -> file.toString().endsWith(".log")).toList()) {
                byte[] octets = Files.readAllBytes(each);
                octets[octets.length / 2] ^= 1;
                Files.write(each, octets);
            }
        }
        try (Run run = run()) {
            run.load(2, MORE);
            assertEquals(List.of(), run.version().history());
            run.load(3, MOST);
            assertSince(run.version(), 2, List.of("newer.example."));
        }
    }

    @Test
    void zonesThatAreNotForSecondariesAnyMoreAreForgotten() throws Exception {
        try (Run run = run()) {
            run.load(1, HOSTS);
        }
        try (Run run = new Run(true)) {
            run.load(1, HOSTS);
        }
        try (StateFolder store = StateFolder.open(versions())) {
            assertEquals(List.of(), List.copyOf(store.zones()));
        }
    }

    /// A zone from a primary is stored by whoever asks it.
    private void storeOthers(IxfrStep... steps) throws IOException {
        try (StateFolder store = StateFolder.open(folder.resolve("state"))) {
            Records records = OutgoingSamples.records(1, HOSTS);
            store.replace(
                    ZONE, CannedPrimary.soaRecord(1), records, new ZoneTimers.Saved(1, 1_000));
            store.change(ZONE, List.of(steps), new ZoneTimers.Saved(2, 1_000));
        }
    }

    private static IxfrStep step(long serial, List<String> before, List<String> after) {
        return OutgoingSamples.step(serial, before, after);
    }

    @Test
    void changesOfAZoneFromAPrimaryAreThoseThatWereStoredWithIt() throws Exception {
        storeOthers(step(1, HOSTS, MORE), step(2, MORE, MOST));
        try (Run run = new Run(true)) {
            run.load(3, MOST);
            assertSince(run.version(), 1, List.of("new.example.", "newer.example."));
        }
        // The store may be ahead of what is served.
        try (Run run = new Run(true)) {
            run.load(2, MORE);
            assertSince(run.version(), 1, List.of("new.example."));
        }
        try (StateFolder store = StateFolder.open(versions())) {
            assertTrue(store.zones().isEmpty());
        }
    }

    @Test
    void case48StoredChangesThatDoNotLeadToWhatIsServedAreNotUsed() throws Exception {
        storeOthers(step(1, HOSTS, MORE));
        try (Run run = new Run(true)) {
            run.load(2, MOST.subList(0, 30));
            assertEquals(List.of(), run.version().history());
        }
        try (Run run = new Run(true)) {
            run.load(4, MORE);
            assertEquals(List.of(), run.version().history());
        }
    }
}
