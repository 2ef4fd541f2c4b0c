package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.announcer.it.Router.Facing;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Measures how long a router keeps the route of an announcer that was killed, hangs, or lost its
/// link. The router's own trace gives the times, over many runs with one router. `deploy/measure`
/// makes more runs.
@Tag("measure")
class RouterMeasureIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Facing SESSION = new Facing("198.51.100.1", "198.51.100.2", "", false);

    /// A link-layer address that no interface has. Frames to it are lost, as on a cut link.
    private static final String NOWHERE = "02:00:00:00:00:99";

    /// Longer than the detection time of BFD.
    private static final Duration PROVEN = Duration.ofMillis(1_500);

    /// The sessions that may end at the start of a run.
    private static final int ATTEMPTS = 5;

    /// The time between two BFD packets, twice.
    private static final long RHYTHM_MILLIS = 600;

    private static final String WITH_BFD =
            TestConfig.SITE + TestConfig.router(65001, "bfd: true") + TestConfig.HEALTH;

    private final SplittableRandom random = new SplittableRandom();

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void killedAnnouncer(Router.Kind kind) throws IOException, InterruptedException {
        Distribution times =
                new Distribution("announcer SIGKILLed to route dropped by " + kind + ", ms", 100);
        try (Namespaces network = new Namespaces()) {
            network.address(network.left(), SESSION.pop() + "/24");
            network.address(network.right(), SESSION.router() + "/24");
            try (Router router = Router.of(kind, network, folder, List.of(SESSION));
                    Pop pop = new Pop(network, folder)) {
                router.start();
                pop.responder();
                Program trace = router.trace();
                for (int run = 0; run < Distribution.RUNS; run++) {
                    Program announcer = pop.announcer("", Pop.neighbor(SESSION, ""));
                    Eventually.seen(
                            "the route" + announcer.tail() + router.tail(),
                            LIMIT,
                            () -> router.route(Pop.V4, SESSION),
                            text -> !text.isEmpty());
                    int mark = trace.mark();
                    long before = System.nanoTime();
                    announcer.signal(Signal.KILL);
                    times.took(trace.awaitLine(mark, router.kind.lost(), LIMIT).nanos() - before);
                }
            }
        }
        times.judge();
    }

    @Test
    void hungAnnouncerWithBfd() throws IOException, InterruptedException {
        bfd(
                "announcer SIGSTOPped, BFD 300 ms x 3, to route dropped by BIRD, ms",
                (announcer, _) -> announcer.signal(Signal.STOP),
                (announcer, _) -> announcer.signal(Signal.CONT));
    }

    @Test
    void lostHostWithBfd() throws IOException, InterruptedException {
        bfd(
                "announcer's host gone, BFD 300 ms x 3, to route dropped by BIRD, ms",
                (_, network) ->
                        network.linkAddress("replace", "lladdr", NOWHERE, "nud", "permanent"),
                (_, network) -> network.linkAddress("del"));
    }

    private interface Deed {
        void on(Program announcer, RouterNetwork network) throws IOException, InterruptedException;
    }

    private void bfd(String name, Deed blow, Deed end) throws IOException, InterruptedException {
        Distribution times = new Distribution(name, 1_200);
        try (RouterNetwork network = new RouterNetwork(folder)) {
            Program bird =
                    network.bird(
                            """
                            protocol bfd {
                                interface "*" {
                                    min tx interval 300 ms; min rx interval 300 ms; multiplier 3;
                                };
                            }
                            """
                                    + RouterNetwork.session("bfd on;"));
            network.responder(Repository.root().resolve("zones"));
            for (int run = 0; run < Distribution.RUNS; run++) {
                // A new one for each run: one whose sessions end again and again is damped.
                try (Program announcer = settled(bird, network)) {
                    int mark = bird.mark();
                    long before = System.nanoTime();
                    blow.on(announcer, network);
                    String lost = "pop\\.ipv4 > removed .*192\\.0\\.2\\.0/24";
                    times.took(bird.awaitLine(mark, lost, LIMIT).nanos() - before);
                    end.on(announcer, network);
                }
            }
        }
        times.judge();
    }

    /// Returns an announcer whose first session has lasted. While BIRD still waits for BFD packets
    /// of the announcer before, it ends the session once.
    private Program settled(Program bird, RouterNetwork network)
            throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int mark = bird.mark();
            Program announcer = network.announcer(WITH_BFD);
            bird.awaitLine(mark, "pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
            announcer.awaitLine("BFD packets every 300 ms, .* in 900 ms", LIMIT);
            // Ends at a random moment between two packets.
            LockSupport.parkNanos(PROVEN.plusMillis(random.nextLong(RHYTHM_MILLIS)).toNanos());
            String log = announcer.text(Program.Stream.ERR);
            if (log.split("established with", -1).length == 2 && network.table().contains(Pop.V4)) {
                return announcer;
            }
            announcer.close();
        }
        throw new AssertionError("no session lasted" + bird.tail());
    }
}
