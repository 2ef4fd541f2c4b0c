package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.secondary.LoopbackPrimary.Manner;
import org.anycastdns.server.transfer.secondary.TransferStatus.State;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Zones from primaries on loopback, with the reloader and the state folder of the product. The
/// clock can be set forward.
@Timeout(120)
class SecondaryZonesTest {

    private static final long WAIT_SECONDS = 60;

    private static final int FLOODED_ZONES = 500;

    private static final Name ZONE = CannedPrimary.ZONE;
    private static final String NS = "example. NS ns.example.";
    private static final String GLUE = "ns.example. A 192.0.2.53";
    private static final String A = "a.example. A 192.0.2.1";
    private static final String B = "b.example. A 192.0.2.2";

    @TempDir Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private final AtomicLong aheadSeconds = new AtomicLong();
    private LoopbackPrimary primary;
    private LoopbackPrimary other;

    @SuppressWarnings("NullAway.Init") // made by start()
    private Reloader reloader;

    @SuppressWarnings("NullAway.Init") // made by start()
    private SecondaryZones zones;

    @BeforeEach
    void primaries() throws IOException {
        primary = new LoopbackPrimary();
        other = new LoopbackPrimary();
    }

    @AfterEach
    void end() throws IOException {
        stop();
        primary.close();
        other.close();
    }

    private void stop() {
        if (zones != null) {
            zones.close();
            reloader.close();
        }
    }

    private static Primary named(String name, LoopbackPrimary of) {
        return new Primary(name, of.address(), null);
    }

    /// Starts with both primaries.
    private void start() throws IOException, InterruptedException {
        start(List.of(named("first", primary), named("second", other)));
    }

    private void start(List<Primary> primaries) throws IOException, InterruptedException {
        start(Map.of(ZONE, primaries));
    }

    private void start(Map<Name, List<Primary>> primaries)
            throws IOException, InterruptedException {
        RunningSecondary running =
                RunningSecondary.start(folder, primaries, List.of(), published, aheadSeconds::get);
        reloader = running.reloader();
        zones = running.zones();
    }

    private void goOn(long seconds) {
        aheadSeconds.addAndGet(seconds);
        zones.look();
    }

    private ZoneState until(Predicate<ZoneState> condition) throws InterruptedException {
        while (true) {
            ZonesStatus status = published.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(status, () -> "not published; " + zones.status(ZONE));
            for (ZoneState zone : status.zones()) {
                if (zone.apex().equals(ZONE) && condition.test(zone)) {
                    return zone;
                }
            }
        }
    }

    /// Waits until a version is served, and compares it with what the primary has, octet for octet.
    private void served(long serial, String... records) throws InterruptedException {
        ZoneState state = until(zone -> zone.available() && served(zone).serial() == (int) serial);
        Zone expected = expected(serial, List.of(records));
        assertTrue(expected.sameContent(served(state)), state::toString);
        // It is published first, and its timers begin right afterwards.
        var _ =
                status(now ->
                        now.serial().equals(OptionalLong.of(serial))
                                && now.state() == State.CURRENT);
    }

    private static Zone expected(long serial, List<String> records) {
        ZoneBuilder expected = new ZoneBuilder(ZONE);
        expected.add(CannedPrimary.soaRecord(serial).record());
        for (String record : records) {
            expected.add(CannedPrimary.record(record).zoneRecord());
        }
        return expected.build(0);
    }

    private static Zone served(ZoneState state) {
        return Objects.requireNonNull(state.zone());
    }

    private Verdict notify(LoopbackPrimary from, int serial) {
        return zones.notified(ZONE, from.address().getAddress(), null, OptionalInt.of(serial));
    }

    private TransferStatus status() {
        return Objects.requireNonNull(zones.status(ZONE));
    }

    private TransferStatus status(Predicate<TransferStatus> condition) throws InterruptedException {
        return Eventually.seen("status", Duration.ofSeconds(WAIT_SECONDS), this::status, condition);
    }

