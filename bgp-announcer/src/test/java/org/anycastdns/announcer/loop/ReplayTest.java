package org.anycastdns.announcer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.health.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recording replayed through the loop leads to the same decisions.
class ReplayTest {

    /// Files of several runs each, and inputs per run: all lines of a file find room in the queue.
    private static final int FILES = 10;

    private static final int RUNS = 8;
    private static final int INPUTS = 250;

    @TempDir private Path folder;

    @Test
    void randomInputsLeadToTheSameDecisionsAgain() throws IOException {
        Set<Decision.Level> levels = EnumSet.noneOf(Decision.Level.class);
        for (long seed = 0; seed < FILES; seed++) {
            Path file = folder.resolve("seed-" + seed);
            SplittableRandom random = new SplittableRandom(seed);
            try (Recording recording = Recording.to(file)) {
                for (int run = 0; run < RUNS; run++) {
                    levels.addAll(run(new RandomInputs(random.split()), recording));
                }
                assertEquals(0, recording.lost(), "seed " + seed);
            }
            Replay replay = Replay.of(file);
            assertEquals(replay.recorded(), replay.replayed(), "seed " + seed);
        }
        assertEquals(EnumSet.allOf(Decision.Level.class), levels);
    }

    /// Runs random inputs as the loop does, from a random time on. Returns the levels decided.
    private static Set<Decision.Level> run(RandomInputs inputs, Recorder recorder) {
        Set<Decision.Level> levels = EnumSet.noneOf(Decision.Level.class);
        long created = inputs.random().nextLong(-(1L << 50), 1L << 50);
        LoopSettings settings = inputs.settings();
        long now = created + inputs.pause();
        recorder.began(settings, created, now);
        LoopState state = settings.first(created).began(now);
        for (int i = 0; i < INPUTS; i++) {
            Input input = inputs.next();
            long arrived = now + inputs.pause() / 2;
            now = arrived + inputs.pause() / 2;
            recorder.took(input, arrived, now);
            LoopState next = state.on(input, arrived, now);
            for (Map.Entry<String, Decision> each : next.decisions().byService().entrySet()) {
                String service = each.getKey();
                if (!each.getValue().equals(state.decisions().byService().get(service))) {
                    recorder.decided(service, each.getValue(), now);
                    levels.add(each.getValue().level());
                }
            }
            state = next;
        }
        return levels;
    }

    @Test
    void aRunOfTheLoopItselfLeadsToTheSameDecisionsAgain() throws Exception {
        Path file = folder.resolve("run");
        BlockingQueue<String> decided = new LinkedBlockingQueue<>();
        LoopSettings settings = new RandomInputs(new SplittableRandom(7)).settings();
        Inbox inbox = new Inbox();
        try (Recording recording = Recording.to(file);
                HealthLoop loop =
                        new HealthLoop(
                                settings,
                                settings.first(System.nanoTime()),
                                inbox,
                                recording,
                                List.of((state, _) -> decided.add(verb(state))),
                                bug -> decided.add(bug.toString()))) {
            loop.start();
            Observation ready = new Observation.Beat(Observation.Beat.State.READY, "ams1", 1, 100);
            inbox.see(new Input.DrainReleased(Set.of("dns"), Drain.Source.MAINTENANCE_FILE));
            for (int i = 0; i < 3; i++) {
                inbox.see(new Input.Observed("dns", ready));
                for (ProbeTransport transport : ProbeTransport.values()) {
                    Outcome right = new Outcome.Right(1000);
                    inbox.see(new Input.Observed("dns", new Observation.Probed(transport, right)));
                }
            }
            await("announce", decided);
            inbox.order(
                    new Input.DrainOrdered(
                            Set.of("dns"),
                            Drain.Source.OPERATOR,
                            new Reason(Cause.OPERATOR, "disk swap")));
            await("depreference", decided);
            inbox.see(new Input.Observed("dns", new Observation.Closed("end of stream")));
            await("withdraw", decided);
        }
        Replay replay = Replay.of(file);
        assertTrue(replay.recorded().size() >= 3, replay::toString);
        assertEquals(replay.recorded(), replay.replayed());
    }

    private static String verb(LoopState state) {
        return Objects.requireNonNull(state.decisions().byService().get("dns")).verb();
    }

    private static void await(String verb, BlockingQueue<String> decided)
            throws InterruptedException {
        String last = "nothing";
        while (!last.equals(verb)) {
            String next = decided.poll(20, TimeUnit.SECONDS);
            assertTrue(next != null, "no " + verb + " after " + last);
            last = String.valueOf(next);
        }
    }
}
