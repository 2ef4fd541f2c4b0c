package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A PoP whose answers can no longer leave: of two PoPs with equal paths one loses its default
/// route. Queries still reach it, its own checks are good, its BGP session stays up, and every
/// answer is lost.
class EgressIT extends InNamespaces {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// Three failures in a row at 200 ms each. The rest is for a busy machine.
    private static final Duration SOON = Duration.ofSeconds(5);

    /// Longer than a client waits before it counts a query as lost.
    private static final Duration VERDICT = Duration.ofSeconds(4);

    private static final int CLIENTS = 12;
    private static final int PER_SECOND = 20;

    private static final String PREFIX = "192\\.0\\.2\\.0/24";

    private TwoPops pops;
    private Program bird;

    @BeforeEach
    void startRouter() throws IOException, InterruptedException {
        pops = new TwoPops(network, programs);
        String router = network.right();
        network.loopbackAddress(router, "203.0.113.53/32");
        network.loopbackAddress(router, "203.0.113.9/32");
        for (String client : clients()) {
            network.loopbackAddress(router, client + "/32");
        }
        bird = pops.router("merge paths on;");
        // Ports decide about the path, as in routers.
        programs.run(router, "sysctl", "-q", "-w", "net.ipv4.fib_multipath_hash_policy=1");
        // It serves nothing, and so refuses. At 203.0.113.9 nothing listens.
        server(router, "203.0.113.53", "");
    }

    @Test
    void aPopThatLosesItsDefaultRouteIsDepreferencedAndNoQueryIsLostAfterwards()
            throws IOException, InterruptedException {
        pop(network.left(), "ams1", TwoPops.NEAR, TwoPops.NEAR_ROUTER, "", "");
        pop(network.third(), "fra1", TwoPops.FAR, TwoPops.FAR_ROUTER, "", "");
        int mark = assertMovesWhenAnswersAreLost("added");
        assertEquals(0, removals(mark), "never withdrawn" + bird.tail());

        int restored = bird.mark();
        programs.run(network.left(), "ip", "route", "add", "default", "via", TwoPops.NEAR_ROUTER);
        bird.awaitLine(restored, "ams1\\.ipv4 > added .*" + PREFIX, LIMIT);
    }

    @Test
    void inAFleetAHardCheckWithdrawsButNeverTheLastPop() throws IOException, InterruptedException {
        // The heartbeats have a way of their own.
        String[] route = {"ip", "route", "add", "", "via", ""};
        route[3] = TwoPops.FAR + "/32";
        route[5] = TwoPops.NEAR_ROUTER;
        programs.run(network.left(), route);
        route[3] = TwoPops.NEAR + "/32";
        route[5] = TwoPops.FAR_ROUTER;
        programs.run(network.third(), route);
        String hard = ", evidence: hard";
        String near = fleet(TwoPops.NEAR, TwoPops.FAR);
        String far = fleet(TwoPops.FAR, TwoPops.NEAR);
        pop(network.left(), "ams1", TwoPops.NEAR, TwoPops.NEAR_ROUTER, hard, near);
        pop(network.third(), "fra1", TwoPops.FAR, TwoPops.FAR_ROUTER, hard, far);
        int _ = assertMovesWhenAnswersAreLost("removed");

        int both = bird.mark();
        programs.run(network.third(), "ip", "route", "del", "default");
        bird.awaitLine(both, "fra1\\.ipv4 > added .*" + PREFIX, LIMIT);
        LockSupport.parkNanos(VERDICT.toNanos());
        assertEquals(0, removals(both), "never the last" + bird.tail());

        programs.run(network.left(), "ip", "route", "add", "default", "via", TwoPops.NEAR_ROUTER);
        bird.awaitLine(both, "ams1\\.ipv4 > added .*" + PREFIX, LIMIT);
    }

    /// Deletes the default route of ams1. Returns the mark in BIRD's trace from before that.
    ///
    /// @param seen what BIRD says of the route of ams1 then
    private int assertMovesWhenAnswersAreLost(String seen)
            throws IOException, InterruptedException {
        Program load = load();
        long broken = System.nanoTime();
        int mark = bird.mark();
        programs.run(network.left(), "ip", "route", "del", "default");
        bird.awaitLine(mark, "ams1\\.ipv4 > " + seen + " .*" + PREFIX, LIMIT);
        assertMoved(load, broken, mark);
        return mark;
    }

