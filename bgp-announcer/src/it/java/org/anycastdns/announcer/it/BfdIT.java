package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests BFD at 300 ms x 3 with real routers, BIRD 2 and FRR's bfdd, over IPv4 and IPv6.
///
/// The router sends every 150 ms with a multiplier of 4 and accepts no shorter interval than 200
/// ms. Both directions therefore agree on 300 ms. The router's detection time for us is 900 ms,
/// ours for the router is 1,200 ms. No responder is needed.
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("routers")
class BfdIT extends BesideRouter {

    /// Covers the start of a JVM on a busy machine, and BGP's delays after a failure.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// The detection times are 0.9 and 1.2 s; the last packet may be an interval old.
    private static final Duration GONE_LIMIT = Duration.ofMillis(1_200);

    private static final Duration ROUTER_GONE_LIMIT = Duration.ofSeconds(2);

    /// Where Debian keeps FRR's daemons, in a separate folder because OpenBGPD has a bgpd as well.
    private static final Path FRR = Path.of("/usr/lib/frr");

    private static final String UP = "BFD packets every 300 ms, silence detected in 1200 ms";

    /// A BFD packet that takes a session down if it is accepted: state Down, for any session, from
    /// discriminator 0x11223344 (RFC 5880 section 4.1).
    private static final String DOWN_PACKET =
            "\\x20\\x40\\x03\\x18\\x11\\x22\\x33\\x44\\x00\\x00\\x00\\x00"
                    + "\\x00\\x0f\\x42\\x40\\x00\\x0f\\x42\\x40\\x00\\x00\\x00\\x00";

    /// Twenty in all, over both routers and families.
    private static final int HANGS_PER_ROUTER = 5;

    private static final List<Duration> MISSED_AFTER = new ArrayList<>();

    private final boolean bird;
    private final boolean six;

    static List<Arguments> routers() {
        List<Arguments> routers = new ArrayList<>();
        for (String router : List.of("bird", "frr")) {
            routers.add(Arguments.of(router, "v4"));
            routers.add(Arguments.of(router, "v6"));
        }
        return routers;
    }

    BfdIT(String router, String family) {
        bird = router.equals("bird");
        six = family.equals("v6");
    }

    @Test
    void comesUpWithTheNegotiatedIntervalsAndIsDeafToForwardedPackets()
            throws IOException, InterruptedException {
        Program announcer = settled().announcer;
        int mark = announcer.mark();
        spoof(254);
        String status = network.status();
        assertTrue(status.contains("packets every 300 ms, silence detected in 1200 ms"), status);
        String unproven = "BFD packets discarded: no discriminator of the session that is up";
        assertFalse(announcer.text(Program.Stream.ERR).contains(unproven), announcer::tail);
        // The same packet from an adjacent host is read, so the TTL made the difference. It knows
        // no discriminator, so the session stays up.
        spoof(255);
        announcer.awaitLine(mark, unproven, LIMIT);
        String after = network.status();
        assertTrue(after.contains("packets every 300 ms, silence detected in 1200 ms"), after);
    }

    @Test
    void aRouterThatHangsIsMissedAndBgpEndsWithItUntilItIsBack()
            throws IOException, InterruptedException {
        Ends ends = settled();
        Program announcer = ends.announcer;
        int mark = announcer.mark();
        Program router = ends.router;
        int routerMark = router.mark();
        long before = System.nanoTime();
        speaker(router).signal(Signal.STOP);
        long gone =
                announcer
                        .awaitLine(mark, "BFD down: nothing heard.*, sent NOTIFICATION 6/10", LIMIT)
                        .nanos();
        assertWithin(ROUTER_GONE_LIMIT, before, gone);
        if (!bird) { // where only bfdd hangs, bgpd hears why
            router.awaitLine(routerMark, "NOTIFICATION: received .* 6/10", LIMIT);
        }
        speaker(router).signal(Signal.CONT);
        announcer.awaitLine(announcer.mark(), "established with AS65001", LIMIT);
        announcer.awaitLine(mark, "BFD up", LIMIT);
    }

    /// In the first round BGP goes down with BFD. Later rounds do not wait for BGP to return.
    @Test
    void anAnnouncerThatHangsIsMissedEveryTime() throws IOException, InterruptedException {
        Ends ends = settled();
        Program announcer = ends.announcer;
        Program router = ends.router;
        int bgpMark = router.mark();
        int last = 0;
        for (int round = 0; round < HANGS_PER_ROUTER; round++) {
            int mark = speaker(router).mark();
            long before = System.nanoTime();
            announcer.signal(Signal.STOP);
            String sign = bird ? "changed state from Up to Down" : "up -> down";
            long gone = speaker(router).awaitLine(mark, sign, LIMIT).nanos();
            MISSED_AFTER.add(Duration.ofNanos(gone - before));
            assertWithin(GONE_LIMIT, before, gone);
            if (round == 0) {
                String end = bird ? "pop: BFD session down" : "NOTIFICATION: sent .* 6/10";
                assertWithin(GONE_LIMIT, before, router.awaitLine(bgpMark, end, LIMIT).nanos());
            }
            last = announcer.mark();
            announcer.signal(Signal.CONT);
            announcer.awaitLine(last, UP, LIMIT);
        }
        announcer.awaitLine(last, "established with AS65001", LIMIT);
    }

