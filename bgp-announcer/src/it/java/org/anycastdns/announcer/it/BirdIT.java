package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real BIRD 2, in a network of its own, learns the anycast prefixes while the responder is
/// healthy and loses them when it is not. BIRD's own trace says when.
class BirdIT {

    private static final String V4 = "192.0.2.0/24";
    private static final String V6 = "2001:db8:53::/48";
    private static final int ROUTER_AS = 65001;

    /// Start of a JVM on a busy machine, the session's start and the probes' rise.
    private static final Duration UP_LIMIT = Duration.ofSeconds(60);

    /// What issue 2 promises: the routes are gone 2 s after the responder's end.
    private static final Duration LOSS_LIMIT = Duration.ofSeconds(2);

    @TempDir private Path folder;
    private Namespaces network;
    private Program bird;
    private final List<Program> started = new ArrayList<>();

    @BeforeEach
    void network() throws IOException, InterruptedException {
        String birdCommand = Tools.require("bird");
        network = new Namespaces();
        network.address(network.left(), "198.51.100.2/24");
        network.address(network.left(), "2001:db8:ffff::2/64");
        network.loopbackAddress(network.left(), "192.0.2.53/32");
        network.address(network.right(), "198.51.100.1/24");
        network.address(network.right(), "2001:db8:ffff::1/64");
        Path configuration =
                Files.writeString(
                        folder.resolve("bird.conf"),
                        """
                        router id 198.51.100.1;
                        log stderr all;
                        debug protocols { states, routes };
                        protocol device { }
                        protocol bgp pop {
                            local 198.51.100.1 as %d;
                            neighbor 198.51.100.2 as 65010;
                            connect delay time 1;
                            error wait time 1,2;
                            ipv4 { import all; export none; };
                            ipv6 { import all; export none; };
                        }
                        """
                                .formatted(ROUTER_AS));
        bird =
                start(
                        network.right(),
                        List.of(
                                birdCommand,
                                "-f",
                                "-c",
                                configuration.toString(),
                                "-s",
                                folder.resolve("bird.ctl").toString(),
                                "-P",
                                folder.resolve("bird.pid").toString()));
        bird.awaitLine("Started", UP_LIMIT);
    }

    @AfterEach
    void end() {
        started.reversed().forEach(Program::close);
        if (network != null) {
            network.close();
        }
    }

    @Test
    void bothPrefixesAreLearntThenLostWithin2SecondsOfTheRespondersKillThenRegained()
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
        responder();
        Program announcer = announcer(ROUTER_AS);
        awaitRoutes(0);
        assertLostWithin(LOSS_LIMIT, () -> announcer.signal(Signal.TERM));
        assertEquals(0, announcer.awaitExit(UP_LIMIT), announcer::tail);
    }

    @Test
    void theRoutesOfAKilledAnnouncerGoWithItsSession() throws IOException, InterruptedException {
        responder();
        Program announcer = announcer(ROUTER_AS);
        awaitRoutes(0);
        assertLostWithin(LOSS_LIMIT, () -> announcer.signal(Signal.KILL));
    }

    @Test
    void aRouterWithAnotherAsThanConfiguredIsNamedInTheLogAndNothingIsAnnounced()
            throws IOException, InterruptedException {
        responder();
        Program announcer = announcer(65002);
        announcer.awaitLine("65001.*65002|65002.*65001", UP_LIMIT);
        // BIRD logs the NOTIFICATION of RFC 4271 section 6.2, Bad Peer AS, as it got it.
        bird.awaitLine("pop: Received: Bad peer AS", UP_LIMIT);
        assertTrue(announcer.alive(), announcer::tail);
        assertFalse(table().contains(V4));
    }

    private interface Blow {
        void strike() throws IOException, InterruptedException;
    }

    private void awaitRoutes(int mark) throws InterruptedException {
        bird.awaitLine(mark, "pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", UP_LIMIT);
        bird.awaitLine(mark, "pop\\.ipv6 > added .*2001:db8:53::/48", UP_LIMIT);
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
        Program client =
                Program.run(
                        Duration.ofSeconds(10),
                        List.of(
                                Tools.require("birdc"),
                                "-s",
                                folder.resolve("bird.ctl").toString(),
                                "show",
                                "route",
                                "all"));
        return client.text(Program.Stream.OUT);
    }

    private Program responder() throws IOException, InterruptedException {
        Program responder =
                start(
                        network.left(),
                        List.of(
                                Repository.launcher("dns-server"),
                                "run",
                                "--zones",
                                Repository.root().resolve("zones").toString(),
                                "--listen",
                                "192.0.2.53:53",
                                "--identity",
                                "ams1"));
        responder.awaitLine("^ready", UP_LIMIT);
        return responder;
    }

    private Program announcer(int remoteAs) throws IOException {
        Path configuration =
                Files.writeString(
                        folder.resolve("announcer.yaml"),
                        """
                        identity: ams1
                        router-id: 198.51.100.2
                        local-as: 65010
                        prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
                        next-hop-v6: "2001:db8:ffff::2"
                        neighbors:
                          - address: 198.51.100.1
                            remote-as: %d
                            prepend: 1
                            med: 7
                            communities: ["65001:42"]
                            large-communities: ["4200000000:1:42"]
                        health:
                          responder: "192.0.2.53:53"
                          lifeline: "http://127.0.0.1:9153/lifeline"
                        admin: "127.0.0.1:9179"
                        """
                                .formatted(remoteAs));
        return start(
                network.left(),
                List.of(
                        Repository.launcher("bgp-announcer"),
                        "run",
                        "--config",
                        configuration.toString()));
    }

    private Program start(String namespace, List<String> command) throws IOException {
        Program program = Program.start(network.inside(namespace, command));
        started.add(program);
        return program;
    }
}
