package org.anycastdns.server.ops;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/// Whether all workers answered lately.
class PulseTest {

    private static final long BEAT = 100_000_000;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Executor prompt = Runnable::run;
    private final Executor hanging = waiting::add;
    private final Pulse pulse = new Pulse();

    @Test
    void nobodyIsAlwaysAlive() {
        assertTrue(pulse.beats(List.of(), 0));
        assertTrue(pulse.beats(List.of(), 100 * BEAT));
    }

    @Test
    void aWorkerThatAnswersLives() {
        for (int i = 0; i < 100; i++) {
            assertTrue(pulse.beats(List.of(prompt), i * BEAT));
        }
    }

    @Test
    void oneWorkerThatHangsSilencesAllUntilItAnswers() {
        List<Executor> workers = List.of(prompt, hanging);
        for (int i = 0; i <= 5; i++) {
            assertTrue(pulse.beats(workers, i * BEAT), "beat " + i);
        }
        assertFalse(pulse.beats(workers, 6 * BEAT));
        assertFalse(pulse.beats(workers, 7 * BEAT));
        assertTrue(waiting.size() == 1, "a hanging worker is not given more and more tasks");
        waiting.remove().run();
        assertTrue(pulse.beats(workers, 8 * BEAT));
    }

    @Test
    void aWorkerThatHasEndedNeverAnswers() {
        List<Executor> workers =
                List.of(_ -> {
                    throw new RejectedExecutionException("ended");
                });
        assertTrue(pulse.beats(workers, 0));
        assertFalse(pulse.beats(workers, 6 * BEAT));
    }
}
