package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows B14 and B15 of the inputs from the field: attacks by a host on the link or on the path,
/// which overhears every packet and sends packets with any source. The built programs run.
class AttackIT extends BesideRouter {

    private static final Duration LIMIT = Programs.LIMIT;

    /// Several heartbeats, and longer than a heartbeat is valid.
    private static final Duration AFTERMATH = Duration.ofSeconds(3);

    /// Faster than the heartbeats, so that the attack would always have the last word.
    private static final Duration OFTEN = Duration.ofMillis(20);

    private static final int BFD_PORT = 3784;

    private static final String V4_LOST = "> removed .*192\\.0\\.2\\.0/24";

    /// The default, which is stronger, comes first.
    private static final String[] METHODS = {"meticulous keyed sha1", "keyed sha1"};

    @Test
    void b14HeartbeatsThatAreRecordedAndReplayedChangeNothing() throws Exception {
        for (String key : List.of("route_localnet", "accept_local")) {
            // What a tap sends on lo has local addresses, which is otherwise refused.
            String line = "net.ipv4.conf.lo." + key + "=1";
            network.programs().run(network.pop(), "sysctl", "-q", "-w", line);
        }
        try (Wiretap tap = Wiretap.on(network.pop(), "lo")) {
            Inside.run(
                    network.pop(),
                    () -> {
                        try (FleetSites fleet = new FleetSites(folder)) {
                            sickSiteIsNotWithdrawnBecauseOfReplays(fleet, tap);
                            sickSiteIsNotKeptBecauseOfReplays(fleet, tap);
                            silenceIsNotFilledByReplays(fleet, tap);
                        }
                    });
        }
    }

    /// While ams1 is withdrawn, fra1 may not withdraw as well. Recorded good heartbeats would let
    /// it.
    private void sickSiteIsNotWithdrawnBecauseOfReplays(FleetSites fleet, Wiretap tap)
            throws Exception {
        Site fra = fleet.site("fra1");
        int from = fleet.port("ams1");
        int to = fleet.port("fra1");
        List<Frame> attack = new ArrayList<>(recorded(tap, fleet, "ams1", "fra1"));
        recorded(tap, fleet, "sin1", "fra1").forEach(frame -> attack.add(frame.ports(from, to)));
        recorded(tap, fleet, "fra1", "ams1").forEach(frame -> attack.add(frame.ports(from, to)));
        fleet.responder("ams1").bend(TestResponder.SERVFAIL);
        fleet.site("ams1").wire.await(Change.WITHDRAWN, LIMIT);
        try (AutoCloseable _ = tap.repeat(OFTEN, attack)) {
            fra.announcer.awaitLine("a heartbeat from .*:" + from + " is ignored", LIMIT);
            fleet.responder("fra1").bend(TestResponder.SERVFAIL);
            fra.wire.await(Change.DEPREFERENCED, LIMIT);
            LockSupport.parkNanos(AFTERMATH.toNanos());
            assertEquals(0, fra.wire.count(Change.WITHDRAWN), fra.announcer::tail);
        }
    }

    /// All sites are well but fra1. Recorded heartbeats of the time when ams1 was withdrawn would
    /// keep it announced.
    private void sickSiteIsNotKeptBecauseOfReplays(FleetSites fleet, Wiretap tap) throws Exception {
        Site fra = fleet.site("fra1");
        List<Frame> attack = recorded(tap, fleet, "ams1", "fra1");
        for (String name : List.of("ams1", "fra1")) {
            fleet.responder(name).bend(TestResponder.RIGHT);
            fleet.site(name).resume();
            fleet.site(name).wire.await(Change.ANNOUNCED, LIMIT);
        }
        try (AutoCloseable _ = tap.repeat(OFTEN, attack)) {
            LockSupport.parkNanos(AFTERMATH.toNanos());
            fleet.responder("fra1").bend(TestResponder.SERVFAIL);
            fra.wire.await(Change.WITHDRAWN, LIMIT);
        }
    }

    /// sin1 dies, and its last heartbeats go on: to ams1, and to ams1 after its own restart, while
    /// they are younger than the clocks of two sites may differ.
    private void silenceIsNotFilledByReplays(FleetSites fleet, Wiretap tap) throws Exception {
        tap.forget();
        List<Frame> attack = recorded(tap, fleet, "sin1", "ams1");
        fleet.site("sin1").close();
        try (AutoCloseable _ = tap.repeat(OFTEN, attack)) {
            Program ams = fleet.site("ams1").announcer;
            ams.awaitLine("PoP sin1 is silent and counts as down", LIMIT);
            assertTrue(fleet.site("ams1").page("/metrics").contains("anycast_fleet_silent 1"));
            fleet.site("ams1").close();
            Site again = fleet.start("ams1");
            again.announcer.awaitLine("1 other PoPs were never heard", LIMIT);
            String log = again.announcer.text(Stream.ERR);
            assertFalse(log.contains("PoP sin1"), log);
            assertTrue(again.page("/metrics").contains("anycast_fleet_silent 1"));
        }
    }

    /// Returns heartbeats of one site to another, ready to be sent again: the host's own packets
    /// are overheard without a valid checksum.
    private static List<Frame> recorded(Wiretap tap, FleetSites fleet, String from, String to)
            throws InterruptedException {
        tap.forget();
        return tap.await(10, frame -> frame.isUdp(fleet.port(from), fleet.port(to))).stream()
                .map(frame -> frame.carrying(frame.payload(), 64))
                .toList();
    }

