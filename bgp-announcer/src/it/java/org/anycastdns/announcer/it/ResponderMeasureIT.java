package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Measures the time from a failure of the responder until the withdrawal is on the wire, over many
/// runs with one announcer, and how few UPDATEs a flapping responder causes. `deploy/measure` makes
/// more runs.
@Tag("measure")
class ResponderMeasureIT {

    private static final Duration LIMIT = Site.LIMIT;

    private final SplittableRandom random = new SplittableRandom();

    @TempDir private Path folder;

    @Test
    void killedResponder() throws IOException, InterruptedException {
        Distribution times = new Distribution("responder SIGKILLed to WITHDRAW, ms", 50);
        int port = Repository.freePort();
        int admin = Repository.freePort();
        try (Site site = site(new InetSocketAddress(loopback(), port), admin, "")) {
            for (int run = 0; run < Distribution.RUNS; run++) {
                try (Program responder = responder(port, admin)) {
                    times.took(site.strike(Change.WITHDRAWN, () -> responder.signal(Signal.KILL)));
                }
            }
        }
        times.judge();
    }

    @Test
    void hungResponder() throws IOException, InterruptedException {
        Distribution times = new Distribution("responder SIGSTOPped to WITHDRAW, ms", 1_000);
        int port = Repository.freePort();
        int admin = Repository.freePort();
        try (Site site = site(new InetSocketAddress(loopback(), port), admin, "");
                Program responder = responder(port, admin)) {
            for (int run = 0; run < Distribution.RUNS; run++) {
                times.took(site.strike(Change.WITHDRAWN, () -> responder.signal(Signal.STOP)));
                responder.signal(Signal.CONT);
            }
        }
        times.judge();
    }

    @Test
    void respondersFailure() throws IOException, InterruptedException {
        bent("responder answers SERVFAIL to WITHDRAW, ms", TestResponder.SERVFAIL);
    }

    @Test
    void otherNodesIdentity() throws IOException, InterruptedException {
        bent("responder answers as another node to WITHDRAW, ms", TestResponder.node("fra1"));
    }

    private void bent(String name, TestResponder.Bend bend)
            throws IOException, InterruptedException {
        Distribution times = new Distribution(name, 1_000);
        try (TestResponder responder = new TestResponder("ams1");
                TestLifeline lifeline = new TestLifeline(0);
                Site site = site(responder.address(), lifeline.port(), "")) {
            for (int run = 0; run < Distribution.RUNS; run++) {
                times.took(site.strike(Change.WITHDRAWN, () -> responder.bend(bend)));
                responder.bend(TestResponder.RIGHT);
            }
        }
        times.judge();
    }

    /// Alternates half a second of right responses and half a second of SERVFAIL, with probes fast
    /// enough to notice both. With all runs, this lasts two minutes.
    @Test
    void flappingResponder() throws IOException, InterruptedException {
        Distribution updates = new Distribution("flapping at 1 Hz, by the clock, UPDATEs", 8);
        String fast = "  interval: 50ms\n  timeout: 50ms";
        try (TestResponder responder = new TestResponder("ams1");
                TestLifeline lifeline = new TestLifeline(0);
                Site site = site(responder.address(), lifeline.port(), fast)) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
            int before = site.wire.count();
            for (int second = 0; second < 6 * Distribution.RUNS; second++) {
                responder.bend(TestResponder.SERVFAIL);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
                responder.bend(TestResponder.RIGHT);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            }
            int flapped = site.wire.count() - before;
            assertTrue(flapped > 0, "the probes noticed");
            updates.add(flapped);
        }
        updates.judge();
    }

    /// The same for two and ten minutes of a simulated clock, with flaps of random length.
    @Test
    void flappingForTenMinutesOfAnotherClock() {
        Distribution updates =
                new Distribution("flapping at 1 Hz for 2 min, fake clock, UPDATEs", 8);
        Distribution longer =
                new Distribution("flapping at 1 Hz for 10 min, fake clock, UPDATEs", 8);
        for (int run = 0; run < Distribution.RUNS; run++) {
            long seed = random.nextLong();
            updates.add(flap(120, new SplittableRandom(seed)));
            longer.add(flap(600, new SplittableRandom(seed)));
        }
        updates.judge();
        longer.judge();
    }

    private static int flap(int seconds, SplittableRandom random) {
        Set<Prefix> prefixes = new TreeSet<>(Set.of(Prefix.parse(Pop.V4)));
        Evidence evidence =
                Evidence.none(new Limits(3, 2, 5, 20), "ams1")
                        .on(new Observation.Beat(Observation.Beat.State.READY, "ams1", 1, 0));
        DecisionPipeline pipeline =
                DecisionPipeline.of(
                        prefixes,
                        new DepreferencePolicy(3, 1000, Set.of()),
                        Duration.ofSeconds(5),
                        HoldDown.Pace.USUAL,
                        Fleet.ALONE,
                        Drain.none(new Drain.Pace(Duration.ZERO, Duration.ZERO, 0)),
                        0);
        int updates = 0;
        for (long millis = 0; millis < seconds * 1000L; ) {
            long wellUntil = millis + random.nextLong(300, 700);
            long end = millis + 1000;
            for (; millis < end; millis += 50) {
                Outcome outcome =
                        millis < wellUntil
                                ? new Outcome.Right(1_000_000)
                                : new Outcome.Wrong("SERVFAIL");
                for (ProbeTransport transport : ProbeTransport.values()) {
                    evidence = evidence.on(new Observation.Probed(transport, outcome));
                }
                Decision before = pipeline.decision();
                pipeline = pipeline.on(evidence, TimeUnit.MILLISECONDS.toNanos(millis));
                updates += pipeline.decision().sameRoutes(before) ? 0 : 1;
            }
        }
        return updates;
    }

    private Site site(InetSocketAddress responder, int lifeline, String health)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + lifeline + "/lifeline");
        return new Site(folder, "ams1", responder, uri, health, "", Site.PROGRAM);
    }

    private static Program responder(int port, int admin) throws IOException {
        return Program.start(
                Pop.responderCommand(
                        Repository.root().resolve("zones"),
                        "127.0.0.1:" + port,
                        "ams1",
                        "--admin",
                        "127.0.0.1:" + admin));
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }
}