    private void awaitAsked(LoopbackPrimary of, String type) throws InterruptedException {
        String next = "";
        while (!next.equals(type)) {
            next = of.asked.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next, "it was not asked for " + type);
        }
    }

    private TransferStatus refresh(boolean whole) throws Exception {
        return Objects.requireNonNull(zones.refresh(ZONE, whole))
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aZoneArrivesAndItsChangesFollowAfterNotify() throws Exception {
        primary.serve(1, NS, GLUE, A);
        start();
        served(1, NS, GLUE, A);
        assertEquals(List.of("AXFR"), primary.asked());
        primary.serve(2, NS, GLUE, A, B).serve(5, NS, GLUE, B);
        assertEquals(Verdict.TAKEN, notify(primary, 5));
        served(5, NS, GLUE, B);
        assertEquals(List.of("SOA", "IXFR"), primary.asked());
        assertEquals(List.of(), other.asked());
        TransferStatus status = status(now -> now.serial().equals(OptionalLong.of(5)));
        assertEquals(State.CURRENT, status.state());
        assertEquals("ixfr", Objects.requireNonNull(status.last()).kind());
        assertEquals(Map.of("axfr", 1L, "ixfr", 1L), zones.counters().transfers());
    }

    /// Case 1.
    @Test
    void afterRefreshThePrimaryIsAskedAndAfterExpireTheZoneIsNotServed() throws Exception {
        primary.serve(1, NS, GLUE);
        start(List.of(named("first", primary)));
        served(1, NS, GLUE);
        goOn(3_601);
        awaitAsked(primary, "SOA");
        assertEquals("", refresh(false).error());
        primary.manner = Manner.REFUSES;
        goOn(80_000);
        ZoneState stale = until(zone -> zone.condition() == Condition.STALE);
        assertTrue(stale.available());
        assertTrue(stale.error().contains("for half of its EXPIRE time"), stale::error);
        assertEquals(State.STALE, status(now -> now.error().contains("REFUSED")).state());
        goOn(6_401);
        ZoneState expired = until(zone -> zone.condition() == Condition.UNAVAILABLE);
        assertTrue(served(expired).isExpired());
        assertTrue(expired.error().contains("REFUSED"), expired::error);
        assertEquals(State.EXPIRED, status(now -> now.state() != State.STALE).state());
        // Case 4: any serial is good now.
        primary.manner = Manner.USUAL;
        primary.serve(0, NS, GLUE, B);
        assertEquals(Verdict.TAKEN, notify(primary, 0));
        served(0, NS, GLUE, B);
    }

    /// Cases 20 and 23.
    @Test
    void changesThatDoNotFitAreReplacedByTheWholeZone() throws Exception {
        primary.serve(1, NS, GLUE, A);
        start(List.of(named("first", primary)));
        served(1, NS, GLUE, A);
        primary.asked();
        primary.manner = Manner.WRONG_CHANGES;
        primary.serve(2, NS, GLUE, B);
        assertEquals(Verdict.TAKEN, notify(primary, 2));
        served(2, NS, GLUE, B);
        assertEquals(List.of("SOA", "IXFR", "SOA", "AXFR"), primary.asked());
        primary.manner = Manner.NO_IXFR;
        primary.serve(3, NS, GLUE, A, B);
        assertEquals("", refresh(false).error());
        served(3, NS, GLUE, A, B);
        assertEquals(List.of("SOA", "IXFR", "AXFR"), primary.asked());
        primary.serve(4, NS, GLUE, A);
        assertEquals("", refresh(false).error());
        assertEquals(List.of("SOA", "AXFR"), primary.asked());
        for (int i = 0; i < 2; i++) {
            goOn(TimeUnit.DAYS.toSeconds(1) / 2);
            assertEquals("", refresh(false).error());
        }
        primary.asked();
        primary.manner = Manner.USUAL;
        primary.serve(5, NS, GLUE, B);
        assertEquals("", refresh(false).error());
        served(5, NS, GLUE, B);
        assertEquals(List.of("SOA", "IXFR"), primary.asked());
    }

    /// Cases 2, 11, 24, 29.
    @Test
    void onePrimaryIsDeadTheOtherHelps() throws Exception {
        primary.serve(7, NS, GLUE).manner = Manner.TORN;
        other.serve(8, NS, GLUE, A);
        start();
        served(8, NS, GLUE, A);
        assertEquals(List.of("AXFR"), primary.asked());
        // The first one lags behind: it neither blocks nor fails the round.
        primary.manner = Manner.USUAL;
        assertEquals("", refresh(false).error());
        assertEquals(OptionalLong.of(8), status().primarySerial());
        primary.close();
        other.serve(9, NS, GLUE, B);
        assertEquals(Verdict.TAKEN, notify(other, 9));
        served(9, NS, GLUE, B);
    }

    /// Case 9.
    @Test
    void onlyRetransferGoesBack() throws Exception {
        primary.serve(5, NS, GLUE, A);
        start(List.of(named("first", primary)));
        served(5, NS, GLUE, A);
        primary.serve(3, NS, GLUE, B);
        TransferStatus behind = refresh(false);
        assertEquals(OptionalLong.of(5), behind.serial());
        assertEquals(OptionalLong.of(3), behind.primarySerial());
        assertTrue(behind.error().contains("zone retransfer example."), behind.error());
        assertEquals("", refresh(true).error());
        served(3, NS, GLUE, B);
        assertEquals(OptionalLong.of(3), status(now -> now.error().isEmpty()).serial());
    }

    @Test
    void retransferWaitsForChangesUnderWayAndTakesTheWholeZoneThen() throws Exception {
        primary.serve(1, NS, GLUE, A);
        start(List.of(named("first", primary)));
        served(1, NS, GLUE, A);
        primary.serve(2, NS, GLUE, B);
        assertEquals(Verdict.TAKEN, notify(primary, 2));
        awaitAsked(primary, "IXFR");
        assertEquals("", refresh(true).error());
        assertEquals("axfr", Objects.requireNonNull(status().last()).kind());
        served(2, NS, GLUE, B);
    }

    /// Case 5.
    @Test
    void aRestartServesWhatIsStoredAndExpiryCountsTheTimeBetween() throws Exception {
        primary.serve(1, NS, GLUE);
        start(List.of(named("first", primary)));
        served(1, NS, GLUE);
        primary.serve(2, NS, GLUE, A);
        assertEquals("", refresh(false).error());
        stop();
        primary.manner = Manner.SILENT;
        start(List.of(named("first", primary)));
        served(2, NS, GLUE, A);
        assertEquals(State.CURRENT, status().state());
        stop();
        aheadSeconds.addAndGet(86_401);
        start(List.of(named("first", primary)));
        ZoneState expired = until(zone -> zone.condition() == Condition.UNAVAILABLE);
        assertTrue(served(expired).isExpired());
        primary.manner = Manner.USUAL;
        assertEquals(Verdict.TAKEN, notify(primary, 2));
        served(2, NS, GLUE, A);
        stop();
        // The changes after the restart begin at the stored version.
        primary.asked();
        primary.serve(3, NS, GLUE, B);
        start(List.of(named("first", primary)));
        assertEquals("", refresh(false).error());
        served(3, NS, GLUE, B);
        assertEquals(List.of("SOA", "IXFR"), primary.asked());
    }

    /// Case 63.
    @Test
    void notifyOfStrangersIsRefused() throws Exception {
        primary.serve(1, NS, GLUE);
        start();
        InetAddress stranger = InetAddress.ofLiteral("192.0.2.66");
        OptionalInt serial = OptionalInt.of(1);
        assertEquals(Verdict.REFUSED, zones.notified(ZONE, stranger, null, serial));
        assertEquals(
                Verdict.REFUSED,
                zones.notified(ZONE, primary.address().getAddress(), Name.of("other."), serial));
        assertEquals(
                Verdict.NOT_AUTHORITATIVE,
                zones.notified(Name.of("other."), stranger, null, serial));
    }

    /// Case 66.
    @Test
    void aFloodOfNotifyCostsARequestForEachZone() throws Exception {
        Map<Name, List<Primary>> many = new HashMap<>();
        for (int i = 0; i < FLOODED_ZONES; i++) {
            many.put(Name.of("z" + i + "."), List.of(named("first", primary)));
        }
        start(many);
        Eventually.seen(
                "each zone was refused",
                Duration.ofSeconds(WAIT_SECONDS),
                zones::all,
                all -> all.stream().noneMatch(each -> each.error().isEmpty()));
        int threads = Thread.activeCount();
        List<String> _ = primary.asked();
        for (int i = 0; i < 100 * FLOODED_ZONES; i++) {
            assertEquals(
                    Verdict.TAKEN,
                    zones.notified(
                            Name.of("z" + i % FLOODED_ZONES + "."),
                            primary.address().getAddress(),
                            null,
                            OptionalInt.empty()));
        }
        assertTrue(Thread.activeCount() <= threads, "threads were started");
        // The last one waits behind all others.
        var last = zones.refresh(Name.of("z0."), false);
        var _ = Objects.requireNonNull(last).get(WAIT_SECONDS, TimeUnit.SECONDS);
        long asked = primary.asked().size();
        assertTrue(asked <= 50L * FLOODED_ZONES, asked + " requests");
    }

    /// Case 65.
    @Test
    void aPromisedSerialIsAskedForAFewTimes() throws Exception {
        primary.serve(1, NS, GLUE);
        start(List.of(named("first", primary)));
        served(1, NS, GLUE);
        assertEquals(Verdict.TAKEN, notify(primary, 2));
        awaitAsked(primary, "SOA");
        awaitAsked(primary, "SOA");
        primary.serve(2, NS, GLUE, A);
        served(2, NS, GLUE, A);
    }

    /// Case 37: a set that fits no message.
    @Test
    void aVersionThatCannotBeServedKeepsTheOldOne() throws Exception {
        primary.serve(1, NS, GLUE, A);
        start(List.of(named("first", primary)));
        served(1, NS, GLUE, A);
        String[] large = new String[302];
        large[0] = NS;
        large[1] = GLUE;
        for (int i = 2; i < large.length; i++) {
            large[i] = "t.example. TXT \"%d%s\"".formatted(i, "x".repeat(240));
        }
        primary.serve(2, large);
        TransferStatus bad = refresh(false);
        assertTrue(bad.error().contains("more than a message can hold"), bad.error());
        assertEquals(OptionalLong.of(1), bad.serial());
        ZoneState stale = until(zone -> zone.condition() == Condition.STALE);
        assertEquals(1, served(stale).serial());
        primary.serve(3, NS, GLUE, B);
        assertEquals("", refresh(false).error());
        served(3, NS, GLUE, B);
    }

    @Test
    void aZoneWithoutDataIsUnavailableAndAskedAgain() throws Exception {
        primary.manner = Manner.REFUSES;
        start(List.of(named("first", primary)));
        ZoneState none = until(zone -> zone.condition() == Condition.UNAVAILABLE);
        assertFalse(served(none).isExpired());
        assertTrue(none.error().contains("has not arrived yet"), none::error);
        awaitAsked(primary, "AXFR");
        primary.manner = Manner.USUAL;
        primary.serve(1, NS, GLUE);
        // Without data it tries again by itself, after two seconds and more.
        served(1, NS, GLUE);
    }

    @Test
    void aPrimaryThatDoesNotListenIsLeftAloneForAWhile() throws Exception {
        InetSocketAddress gone = primary.address();
        primary.close();
        other.serve(1, NS, GLUE);
        start(List.of(new Primary("gone", gone, null), named("second", other)));
        served(1, NS, GLUE);
        assertEquals(1L, zones.counters().requests().get("unreachable"));
        other.serve(2, NS, GLUE, A);
        goOn(3_601);
        served(2, NS, GLUE, A);
    }
}
