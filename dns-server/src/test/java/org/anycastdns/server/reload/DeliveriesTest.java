package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.PlainFiles;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Zones that are delivered beside those of the folder.
class DeliveriesTest extends WatchedFolder {

    private Path zoneFolder;

    @BeforeEach
    void open() {
        zoneFolder = folder;
        reloader = reloader(folder, ReadRules.DEFAULT, published::add, Faults.NONE);
    }

    private Delivery.Served version(String zone, int serial) throws Exception {
        Name name = Name.of(zone + ".test.");
        Path file = Files.createTempFile("delivered", ".zone");
        Files.writeString(file, HEAD.formatted(serial));
        Records records = new Records();
        for (ResourceRecord record :
                ZoneFile.read(name, file.toString(), PlainFiles::read).records()) {
            records.add(record, 0);
        }
        Files.delete(file);
        ImageFactory.Made made =
                reloader.images().make(name, "zone " + name, records, ParallelRunner.ALONE);
        return assertInstanceOf(ImageFactory.Made.Good.class, made, made::toString).served();
    }

    private static Problem problem(String text) {
        return Problem.whole("zone a.test.", Problem.Severity.ERROR, text);
    }

    @Test
    void aDeliveredZoneHidesItsFileUntilItIsRemoved() throws Exception {
        put("a", 1);
        put("b", 2);
        reloader.deliver(version("a", 7));
        assertEquals(1, reloader.load(false).size());
        ZonesStatus first = next();
        assertEquals(7, serial(first, "a"));
        assertEquals(2, serial(first, "b"));
        assertTrue(
                first.problems()
                        .getFirst()
                        .toString()
                        .contains("a.test.zone:1:1: warning: is ignored"),
                first.problems()::toString);
        assertEquals(Outcome.OK, first.last().outcome());
        reloader.start(LOOK);
        put("a", 8);
        reloader.deliver(version("a", 9));
        assertEquals(9, serial(until(status -> serial(status, "a") != 7), "a"));
        reloader.deliver(new Delivery.Removed(Name.of("a.test.")));
        assertEquals(
                8,
                serial(
                        until(status -> status.availableCount() == 2 && serial(status, "a") != 9),
                        "a"));
    }

    @Test
    void withDeliveredZonesTheFolderMayBeAbsentFromTheBeginning() throws Exception {
        reloader =
                reloader(
                        zoneFolder.resolve("none"), ReadRules.DEFAULT, published::add, Faults.NONE);
        reloader.deliver(
                new Delivery.Unavailable(Name.of("a.test."), false, problem("is not there yet")));
        assertEquals(List.of(), reloader.load(true));
        assertTrue(reloader.isReadable());
        ZoneState none = state(next(), "a");
        assertEquals(Condition.UNAVAILABLE, none.condition());
        assertEquals("zone a.test.: error: is not there yet", none.error());
        assertFalse(Objects.requireNonNull(none.zone()).isExpired());
        reloader.start(LOOK);
        reloader.deliver(version("a", 1));
        assertEquals(1, serial(until(status -> status.availableCount() == 1), "a"));
        Files.createDirectory(zoneFolder.resolve("none"));
        Files.writeString(zoneFolder.resolve("none/b.test.zone"), HEAD.formatted(3));
        assertEquals(3, serial(until(status -> status.availableCount() == 2), "b"));
        // From now on a folder that vanishes is an accident.
        Files.delete(zoneFolder.resolve("none/b.test.zone"));
        Files.delete(zoneFolder.resolve("none"));
        ZonesStatus vanished = until(status -> !status.problems().isEmpty());
        assertEquals(2, vanished.availableCount());
    }

    @Test
    void theStateOfADeliveredZoneFollowsWhatIsDelivered() throws Exception {
        put("b", 2);
        assertEquals(List.of(), reloader.load(false));
        reloader.start(LOOK);
        Name name = Name.of("a.test.");
        reloader.deliver(version("a", 1));
        assertEquals(2, until(status -> status.availableCount() == 2).set().zones().size());
        reloader.deliver(new Delivery.Stale(name, problem("nobody answers")));
        ZoneState stale = state(until(status -> status.count(Condition.STALE) == 1), "a");
        assertEquals("zone a.test.: error: nobody answers", stale.error());
        reloader.deliver(new Delivery.Fresh(name, List.of()));
        assertEquals("", state(until(status -> status.count(Condition.STALE) == 0), "a").error());
        reloader.deliver(new Delivery.Unavailable(name, true, problem("has expired")));
        ZonesStatus expired = until(status -> status.count(Condition.UNAVAILABLE) == 1);
        assertTrue(Objects.requireNonNull(state(expired, "a").zone()).isExpired());
        // A reload asks for files only.
        ReloadResult result = reloader.reload(false).get();
        assertEquals(Outcome.OK, result.outcome());
        assertEquals(List.of(), result.removed());
        reloader.deliver(version("a", 5));
        assertEquals(5, serial(until(status -> status.availableCount() == 2), "a"));
        Files.delete(folder.resolve("b.test.zone"));
        // The last zone of the folder, as before.
        ZonesStatus refused = until(status -> status.last().outcome() == Outcome.REFUSED);
        assertEquals(2, refused.availableCount());
    }

    /// A crowd of deliveries is published in few steps, each of which costs time for all zones.
    @Test
    void manyDeliveriesArePublishedTogether() throws Exception {
        put("b", 2);
        assertEquals(List.of(), reloader.load(false));
        reloader.start(null);
        var _ = next();
        List<Delivery> crowd = new java.util.ArrayList<>();
        for (int i = 0; i < 100; i++) {
            crowd.add(version("z" + i, i));
        }
        crowd.forEach(reloader::deliver);
        int steps = 0;
        ZonesStatus status = next();
        while (status.availableCount() < 101) {
            status = next();
            steps++;
        }
        assertTrue(steps < 50, "published " + steps + " times");
    }
}