    /// Asserts that queries were lost, because answers were, that they moved soon, and that none
    /// was lost afterwards.
    private void assertMoved(Program load, long broken, int mark) throws InterruptedException {
        Program.Line moved = bird.awaitLine(mark, "kernel1\\.ipv4 < \\S+ .*" + PREFIX, LIMIT);
        Duration detection = Duration.ofNanos(moved.nanos() - broken);
        LockSupport.parkNanos(VERDICT.toNanos());
        long[] lost =
                load.text(Program.Stream.OUT)
                        .lines()
                        .filter(line -> line.startsWith("lost "))
                        .mapToLong(line -> Long.parseLong(line.substring("lost ".length())))
                        .filter(sent -> sent >= broken)
                        .toArray();
        long afterwards =
                IntStream.range(0, lost.length).filter(i -> lost[i] > moved.nanos()).count();
        IO.println(
                "lost %d until the routes moved after %d ms, %d afterwards"
                        .formatted(lost.length - afterwards, detection.toMillis(), afterwards));
        assertTrue(lost.length > 0, "the answers of one PoP were lost" + load.tail());
        assertTrue(detection.compareTo(SOON) <= 0, () -> "moved after " + detection + bird.tail());
        assertEquals(0, afterwards, bird::tail);
        assertTrue(load.alive(), load::tail);
    }

    private long removals(int mark) {
        return bird.text(Program.Stream.ERR)
                .lines()
                .skip(mark)
                .filter(line -> line.matches(".*> removed .*" + PREFIX + ".*"))
                .count();
    }

    private static List<String> clients() {
        return IntStream.range(0, CLIENTS).mapToObj(i -> "203.0.113." + (101 + i)).toList();
    }

    private Program load() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("192.0.2.53", "" + PER_SECOND));
        arguments.addAll(clients());
        Program load = pops.java(ManyClients.class, arguments.toArray(String[]::new));
        for (String client : clients()) {
            load.awaitLine("begun " + client, LIMIT);
        }
        return load;
    }

    private String fleet(String own, String other) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "sixteen octets at least\n");
        return "fleet: {listen: \"%s:7179\", sites: [\"%s:7179\"], secret-file: %s, withdrawn-max: 1}"
                .formatted(own, other, secret);
    }

    /// Starts a PoP; returns when BIRD has its route.
    private void pop(
            String namespace,
            String identity,
            String address,
            String router,
            String egress,
            String more)
            throws IOException, InterruptedException {
        network.loopbackAddress(namespace, "192.0.2.53/32");
        server(
                namespace,
                "192.0.2.53",
                "zone:\n  - domain: example.com\n    file: example.com.zone");
        programs.announcer(
                namespace,
                """
                identity: %s
                router-id: %s
                local-as: 65010
                neighbors: [{address: %s, remote-as: 65001}]
                lease: 5s
                depreference: {delay: 0s}
                services:
                  - name: dns
                    prefixes: ["192.0.2.0/24"]
                    checks:
                      - dns: {server: "192.0.2.53:53", names: [example.com], timeout: 2s,
                             identity: ignored}
                      - egress: {targets: ["dns://203.0.113.53:53", "tcp://203.0.113.9:443"],
                                 required: 2, interval: 200ms, timeout: 500ms%s}
                %s
                """
                        .formatted(identity, address, router, egress, more));
        bird.awaitLine(identity + "\\.ipv4 > added .*" + PREFIX, LIMIT);
    }

    private void server(String namespace, String address, String zones)
            throws IOException, InterruptedException {
        Path files = Files.createDirectory(folder.resolve(namespace));
        Files.writeString(
                files.resolve("example.com.zone"),
                """
                $ORIGIN example.com.
                $TTL 300
                @ SOA ns1 hostmaster 1 7200 3600 1209600 300
                @ NS ns1
                ns1 A 192.0.2.53
                """);
        Path configuration =
                Files.writeString(
                        files.resolve("knot.conf"),
                        """
                        server:
                            rundir: "%1$s"
                            listen: %2$s@53
                        log:
                          - target: stderr
                            any: info
                        database:
                            storage: "%1$s"
                        template:
                          - id: default
                            storage: "%1$s"
                        %3$s
                        """
                                .formatted(files, address, zones));
        programs.start(
                        namespace,
                        List.of(Tools.require("knotd"), "--config", configuration.toString()))
                .awaitLine("server started", LIMIT);
    }
}
