package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Measures lost queries while the nearer of two PoPs behind a forwarding router is drained and
/// resumed. `deploy/measure` makes more runs.
class DrainMeasureIT extends InNamespaces {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// The client's own address, at the router.
    private static final String CLIENT = "198.51.100.250";

    private static final int PER_SECOND = 1_000;

    /// Longer than the client waits before it counts a query as lost.
    private static final Duration VERDICT = Duration.ofSeconds(3);

    private Programs programs;

    @BeforeEach
    void createPrograms() {
        programs = new Programs(network, folder);
    }

    @Test
    void drainUnderLoad() throws IOException, InterruptedException {
        Distribution lost =
                new Distribution("drain and resume, 1,000 queries/s UDP and TCP each, lost", 0);
        Program bird = router();
        Path order = folder.resolve("drained");
        pop(network.left(), "ams1", "198.51.100.2", "198.51.100.1", order);
        bird.awaitLine("ams1\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        pop(network.third(), "fra1", "198.51.100.130", "198.51.100.129", folder.resolve("no"));
        bird.awaitLine("fra1\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        Program load = load();
        load.awaitLine("connected", LIMIT);
        for (int run = 0; run < Distribution.RUNS; run++) {
            long before = System.nanoTime();
            int mark = load.mark();
            int birdMark = bird.mark();
            Files.writeString(order, "maintenance\n");
            bird.awaitLine(birdMark, "ams1\\.ipv4 > removed .*192\\.0\\.2\\.0/24", LIMIT);
            load.awaitLine(mark, "connected", LIMIT); // the traffic did move
            bird.awaitLine(birdMark, "ams1: Received: Administrative shutdown", LIMIT);
            birdMark = bird.mark();
            mark = load.mark();
            Files.delete(order);
            bird.awaitLine(birdMark, "ams1\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
            load.awaitLine(mark, "connected", LIMIT); // and back
            LockSupport.parkNanos(VERDICT.toNanos());
            lost.add(lost(load, before));
        }
        lost.judge();
        assertTrue(load.alive(), load::tail);
    }

    private static int lost(Program load, long since) {
        return (int)
                load.text(Program.Stream.OUT)
                        .lines()
                        .filter(line -> line.startsWith("lost"))
                        .filter(line -> Long.parseLong(line.split(" ")[2]) >= since)
                        .count();
    }

    /// Sets up the router in the middle, where BIRD installs the routes in the kernel.
    private Program router() throws IOException, InterruptedException {
        String router = network.right();
        network.address(network.left(), "198.51.100.2/25");
        network.address(router, "198.51.100.1/25");
        network.address(network.third(), "198.51.100.130/25");
        network.address(router, network.third(), "198.51.100.129/25");
        network.loopbackAddress(router, CLIENT + "/32");
        for (String key : List.of("ip_forward=1", "conf.all.rp_filter=0")) {
            programs.run(router, "sysctl", "-q", "-w", "net.ipv4." + key);
        }
        programs.run(network.left(), "ip", "route", "add", "default", "via", "198.51.100.1");
        programs.run(network.third(), "ip", "route", "add", "default", "via", "198.51.100.129");
        String neighbor =
                """
                protocol bgp %s {
                    local %s as 65001;
                    neighbor %s as 65010;
                    connect delay time 1;
                    error wait time 1,2;
                    ipv4 { import all; export none; };
                }
                """;
        return programs.bird(
                router,
                "protocol kernel { ipv4 { import none; export all; }; }\n"
                        + neighbor.formatted("ams1", "198.51.100.1", "198.51.100.2")
                        + neighbor.formatted("fra1", "198.51.100.129", "198.51.100.130"));
    }

    private void pop(String namespace, String identity, String address, String router, Path order)
            throws IOException, InterruptedException {
        network.loopbackAddress(namespace, "192.0.2.53/32");
        Program responder =
                programs.start(
                        namespace,
                        Pop.responderCommand(
                                Repository.root().resolve("zones"), "192.0.2.53:53", identity));
        responder.awaitLine("^ready", LIMIT);
        programs.announcer(
                namespace,
                """
                identity: %s
                router-id: %s
                local-as: 65010
                prefixes: ["192.0.2.0/24"]
                neighbors:
                  - {address: %s, remote-as: 65001}
                health:
                  responder: "192.0.2.53:53"
                  lifeline: "http://127.0.0.1:9153/lifeline"
                drain: {file: "%s", wait: 3s, linger: 3s}
                """
                        .formatted(identity, address, router, order));
    }

    private Program load() throws IOException {
        Path classes;
        try {
            classes =
                    Path.of(
                            DrainLoad.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        return programs.start(
                network.right(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes.toString(),
                        DrainLoad.class.getName(),
                        "192.0.2.53",
                        CLIENT,
                        Integer.toString(PER_SECOND)));
    }
}
