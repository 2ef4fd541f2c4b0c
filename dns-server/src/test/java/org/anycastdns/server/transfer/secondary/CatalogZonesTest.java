package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.server.reload.ReloadResult;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.store.StateFolder;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.catalog.CatalogStatus;
import org.anycastdns.server.transfer.catalog.CatalogStatus.Condition;
import org.anycastdns.server.transfer.secondary.LoopbackPrimary.Manner;
import org.anycastdns.server.wire.Name;
import org.anycastdns.testkit.Eventually;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A catalog and its members from a primary on loopback, with the reloader and the state folder of
/// the product.
@Timeout(120)
class CatalogZonesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Name CATALOG = CannedPrimary.ZONE;
    private static final String NS = "example. NS invalid.";
    private static final String VERSION = "version.example. TXT 2";
    private static final String A = "m1.zones.example. PTR a.test.";
    private static final String B = "m2.zones.example. PTR b.test.";
    private static final String C = "m3.zones.example. PTR c.test.";
    private static final String D = "m4.zones.example. PTR d.test.";
    private static final String E = "m5.zones.example. PTR e.test.";

    @TempDir Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private LoopbackPrimary primary;
    private LoopbackPrimary other;
    private long aheadSeconds;
    private @Nullable RunningSecondary running;

    @BeforeEach
    void primaries() throws IOException {
        primary = new LoopbackPrimary();
        other = new LoopbackPrimary();
        for (String member : List.of("a.test.", "b.test.", "c.test.", "d.test.", "e.test.")) {
            primary.serveOther(member, 1);
            other.serveOther(member, 1);
        }
    }

    @AfterEach
    void end() throws IOException {
        stop();
        primary.close();
        other.close();
    }

    private void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    private void start() throws IOException, InterruptedException {
        List<Primary> first = List.of(new Primary("first", primary.address(), null));
        List<Primary> second = List.of(new Primary("second", other.address(), null));
        CatalogSource source = new CatalogSource(CATALOG, first, first, Map.of("blue", second));
        running =
                RunningSecondary.start(
                        folder, Map.of(), List.of(source), published, () -> aheadSeconds);
    }

    private SecondaryZones zones() {
        return Objects.requireNonNull(running).zones();
    }

    /// Serves a version of the catalog.
    private void serve(long serial, String... members) {
        primary.serve(
                serial,
                Stream.concat(Stream.of(NS, VERSION), Stream.of(members)).toArray(String[]::new));
    }

    /// Serves a version of the catalog, and waits until it has been taken.
    private void change(int serial, String... members) throws Exception {
        serve(serial, members);
        var asked = Objects.requireNonNull(zones().refresh(CATALOG, false));
        assertEquals("", asked.get(LIMIT.toSeconds(), TimeUnit.SECONDS).error());
    }

    /// Waits until exactly these zones are served.
    private void served(String... names) throws InterruptedException {
        Set<String> expected = new TreeSet<>(List.of(names));
        Set<String> available = Set.of();
        while (!available.equals(expected)) {
            ZonesStatus status = published.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(status, "served: " + available);
            available =
                    status.zones().stream()
                            .filter(ZoneState::available)
                            .map(each -> each.apex().toString())
                            .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private CatalogStatus catalog() {
        return zones().catalogs().getFirst();
    }

    private CatalogStatus until(Condition condition) throws InterruptedException {
        return Eventually.seen(
                "status", LIMIT, this::catalog, status -> status.condition() == condition);
    }

    private Set<String> stored() throws IOException {
        try (StateFolder store = StateFolder.open(folder.resolve("state"))) {
            return store.zones().stream()
                    .map(StoredZone::name)
                    .map(Name::toString)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void awaitAsked(LoopbackPrimary of, String request) throws InterruptedException {
        String next = "";
        while (!next.equals(request)) {
            next = of.askedOthers.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(next, "it was not asked for " + request);
        }
    }

    /// Cases 86, 87, 92.
    @Test
    void zonesComeAndGoAsTheCatalogSays() throws Exception {
        serve(1, A, B, C, E);
        start();
        served("a.test.", "b.test.", "c.test.", "e.test.");
        assertEquals(4, catalog().members());
        serve(2, A, B, D, E);
        assertEquals(
                Verdict.TAKEN,
                zones().notified(CATALOG, primary.address().getAddress(), null, OptionalInt.of(2)));
        served("a.test.", "b.test.", "d.test.", "e.test.");
        assertNull(zones().status(Name.of("c.test.")));
        assertNull(zones().refresh(Name.of("c.test."), false));
        primary.askedOthers.clear();
        change(3, A, B.replace("m2", "other"), D, E);
        awaitAsked(primary, "AXFR b.test.");
        served("a.test.", "b.test.", "d.test.", "e.test.");
        assertFalse(primary.askedOthers.contains("AXFR a.test."), "a.test. was not to be reset");
        stop();
        assertEquals(Set.of("a.test.", "b.test.", "d.test.", "e.test.", "example."), stored());
    }

    /// Cases 81 and 82.
    @Test
    void aBrokenCatalogChangesNothingEvenAfterARestartWithoutPrimary() throws Exception {
        serve(1, A, B);
        start();
        served("a.test.", "b.test.");
        change(2, A, C, "version.example. TXT 3");
        assertTrue(until(Condition.BROKEN).reason().contains("version.example."));
        assertEquals(2, catalog().members());
        stop();
        primary.manner = Manner.SILENT;
        start();
        served("a.test.", "b.test.");
        assertEquals(Condition.BROKEN, catalog().condition());
        stop();
        // The catalog has expired, its members have not.
        aheadSeconds = TimeUnit.DAYS.toSeconds(2);
        start();
        served("a.test.", "b.test.");
        assertEquals(
                TransferStatus.State.EXPIRED,
                Objects.requireNonNull(zones().status(CATALOG)).state());
        primary.manner = Manner.USUAL;
        change(3, A, C);
        served("a.test.", "c.test.");
        assertEquals(Condition.FOLLOWED, catalog().condition());
    }

    /// Case 79.
    @Test
    void aCatalogThatLosesMostMembersIsHeldBackUntilItIsAccepted() throws Exception {
        serve(1, A, B, C);
        start();
        served("a.test.", "b.test.", "c.test.");
        change(2);
        assertTrue(until(Condition.HELD_BACK).reason().contains("3 of 3 members would go"));
        stop();
        start();
        served("a.test.", "b.test.", "c.test.");
        assertEquals(Condition.HELD_BACK, catalog().condition());
        assertNull(zones().accept(Name.of("a.test.")));
        CatalogStatus accepted =
                Objects.requireNonNull(zones().accept(CATALOG))
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals(Condition.FOLLOWED, accepted.condition());
        assertEquals(0, accepted.members());
        served();
        change(3, D);
        served("d.test.");
    }

    @Test
    void membersSurviveDamageOfTheirList() throws Exception {
        serve(1, A, B, C);
        start();
        served("a.test.", "b.test.", "c.test.");
        stop();
        Path list = folder.resolve("state/catalogs/members");
        byte[] octets = Files.readAllBytes(list);
        assertTrue(octets.length > 0, "the list is empty");
        octets[octets.length / 2] ^= 1;
        Files.write(list, octets);
        primary.manner = Manner.SILENT;
        start();
        served("a.test.", "b.test.", "c.test.");
        assertEquals(3, catalog().members());
    }

    /// Case 85.
    @Test
    void aZoneWithAFileIsNoMemberAsLongAsTheFileIsThere() throws Exception {
        Path file = Files.createDirectory(folder.resolve("zones")).resolve("a.test.zone");
        Files.writeString(file, "@ 300 SOA ns.b.test. x 77 3600 600 604800 300\n@ NS ns.b.test.\n");
        serve(1, A, B);
        start();
        served("a.test.", "b.test.");
        CatalogStatus status =
                Eventually.seen("waits", LIMIT, this::catalog, each -> each.waiting() == 1);
        assertEquals(1, status.members());
        assertNull(zones().status(Name.of("a.test.")));
        Files.delete(file);
        var reloaded = Objects.requireNonNull(running).reloader().reload(true);
        assertEquals(
                ReloadResult.Outcome.OK,
                reloaded.get(LIMIT.toSeconds(), TimeUnit.SECONDS).outcome());
        awaitAsked(primary, "AXFR a.test.");
        served("a.test.", "b.test.");
        assertEquals(2, catalog().members());
    }

    /// Case 89.
    @Test
    void aGroupHasPrimariesOfItsOwn() throws Exception {
        serve(1, A, B, "group.m2.zones.example. TXT blue");
        start();
        served("a.test.", "b.test.");
        assertTrue(primary.askedOthers.contains("AXFR a.test."), "not from the first");
        assertTrue(other.askedOthers.contains("AXFR b.test."), "not from the second");
        // Another group means other primaries, and the same data.
        change(2, A, "group.m1.zones.example. TXT blue", B);
        TransferStatus moved =
                Objects.requireNonNull(zones().refresh(Name.of("a.test."), false))
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertTrue(moved.primaries().getFirst().startsWith("second "), moved::toString);
        assertEquals(1, moved.serial().orElseThrow());
        assertEquals("SOA a.test.", other.askedOthers.stream().reduce((_, last) -> last).get());
    }
}
