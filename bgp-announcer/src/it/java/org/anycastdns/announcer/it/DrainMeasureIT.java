package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Measures lost queries while the nearer of two PoPs behind a forwarding router is drained and
/// resumed. `deploy/measure` makes more runs.
@Tag("measure")
class DrainMeasureIT extends InNamespaces {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// The client's own address, at the router.
    private static final String CLIENT = "198.51.100.250";

    private static final int PER_SECOND = 1_000;

    /// Longer than the client waits before it counts a query as lost.
    private static final Duration VERDICT = Duration.ofSeconds(3);

    private TwoPops pops;

    @BeforeEach
    void createPops() {
        pops = new TwoPops(network, programs);
    }

    @Test
    void drainUnderLoad() throws IOException, InterruptedException {
        Distribution lost =
                new Distribution("drain and resume, 1,000 queries/s UDP and TCP each, lost", 0);
        Program bird = router();
        Path order = folder.resolve("drained");
        pop(network.left(), "ams1", TwoPops.NEAR, TwoPops.NEAR_ROUTER, order);
        bird.awaitLine("ams1\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        pop(network.third(), "fra1", TwoPops.FAR, TwoPops.FAR_ROUTER, folder.resolve("no"));
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

    /// Sets up the router in the middle, which is also the client.
    private Program router() throws IOException, InterruptedException {
        network.loopbackAddress(network.right(), CLIENT + "/32");
        return pops.router("");
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
        return pops.java(DrainLoad.class, "192.0.2.53", CLIENT, Integer.toString(PER_SECOND));
    }
}
