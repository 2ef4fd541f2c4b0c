package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A watched folder: what is published after each change.
class ReloaderTest extends WatchedFolder {

    private final CounterSlots slots = new CounterSlots(2, 4, 1);

    @BeforeEach
    void open() {
        reloader = reloader(folder, slots, ReadRules.DEFAULT, published::add, Faults.NONE);
    }

    /// A zone with SOA, NS and that many hosts.
    private static String zone(int serial, int hosts) {
        StringBuilder text =
                new StringBuilder(
                        """
                        $TTL 300
                        @ SOA ns hostmaster %d 3600 600 604800 300
                        @ NS ns.example.net.
                        """
                                .formatted(serial));
        for (int i = 0; i < hosts; i++) {
            text.append("h%d A 192.0.2.%d%n".formatted(i, i));
        }
        return text.toString();
    }

    private ZonesStatus start() throws InterruptedException {
        List<Problem> found = reloader.load(false);
        assertEquals(List.of(), found);
        reloader.start(LOOK);
        return next();
    }

    private static Zone served(ZonesStatus status, String zone) {
        return Objects.requireNonNull(state(status, zone).zone());
    }

    @Test
    void aChangedAnAddedAndARemovedFileAreTakenIn() throws Exception {
        put("a.test.zone", zone(1, 3));
        put("root.zone", zone(1, 3) + "ns.example.net. A 192.0.2.1\n");
        assertEquals(2, start().set().zones().size());

        put("A.test.zone", zone(1, 3));
        ZonesStatus twin = next();
        assertEquals(Outcome.FAILED, twin.last().outcome());
        assertTrue(state(twin, "a").error().contains("has more than one file"));
        Files.delete(folder.resolve("A.test.zone"));
        ZonesStatus mended = next();
        assertEquals(List.of(), mended.problems());

        put("a.test.zone", zone(2, 3));
        assertEquals(2, serial(next(), "a"));
        put("b.test.zone", zone(5, 1));
        ZonesStatus added = next();
        assertEquals(5, serial(added, "b"));
        assertEquals(List.of(Name.of("b.test.")), added.last().loaded());
        Files.delete(folder.resolve("a.test.zone"));
        ZonesStatus removed = next();
        assertEquals(List.of(Name.of("a.test.")), removed.last().removed());
        assertEquals(2, removed.set().zones().size());
        assertEquals(Outcome.OK, removed.last().outcome());
    }

    @Test
    void anIncludedFileReloadsItsZone() throws Exception {
        Files.createDirectory(folder.resolve("a.test"));
        put("a.test/hosts", "www A 192.0.2.1\n");
        put("a.test.zone", zone(1, 2) + "$INCLUDE a.test/hosts\n");
        assertEquals(5, start().recordCount());
        put("a.test/hosts", "www A 192.0.2.1\nftp A 192.0.2.2\n");
        assertEquals(6, next().recordCount());
    }

    @Test
    void unfinishedFilesAreNotRead() throws Exception {
        put("a.test.zone", zone(1, 2));
        start();
        Files.writeString(folder.resolve(".b.test.zone"), "half");
        Files.writeString(folder.resolve("b.test.zone~"), "half");
        Files.writeString(folder.resolve("b.test.zone.tmp"), "half");
        Files.writeString(folder.resolve("b.test.zone.part"), "half");
        put("c.test.zone", zone(1, 2));
        ZonesStatus status = next();
        assertEquals(List.of(Name.of("c.test.")), status.last().loaded());
        assertEquals(2, status.zones().size());
        assertEquals(List.of(), status.problems());
    }

    @Test
    void anErrorKeepsTheLastGoodVersionAndOtherZonesAreTakenIn() throws Exception {
        put("a.test.zone", zone(1, 3));
        put("b.test.zone", zone(1, 3));
        start();
        put("a.test.zone", zone(2, 3) + "broken A 192.0.2.999\n");
        ZonesStatus bad = next();
        assertEquals(1, serial(bad, "a"));
        ZoneState state = state(bad, "a");
        assertEquals(Condition.STALE, state.condition());
        assertEquals(1, state.errorCount());
        String place = folder.resolve("a.test.zone") + ":7:";
        assertTrue(state.error().startsWith(place), state.error());
        assertEquals(Outcome.FAILED, bad.last().outcome());
        assertEquals(1, bad.counts().failed());

        put("b.test.zone", zone(2, 3));
        assertEquals(2, serial(next(), "b"));
        put("a.test.zone", zone(3, 3));
        ZonesStatus good = next();
        assertEquals(3, serial(good, "a"));
        assertEquals(Condition.SERVED, state(good, "a").condition());
    }

    @Test
    void whatZonemdSaysIsAboutTheVersionThatIsServed() throws Exception {
        put("a.test.zone", zone(1, 3));
        assertEquals(ZonemdStatus.ABSENT, state(start(), "a").zonemd());
        String wrong = "@ ZONEMD 2 1 1 " + "00".repeat(48) + "\n";
        put("a.test.zone", zone(2, 3) + wrong);
        assertEquals(ZonemdStatus.MISMATCH, state(next(), "a").zonemd());
        put("a.test.zone", zone(3, 3) + "broken A 192.0.2.999\n");
        ZonesStatus bad = next();
        assertEquals(2, serial(bad, "a"));
        assertEquals(ZonemdStatus.MISMATCH, state(bad, "a").zonemd());
    }

