package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests with a real BIRD 2 in its own network namespace. BIRD learns the anycast prefixes while
/// the responder is healthy and loses them when it is not. BIRD's own trace gives the times.
class BirdIT extends BesideRouter {

    private static final String V4 = "192.0.2.0/24";
    private static final String V6 = "2001:db8:53::/48";
    private static final int ROUTER_AS = 65001;

    /// Covers the start of a JVM on a busy machine, the start of the session, and the probes that
    /// must succeed.
    private static final Duration UP_LIMIT = Duration.ofSeconds(60);

    /// The promised limit: the routes are gone 2 s after the responder's end.
    private static final Duration LOSS_LIMIT = Duration.ofSeconds(2);

    /// The announcer's hold time of 9 s, and as much again for BIRD, which waits longer if it was
    /// delayed in reading.
    private static final Duration HALF_OPEN_LIMIT = Duration.ofSeconds(20);

    /// How long a drain takes without clients: a second for each phase, and the start of JVMs for
    /// the commands.
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);

    /// The hold-down after the second failure, less the inaccuracy of a clock tick.
    private static final Duration HOLD_DOWN = Duration.ofMillis(9900);

    private static final String ZONE =
            """
            $ORIGIN example.com.
            $TTL 300
            @ SOA ns1 hostmaster 1 7200 3600 1209600 300
            @ NS ns1
            ns1 A 192.0.2.53
            """;

    private Program bird;

    @BeforeEach
    void startRouter() throws IOException, InterruptedException {
        bird = network.bird(RouterNetwork.session(V6_CHANNEL));
    }

    @Test
    void bothPrefixesAreLearnedThenLostWithin2SecondsOfTheRespondersKillThenRegained()
            throws IOException, InterruptedException {
        Program responder = responder();
        announcer(ROUTER_AS);
        awaitRoutes(0);
        String table = table();
        assertTrue(table.contains(V4) && table.contains("[AS65010i]"), table);
        assertTrue(table.contains("via 198.51.100.2"), table);
        assertTrue(table.contains("BGP.as_path: 65010 65010"), table);
        assertTrue(table.contains("BGP.med: 7"), table);
        assertTrue(table.contains("BGP.community: (65001,42)"), table);
        assertTrue(table.contains("BGP.large_community: (4200000000, 1, 42)"), table);
        assertTrue(table.contains(V6) && table.contains("via 2001:db8:ffff::2"), table);

        assertLostWithin(LOSS_LIMIT, () -> responder.signal(Signal.KILL));
        assertFalse(table().contains("192.0.2.0"), "gone from the table too");

        int mark = bird.mark();
        responder();
        awaitRoutes(mark);
    }

    @Test
    void aHungResponderLosesTheRoutesAndRegainsThemWhenItGoesOn()
            throws IOException, InterruptedException {
        Program responder = responder();
        announcer(ROUTER_AS);
        awaitRoutes(0);
        assertLostWithin(Duration.ofSeconds(3), () -> responder.signal(Signal.STOP));
        int mark = bird.mark();
        responder.signal(Signal.CONT);
        awaitRoutes(mark);
    }

    @Test
    void anAnnouncerThatIsAskedToEndWithdrawsAndExitsWith0()
            throws IOException, InterruptedException {
        Program announcer = announced();
        int mark = bird.mark();
        assertLostWithin(DRAIN_LIMIT, () -> announcer.signal(Signal.TERM));
        assertDepreferencedBeforeItWasLost(mark);
        assertEquals(0, announcer.awaitExit(UP_LIMIT), announcer::tail);
    }

    @Test
    void aDrainMakesTheRoutesUnattractiveBeforeTheyGoAndResumeBringsThemBack()
            throws IOException, InterruptedException {
        announced();
        int mark = bird.mark();
        assertLostWithin(DRAIN_LIMIT, () -> network.command("drain", "--reason", "disk swap"));
        assertDepreferencedBeforeItWasLost(mark);
        bird.awaitLine(mark, "pop: Received: Administrative shutdown: .*disk swap", UP_LIMIT);
        assertBackAfter(() -> network.command("resume"));
    }

    @Test
    void aStaleZoneMakesTheRoutesUnattractiveAndNothingMore()
            throws IOException, InterruptedException {
        Path zones = Files.createDirectory(folder.resolve("zones"));
        Path zone = Files.writeString(zones.resolve("example.com.zone"), ZONE);
        network.responder(zones);
        announcer(ROUTER_AS);
        awaitRoutes(0);
        int mark = bird.mark();
        Files.writeString(zone, ZONE + "broken A 192.0.2\n");
        awaitRoutes(mark);
        String table = table();
        assertTrue(table.contains("BGP.as_path: 65010 65010 65010 65010 65010"), table);
        assertTrue(table.contains("BGP.med: 1000"), table);
        assertTrue(table.contains("BGP.community: (65001,42) (65535,0)"), table);
        String status = network.status();
        assertTrue(status.contains("ams1: DEPREFERENCED since "), status);
        assertTrue(status.contains("1 stale zone: example.com. is stale"), status);

        assertBackAfter(() -> Files.writeString(zone, ZONE + "mended A 192.0.2.1\n"));
        assertFalse(table().contains("(65535,0)"), table());
        assertFalse(bird.text(Program.Stream.ERR).contains("> removed"), bird::tail);
    }

    @Test
    void theSecondReturnWaitsOutTheHoldDown() throws IOException, InterruptedException {
        Program first = responder();
        announcer(ROUTER_AS);
        awaitRoutes(0);
        assertLostWithin(LOSS_LIMIT, () -> first.signal(Signal.KILL));
        int mark = bird.mark();
        Program second = responder();
        awaitRoutes(mark);
        int lost = bird.mark();
        assertLostWithin(LOSS_LIMIT, () -> second.signal(Signal.KILL));
        responder();
        Program.Line gone = bird.awaitLine(lost, "pop\\.ipv4 > removed", UP_LIMIT);
        Program.Line back = bird.awaitLine(lost, "pop\\.ipv4 > added", UP_LIMIT);
        Duration held = Duration.ofNanos(back.nanos() - gone.nanos());
        assertTrue(held.compareTo(HOLD_DOWN) >= 0, () -> "back after " + held + bird.tail());
    }

    @Test
    void theRoutesOfAKilledAnnouncerGoWithItsSession() throws IOException, InterruptedException {
        Program announcer = announced();
        assertLostWithin(LOSS_LIMIT, () -> announcer.signal(Signal.KILL));
    }

    /// Packets from the host are lost, and neither end is told: the connection is half open.
    @Test
    void aHalfOpenConnectionCostsTheHoldTimeAndThenComesBack()
            throws IOException, InterruptedException {
        Program announcer = announced();
        int mark = announcer.mark();
        assertLostWithin(
                HALF_OPEN_LIMIT,
                () ->
                        network.linkAddress(
                                "replace", "lladdr", "02:00:00:00:00:99", "nud", "permanent"));
        announcer.awaitLine(mark, "NOTIFICATION 4/0|the connection broke", UP_LIMIT);
        assertBackAfter(() -> network.linkAddress("del"));
    }

    @Test
    void aRouterWithAnotherAsThanConfiguredIsNamedInTheLogAndNothingIsAnnounced()
            throws IOException, InterruptedException {
        responder();
        Program announcer = announcer(65002);
        announcer.awaitLine("65001.*65002|65002.*65001", UP_LIMIT);
        // BIRD logs the NOTIFICATION as received: Bad Peer AS (RFC 4271 section 6.2).
        bird.awaitLine("pop: Received: Bad peer AS", UP_LIMIT);
        assertTrue(announcer.alive(), announcer::tail);
        assertFalse(table().contains(V4));
    }

    /// Starts the responder and the announcer. Returns the latter when BIRD has the routes.
    private Program announced() throws IOException, InterruptedException {
        responder();
        Program announcer = announcer(ROUTER_AS);
        awaitRoutes(0);
        return announcer;
    }

    private interface Blow {
        void strike() throws IOException, InterruptedException;
    }

    private void assertBackAfter(Blow blow) throws IOException, InterruptedException {
        int mark = bird.mark();
        blow.strike();
        awaitRoutes(mark);
    }

    private void awaitRoutes(int mark) throws InterruptedException {
        bird.awaitLine(mark, "pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", UP_LIMIT);
        bird.awaitLine(mark, "pop\\.ipv6 > added .*2001:db8:53::/48", UP_LIMIT);
    }

    /// Checks that BIRD received GRACEFUL_SHUTDOWN first. BIRD shows a replaced route as another
    /// added one.
    private void assertDepreferencedBeforeItWasLost(int mark) throws InterruptedException {
        Program.Line less =
                bird.awaitLine(mark, "pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", UP_LIMIT);
        Program.Line lost =
                bird.awaitLine(mark, "pop\\.ipv4 > removed .*192\\.0\\.2\\.0/24", UP_LIMIT);
        assertTrue(less.nanos() < lost.nanos(), bird::tail);
    }

    private void assertLostWithin(Duration limit, Blow blow)
            throws IOException, InterruptedException {
        int mark = bird.mark();
        long before = System.nanoTime();
        blow.strike();
        Program.Line v4 =
                bird.awaitLine(mark, "pop\\.ipv4 > removed .*192\\.0\\.2\\.0/24", UP_LIMIT);
        Program.Line v6 = bird.awaitLine(mark, "pop\\.ipv6 > removed .*2001:db8:53::/48", UP_LIMIT);
        Duration loss = Duration.ofNanos(Math.max(v4.nanos(), v6.nanos()) - before);
        assertTrue(loss.compareTo(limit) <= 0, () -> "lost after " + loss + bird.tail());
    }

    private String table() throws IOException, InterruptedException {
        return network.table();
    }

    private Program responder() throws IOException, InterruptedException {
        return network.responder(Repository.root().resolve("zones"));
    }

    private Program announcer(int remoteAs) throws IOException {
        return network.announcer(
                TestConfig.BOTH_FAMILIES
                        + TestConfig.router(
                                remoteAs,
                                "prepend: 1, med: 7, communities: ['65001:42'],"
                                        + " large-communities: ['4200000000:1:42']")
                        + TestConfig.HEALTH
                        + """
                          status-interval: 500ms
                          local-address: true
                        depreference: { delay: 500ms }
                        admin: "127.0.0.1:9179"
                        """);
    }
}