    /// The attacker forges what ends a session, with every discriminator but the session's own.
    @Test
    void b15ForgedBfdPacketsLeaveTheSessionUpAndTheRouteInPlace() throws Exception {
        Program bird =
                network.bird(AuthenticatedBfd.protocol("") + RouterNetwork.session("bfd on;"));
        Program announcer = announcer("true");
        int mark = upWithRoute(bird, announcer);
        try (Wiretap tap = Wiretap.on(network.router(), network.router())) {
            Frame real = tap.await(1, AttackIT::isOfBird).getFirst();
            List<Frame> attack = new ArrayList<>();
            for (int state : new int[] {0, 1, 2}) { // AdminDown, Down, Init
                attack.add(real.carrying(forged(real, state, 0x11223344, 0), 255));
                attack.add(real.carrying(forged(real, state, 0x11223344, 0x55667788), 255));
            }
            attack.add(attack.getFirst().from("198.51.100.66"));
            try (AutoCloseable _ = tap.repeat(OFTEN, attack)) {
                announcer.awaitLine(
                        "BFD packets discarded: no discriminator of the session", LIMIT);
                announcer.awaitLine("BFD packets discarded: another discriminator", LIMIT);
                LockSupport.parkNanos(AFTERMATH.toNanos());
                assertUntouched(mark, bird);
            }
            assertDiscarded("unproven");
            assertDiscarded("other_discriminator");
        }
    }

    /// The attacker knows the discriminators, but not the key.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void b15WithAKeyEvenWhoOverhearsTheDiscriminatorsEndsNothing(int method) throws Exception {
        try (Wiretap tap = Wiretap.on(network.router(), network.router())) {
            Program bird =
                    network.bird(
                            AuthenticatedBfd.protocol(
                                            AuthenticatedBfd.bird(METHODS[method], "right"))
                                    + RouterNetwork.session("bfd on;"));
            Program announcer = announcer(AuthenticatedBfd.ours(folder, METHODS[method], "right"));
            int mark = upWithRoute(bird, announcer);
            List<Frame> heard = tap.heard(AttackIT::isOfBird);
            Frame real = heard.getLast();
            byte[] down = forged(real, 1, 0, 0);
            System.arraycopy(real.payload(), 4, down, 4, 8); // both discriminators
            byte[] unsigned = Arrays.copyOf(down, 24);
            unsigned[1] &= ~4;
            unsigned[3] = 24;
            List<Frame> attack = new ArrayList<>();
            heard.subList(0, 3).forEach(old -> attack.add(old.carrying(old.payload(), 255)));
            attack.add(real.carrying(unsigned, 255));
            attack.add(real.carrying(down, 255)); // the signature is that of another packet
            try (AutoCloseable _ = tap.repeat(OFTEN, attack)) {
                announcer.awaitLine("BFD packets discarded: no authentication", LIMIT);
                announcer.awaitLine("BFD packets discarded: another authentication", LIMIT);
                announcer.awaitLine("BFD packets discarded: a sequence number", LIMIT);
                LockSupport.parkNanos(AFTERMATH.toNanos());
                assertUntouched(mark, bird);
            }
            for (String reason : List.of("unauthenticated", "bad_authentication", "replayed")) {
                assertDiscarded(reason);
            }
        }
    }

    private static boolean isOfBird(Frame frame) {
        return frame.isUdp("198.51.100.1", BFD_PORT);
    }

    /// Returns a packet of BFD like a real one, with another state and other discriminators.
    private static byte[] forged(Frame real, int state, int mine, int yours) {
        byte[] packet = real.payload();
        packet[1] = (byte) ((packet[1] & 0x3f) | state << 6);
        ByteBuffer.wrap(packet).putInt(4, mine).putInt(8, yours);
        return packet;
    }

    /// Returns the mark in BIRD's trace from which on nothing may happen.
    private int upWithRoute(Program bird, Program announcer) throws Exception {
        network.responder(Repository.root().resolve("zones"));
        bird.awaitLine("pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        announcer.awaitLine("BFD up", LIMIT);
        Eventually.seen(
                "BFD at its interval",
                LIMIT,
                network::status,
                status -> status.contains("packets every 300 ms"));
        return bird.mark();
    }

    private void assertUntouched(int mark, Program bird) throws Exception {
        String trace = String.join("\n", lines(bird, mark));
        assertFalse(trace.matches("(?s).*(" + V4_LOST + "|changed state from Up).*"), trace);
        String status = network.status();
        assertTrue(status.contains("BFD Up since"), status);
        assertFalse(status.contains("last went down"), status);
        assertTrue(metrics().contains("bfd_session_flaps_total{neighbor=\"198.51.100.1\"} 0"));
        assertTrue(network.table().contains("192.0.2.0/24"), bird::tail);
    }

    private static List<String> lines(Program program, int mark) {
        return program.text(Stream.ERR).lines().skip(mark).toList();
    }

    private void assertDiscarded(String reason) throws Exception {
        String metrics = metrics();
        assertTrue(
                metrics.contains("bfd_packets_discarded_total{reason=\"" + reason + "\"} "),
                metrics);
    }

    private String metrics() throws Exception {
        return network.page("/metrics").body();
    }

    private Program announcer(String bfd) throws Exception {
        return network.announcer(
                TestConfig.SITE
                        + TestConfig.router(65001, "bfd: " + bfd)
                        + TestConfig.PATIENT_HEALTH);
    }
}
