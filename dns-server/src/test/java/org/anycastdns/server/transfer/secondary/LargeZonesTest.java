package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.secondary.LoopbackPrimary.Manner;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.server.zone.change.ContentHash;
import org.anycastdns.server.zone.change.MergePolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Large zones from a primary on loopback: they change by overlays, which are merged in the
/// background. The reloader and the state folder are those of the product.
@Timeout(240)
class LargeZonesTest {

    private static final long WAIT_SECONDS = 60;
    private static final int HOSTS = OverlayLimits.USUAL.recordsMin();
    private static final Name ZONE = CannedPrimary.ZONE;
    private static final String NS = "example. NS ns.example.";
    private static final String GLUE = "ns.example. A 192.0.2.53";
    private static final String A = "a.example. A 192.0.2.1";
    private static final String B = "b.example. A 192.0.2.2";

    @TempDir Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private LoopbackPrimary primary;

    @SuppressWarnings("NullAway.Init") // made by start()
    private Reloader reloader;

    @SuppressWarnings("NullAway.Init") // made by start()
    private SecondaryZones zones;

    @BeforeEach
    void begin() throws IOException {
        primary = new LoopbackPrimary();
    }

    @AfterEach
    void end() throws IOException {
        stop();
        primary.close();
    }

    private void start() throws IOException, InterruptedException {
        RunningSecondary running =
                RunningSecondary.start(
                        folder,
                        Map.of(ZONE, List.of(new Primary("primary", primary.address(), null))),
                        List.of(),
                        published,
                        () -> 0);
        reloader = running.reloader();
        zones = running.zones();
    }

    private void stop() {
        if (zones != null) {
            zones.close();
            reloader.close();
        }
    }

    private static List<String> records() {
        List<String> records = new ArrayList<>(List.of(NS, GLUE, A));
        for (int i = 0; i < HOSTS; i++) {
            records.add(host(i, 0));
        }
        return records;
    }

    private static String host(int number, int version) {
        return "h%d.example. A 192.0.%d.%d".formatted(number, version % 256, number % 256);
    }

    /// Gives hosts other addresses.
    ///
    /// @param part which of them, with `count` hosts each
    private static void change(List<String> records, int part, int count, int version) {
        for (int i = 0; i < count; i++) {
            int number = (part * count + i) % HOSTS;
            records.set(3 + number, host(number, version));
        }
    }

    private Zone until(Predicate<Zone> condition) throws InterruptedException {
        while (true) {
            ZonesStatus status = published.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(status, () -> "not published; " + zones.status(ZONE));
            for (ZoneState state : status.zones()) {
                if (state.available() && condition.test(Objects.requireNonNull(state.zone()))) {
                    return state.zone();
                }
            }
        }
    }

    /// Serves the first version.
    private Zone first(List<String> records) throws IOException, InterruptedException {
        primary.serve(1, records.toArray(String[]::new));
        start();
        return until(zone -> zone.serial() == 1);
    }

    private void tell(int serial, List<String> records) {
        primary.serve(serial, records.toArray(String[]::new));
        assertEquals(
                Verdict.TAKEN,
                zones.notified(ZONE, primary.address().getAddress(), null, OptionalInt.of(serial)));
    }

    /// Tells of a version, waits until it is served, and compares it with what the primary has.
    private Zone next(int serial, List<String> records) throws InterruptedException {
        tell(serial, records);
        Zone zone = until(each -> each.serial() == serial);
        assertServes(zone, serial, records);
        return zone;
    }

    private static void assertServes(Zone zone, int serial, List<String> records) {
        assertEquals(ContentHash.of(expected(serial, records)), ContentHash.of(zone));
    }

    private static Zone expected(long serial, List<String> records) {
        ZoneBuilder expected = new ZoneBuilder(ZONE);
        expected.add(CannedPrimary.soaRecord(serial).record());
        for (String record : records) {
            expected.add(CannedPrimary.record(record).zoneRecord());
        }
        return expected.build(0);
    }

    /// A large zone changes where it is, and is served as if it had been built anew.
    @Test
    void changesOfALargeZoneBecomeAnOverlay() throws Exception {
        List<String> records = records();
        Zone before = first(records);
        records.remove(A);
        records.add(B);
        Zone after = next(2, records);
        assertNotNull(after.overlay());
        assertSame(before.memory(), after.memory());
        // The version that is held goes on, also when changes do not fit.
        records.remove(B);
        primary.manner = Manner.WRONG_CHANGES;
        assertNull(next(3, records).overlay());
    }

    @Test
    void aLargeZoneThatWasRestoredBecomesAnOverlayWithItsFirstChange() throws Exception {
        List<String> records = records();
        var _ = first(records);
        stop();
        start();
        Zone before = until(zone -> zone.serial() == 1);
        records.add(B);
        Zone after = next(2, records);
        assertNotNull(after.overlay());
        assertSame(before.memory(), after.memory());
    }

    /// The new image has the octets of one that is built from the same records.
    @Test
    void aLargeOverlayIsMergedWithoutTheNextChange() throws Exception {
        List<String> records = records();
        Zone before = first(records);
        int many = (int) (MergePolicy.USUAL.mergeNames() * HOSTS) + 100;
        change(records, 0, many, 2);
        assertNotNull(next(2, records).overlay());
        Zone merged = until(zone -> zone.overlay() == null);
        assertNotSame(before.memory(), merged.memory());
        assertTrue(expected(2, records).sameContent(merged));
        // And it goes on from there, also after a restart.
        change(records, 1, 10, 3);
        Zone after = next(3, records);
        assertNotNull(after.overlay());
        assertSame(merged.memory(), after.memory());
        stop();
        start();
        assertServes(until(zone -> zone.serial() == 3), 3, records);
    }

    /// However fast changes come, the overlay stays small, and every version is right.
    @Test
    void underChangesWithoutPauseTheOverlayIsBounded() throws Exception {
        List<String> records = records();
        var _ = first(records);
        int each = HOSTS / 50;
        int last = 20;
        int max = 0;
        @Nullable Zone zone = null;
        for (int serial = 2; serial <= last; serial++) {
            change(records, serial, each, serial);
            tell(serial, records);
            do {
                zone = until(_ -> true);
                Overlay overlay = zone.overlay();
                max = Math.max(max, overlay == null ? 0 : overlay.nodes().size());
            } while (zone.serial() != serial);
        }
        assertTrue(max >= each, "no overlay at all");
        // The changes that come before it is full, and the apex.
        int limit = (int) (MergePolicy.USUAL.waitNames() * HOSTS) + each + 1;
        assertTrue(max <= limit, "names in the overlay: %d of %d".formatted(max, limit));
        assertServes(Objects.requireNonNull(zone), last, records);
    }
}