    /// Ten times as long as a look takes is waited for the next one, and a process that stood still
    /// in the middle of a look, or whose machine was busy, took that for the look's length.
    @Test
    void aLookDuringWhichTimeWentByIsFollowedByTheNextInTime() throws Exception {
        AtomicLong hours = new AtomicLong();
        InstantSource leaping = () -> Instant.EPOCH.plus(Duration.ofHours(hours.incrementAndGet()));
        reloader =
                new Reloader(
                        folder,
                        slots,
                        ReadRules.DEFAULT,
                        leaping.withZone(ZoneOffset.UTC),
                        _ -> false,
                        published::add,
                        RecordsReceiver.NONE);
        put("a.test.zone", zone(1, 3));
        start();
        put("a.test.zone", zone(2, 3));
        assertEquals(2, serial(next(), "a"));
    }

    /// Writes a file without a zone in it, and checks what becomes of the zone.
    private ZonesStatus nonsense(String name, Condition expected) throws Exception {
        put(name + ".test.zone", "nonsense\n");
        ZonesStatus status = next();
        assertEquals(Outcome.FAILED, status.last().outcome());
        assertEquals(expected, state(status, name).condition());
        return status;
    }

    @Test
    void aNewFileWithErrorsIsUnavailableAsAtTheStartUntilItIsGoodOrGone() throws Exception {
        put("a.test.zone", zone(1, 3));
        start();
        ZonesStatus status = nonsense("b", Condition.UNAVAILABLE);
        ZoneState bad = state(status, "b");
        assertFalse(Objects.requireNonNull(bad.zone()).available());
        assertTrue(bad.error().contains("b.test.zone:1:1: error"), bad.error());
        assertEquals(2, status.set().zones().size());
        assertEquals(1, status.availableCount());
        put("b.test.zone", zone(7, 3));
        assertEquals(7, serial(next(), "b"));

        put("c.test.zone", "nonsense\n");
        assertEquals(Condition.UNAVAILABLE, state(next(), "c").condition());
        Files.delete(folder.resolve("c.test.zone"));
        assertEquals(2, next().set().zones().size());
    }

    /// A slip in a file's name must not take names away from the zone that answers them.
    @Test
    void aNewFileWithErrorsBelowAServedZoneLeavesItsAnswersUntilItHasLoadedOnce() throws Exception {
        put("a.test.zone", zone(1, 3));
        put("other.zone", zone(1, 3));
        put("other2.zone", zone(1, 3));
        start();
        ZoneState state = state(nonsense("x.y.a", Condition.ABSENT), "x.y.a");
        assertNull(state.zone());
        assertTrue(state.error().contains("x.y.a.test.zone:1:1: error"), state.error());

        put("x.y.a.test.zone", zone(7, 3));
        assertEquals(7, serial(next(), "x.y.a"));
        put("x.y.a.test.zone", "nonsense\n");
        assertEquals(Condition.STALE, state(next(), "x.y.a").condition());

        put("y.a.test.zone", "nonsense\n");
        assertEquals(Condition.ABSENT, state(next(), "y.a").condition());
        Files.delete(folder.resolve("a.test.zone"));
        ZonesStatus alone = next();
        assertEquals(Condition.UNAVAILABLE, state(alone, "y.a").condition());
        assertEquals(7, serial(alone, "x.y.a"));
    }

    /// Starts with one version of a zone, and returns what becomes of the next one.
    private ZonesStatus replaced(String before, String after) throws Exception {
        put("a.test.zone", before);
        start();
        put("a.test.zone", after);
        return next();
    }

    @Test
    void losingMostRecordsIsRefusedUntilForced() throws Exception {
        ZonesStatus refused = replaced(zone(1, 10), zone(2, 1));
        assertEquals(Outcome.REFUSED, refused.last().outcome());
        assertEquals(1, refused.counts().refused());
        assertEquals(1, serial(refused, "a"));
        assertEquals(
                "refused: 3 of the zone's 12 records would be left; 'dns-server reload --force'"
                        + " loads it anyway",
                state(refused, "a").problems().getFirst().text());

        ReloadResult again = reloader.reload(false).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(Outcome.REFUSED, again.outcome());
        next();
        ReloadResult forced = reloader.reload(true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(Outcome.OK, forced.outcome());
        assertEquals(2, serial(next(), "a"));
    }

    @Test
    void losingMostZonesIsRefusedAndTheyComeBack() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put(name + ".test.zone", zone(1, 1));
        }
        start();
        Path aside = Files.createTempDirectory("aside");
        Path elsewhere = aside.resolve("zones");
        Files.move(folder, elsewhere);
        ZonesStatus vanished = next();
        assertEquals("there is no such folder", vanished.problems().getFirst().text());
        assertEquals(3, vanished.set().zones().size());