    @AfterAll
    static void print() {
        List<Duration> sorted = MISSED_AFTER.stream().sorted().toList();
        IO.println(
                "announcer hung -> its router's BFD down, 300 ms x 3: %d runs, median %s, all %s"
                        .formatted(sorted.size(), sorted.get(sorted.size() / 2), sorted));
    }

    @Test
    void bfdThatIsUpBeforeBgpLeavesBothUpInTheEnd() throws IOException, InterruptedException {
        Program announcer = announcer();
        announcer.awaitLine("cannot connect", LIMIT);
        settle(new Ends(router(), announcer));
    }

    /// The programs at both ends of a session.
    private record Ends(Program router, Program announcer) {}

    /// Starts a router and an announcer; returns when both are up and stable.
    private Ends settled() throws IOException, InterruptedException {
        Ends ends = new Ends(router(), announcer());
        settle(ends);
        return ends;
    }

    /// Waits until both are up and stable. FRR replaces a BFD session that was up before BGP by one
    /// that knows its local address, which also ends BGP.
    private void settle(Ends ends) throws IOException, InterruptedException {
        Program announcer = ends.announcer;
        announcer.awaitLine("established with AS65001", LIMIT);
        announcer.awaitLine(UP, LIMIT);
        if (!bird) {
            speaker(ends.router).awaitLine("state-change: .*local:" + end(1) + " .*-> up", LIMIT);
        }
        Eventually.seen(
                "BGP and BFD up",
                LIMIT,
                network::status,
                status -> status.contains("Established") && status.contains("BFD Up since"));
    }

    private static void assertWithin(Duration limit, long before, long after) {
        Duration took = Duration.ofNanos(after - before);
        assertTrue(took.compareTo(limit) <= 0, took + " is more than " + limit);
    }

    private String end(int number) {
        return (six ? "2001:db8:ffff::" : "198.51.100.") + number;
    }

    /// Sends the packet to the announcer from the router's address.
    private void spoof(int ttl) throws IOException, InterruptedException {
        String key =
                six
                        ? "net.ipv6.conf." + network.router() + ".hop_limit"
                        : "net.ipv4.ip_default_ttl";
        network.programs().run(network.router(), "sysctl", "-q", "-w", key + "=" + ttl);
        network.programs()
                .run(
                        network.router(),
                        "bash",
                        "-c",
                        "printf '" + DOWN_PACKET + "' > /dev/udp/" + end(2) + "/3784");
    }

    /// Starts the router's BGP, which in BIRD includes BFD.
    private Program router() throws IOException, InterruptedException {
        return bird ? bird() : frr();
    }

    /// Returns the program that speaks BFD.
    private Program speaker(Program router) {
        List<Program> started = network.programs().started();
        return bird ? router : started.get(started.indexOf(router) - 1);
    }

    private Program bird() throws IOException, InterruptedException {
        return network.bird(
                """
                protocol bfd {
                    interface "*" {
                        min tx interval 150 ms;
                        min rx interval 200 ms;
                        multiplier 4;
                    };
                }
                """
                        + RouterNetwork.session("pop", end(1), end(2), "bfd on;"));
    }

    /// FRR's daemons run as their own user, who must be able to write here.
    private Program frr() throws IOException, InterruptedException {
        Tools.require("vtysh"); // the one command of FRR in the PATH
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        daemon("zebra", "").awaitLine("zebra .* starting", LIMIT);
        daemon("bfdd", "debug bfd peer\n", "--bfdctl", folder.resolve("bfdd.sock").toString())
                .awaitLine("bfdd .* starting", LIMIT);
        Program bgpd =
                daemon(
                        "bgpd",
                        """
                        router bgp 65001
                         bgp router-id 198.51.100.1
                         no bgp ebgp-requires-policy
                         bgp log-neighbor-changes
                         neighbor %1$s remote-as 65010
                         neighbor %1$s bfd 4 200 150
                        """
                                .formatted(end(2)));
        bgpd.awaitLine("bgpd .* starting", LIMIT);
        return bgpd;
    }

    private Program daemon(String name, String configuration, String... options)
            throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".conf"), configuration);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                FRR.resolve(name).toString(),
                                "-f",
                                file.toString(),
                                "-i",
                                folder.resolve(name + ".pid").toString(),
                                "-z",
                                folder.resolve("zebra.sock").toString(),
                                "--vty_socket",
                                folder.toString(),
                                "-P",
                                "0",
                                "--log",
                                "stdout"));
        command.addAll(List.of(options));
        return network.programs().start(network.router(), command);
    }

    private Program announcer() throws IOException {
        return network.announcer(
                TestConfig.SITE
                        + """
                        neighbors:
                          - address: "%s"
                            remote-as: 65001
                            bfd: true
                        """
                                .formatted(end(1))
                        + TestConfig.NO_RESPONDER);
    }
}