        Files.createDirectory(folder);
        ZonesStatus refused = next();
        while (refused.last().outcome() != Outcome.REFUSED) {
            refused = next();
        }
        assertEquals(3, refused.set().zones().size());
        assertEquals(Condition.STALE, state(refused, "a").condition());

        Files.copy(elsewhere.resolve("a.test.zone"), folder.resolve("a.test.zone"));
        ZonesStatus one = next();
        while (state(one, "a").condition() != Condition.SERVED) {
            one = next();
        }
        assertEquals(3, one.set().zones().size(), "the others stay while files come back");
        ReloadResult forced = reloader.reload(true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(List.of(Name.of("b.test."), Name.of("c.test.")), forced.removed());
    }

    @Test
    void theLastZoneIsRemovedOnlyByForce() throws Exception {
        put("a.test.zone", zone(1, 1));
        start();
        Files.delete(folder.resolve("a.test.zone"));
        ZonesStatus refused = next();
        assertEquals(Outcome.REFUSED, refused.last().outcome());
        assertEquals(1, refused.availableCount());
        assertEquals(Condition.STALE, state(refused, "a").condition());
        ReloadResult forced = reloader.reload(true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(List.of(Name.of("a.test.")), forced.removed());
        assertEquals(0, next().availableCount());
    }

    @Test
    void zonesThatGoOneByOneAreRefusedWhenMoreThanHalfAreGone() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put(name + ".test.zone", zone(1, 1));
        }
        start();
        Files.delete(folder.resolve("a.test.zone"));
        assertEquals(2, next().availableCount());
        Files.delete(folder.resolve("b.test.zone"));
        ZonesStatus refused = next();
        assertEquals(Outcome.REFUSED, refused.last().outcome());
        assertEquals(2, refused.availableCount());
    }

    @Test
    void aSerialThatStaysOrGoesBackIsWarnedOfAndCounted() throws Exception {
        ZonesStatus stayed = replaced(zone(5, 3), zone(5, 4));
        assertEquals(7, served(stayed, "a").recordCount() + 1);
        assertTrue(
                state(stayed, "a").warning().contains("the serial is still 5"),
                state(stayed, "a").warning());
        assertEquals(1, stayed.counts().serialWarnings());
        put("a.test.zone", zone(4, 4));
        ZonesStatus back = next();
        assertEquals(4, serial(back, "a"));
        assertTrue(
                state(back, "a").warning().contains("went back from 5 to 4"),
                state(back, "a").warning());
        assertEquals(2, back.counts().serialWarnings());
        put("a.test.zone", "; only a comment is new\n" + zone(4, 4));
        ZonesStatus same = next();
        assertEquals("", state(same, "a").warning());
        put("a.test.zone", zone(5, 4));
        assertEquals(2, next().counts().serialWarnings());
        assertEquals(Outcome.OK, same.last().outcome());
    }

    @Test
    void aFolderBehindALinkIsSwappedAsAWhole() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(first.resolve("a.test.zone"), zone(1, 1));
        Files.writeString(second.resolve("a.test.zone"), zone(2, 1));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("a.test.zone"), Path.of("..data/a.test.zone"));
        assertEquals(1, serial(start(), "a"));
        Files.createSymbolicLink(folder.resolve("..next"), Path.of("..2"));
        Files.move(
                folder.resolve("..next"),
                folder.resolve("..data"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        assertEquals(2, serial(next(), "a"));
    }

    @Test
    void anErrorAtTheStartCostsOneZoneAndWithStrictZonesAll() throws Exception {
        put("a.test.zone", zone(1, 1));
        put("b.test.zone", "nonsense\n");
        put("..zone", "nonsense\n");
        put("x..y.zone", "nonsense\n");
        List<Problem> found = reloader.load(true);
        assertTrue(found.stream().anyMatch(each -> each.file().endsWith("b.test.zone")));
        assertTrue(found.stream().anyMatch(each -> each.file().endsWith("x..y.zone")));
        assertTrue(published.isEmpty());
        reloader.load(false);
        ZonesStatus status = next();
        assertEquals(Condition.UNAVAILABLE, state(status, "b").condition());
        assertFalse(served(status, "b").available());
        assertEquals(1, status.availableCount());
    }

    @Test
    void anEmptyFolderIsAnErrorAtTheStart() throws Exception {
        assertEquals(
                List.of("has no zone file named ORIGIN.zone"),
                reloader.load(false).stream().map(Problem::text).toList());
    }

    @Test
    void zonesKeepTheirCounterSlotsAndTheLastOnesShareOne() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put(name + ".test.zone", zone(1, 1));
        }
        ZonesStatus status = start();
        assertEquals(2, served(status, "a").counterSlot());
        assertEquals(3, served(status, "b").counterSlot());
        assertEquals(1, served(status, "c").counterSlot());
        put("b.test.zone", zone(2, 1));
        assertEquals(3, served(next(), "b").counterSlot());
    }
}
