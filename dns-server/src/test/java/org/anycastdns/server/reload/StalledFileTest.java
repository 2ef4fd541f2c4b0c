package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.anycastdns.server.reload.Faults.Asking;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.testkit.Eventually;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A file system that does not answer for some files, as a network file system whose server is
/// gone: the others are read as if nothing were, and the zones of these files wait.
@Timeout(120)
class StalledFileTest extends WatchedFolder {

    /// A file counts as stalled after 3 s; what takes longer than twice that has waited for it
    /// again and again.
    private static final Duration USUAL = Duration.ofSeconds(6);

    /// As many as may be stuck while all others are read.
    private static final int MANY = 24;

    private final CountDownLatch answers = new CountDownLatch(1);
    private volatile @Nullable Asking stalled;

    /// Files of zones called "bad..." do not answer.
    private final class Stalls implements Faults {

        @Override
        public void at(Stage stage, Name zone) {}

        @Override
        public void asks(Asking what, Path file) {
            if (what == stalled && file.getFileName().toString().startsWith("bad")) {
                try {
                    answers.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @BeforeEach
    void make() {
        reloader = reloader(folder, ReadRules.DEFAULT, published::add, new Stalls());
    }

    @AfterEach
    @Override
    void close() {
        answers.countDown();
        super.close();
    }

    private void start(String... bad) throws IOException, InterruptedException {
        for (String zone : bad) {
            put(zone, 1);
        }
        for (int i = 0; i < 20; i++) {
            put("good" + i, 1);
        }
        reloader.load(false);
        reloader.start(LOOK);
    }

    /// What is asked of a file that is read.
    static Stream<Asking> reading() {
        return Stream.of(Asking.OPEN, Asking.READ);
    }

    private static long lostThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("look|load-\\d+"))
                .count();
    }

    @ParameterizedTest
    @MethodSource("reading")
    void aFileThatStallsWhileItIsReadHoldsUpNobodyAndKeepsItsLastVersion(Asking what)
            throws Exception {
        start("bad");
        until(status -> status.availableCount() == 21);
        stalled = what;
        put("bad", 2);
        put("good1", 2);
        ZonesStatus waits = until(status -> !state(status, "bad").waiting().isEmpty());
        assertTrue(
                state(waits, "bad")
                        .waiting()
                        .contains("does not answer: its file system or disk hangs"),
                state(waits, "bad").waiting());
        assertEquals(Condition.SERVED, state(waits, "bad").condition());
        assertEquals(1, serial(waits, "bad"), "the last version stays");
        assertEquals(2, serial(waits, "good1"));

        long start = System.nanoTime();
        put("good2", 2);
        until(status -> serial(status, "good2") == 2);
        assertUsual(start);
        assertTrue(reloader.health().alive());

        answers.countDown();
        ZonesStatus mended = until(status -> serial(status, "bad") == 2);
        assertEquals(20 + 1, mended.availableCount());
        assertEquals("", state(mended, "bad").waiting());
    }

    private static void assertUsual(long startNanos) {
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        assertTrue(took.compareTo(USUAL) < 0, () -> "it took " + took);
    }

    @Test
    void aFileWhoseStatusStallsHoldsUpNobodyAndIsToldAndComesBack() throws Exception {
        start("bad");
        until(status -> status.availableCount() == 21);
        stalled = Asking.STATUS;
        ZonesStatus told =
                until(status ->
                        status.problems().stream()
                                .anyMatch(problem ->
                                        problem.toString()
                                                .contains(
                                                        "bad.test.zone:1:1: error: does not answer: its"
                                                                + " file system or disk hangs")));
        assertEquals(1, serial(told, "bad"));
        assertEquals(Condition.SERVED, state(told, "bad").condition());
        long start = System.nanoTime();
        put("good1", 2);
        ZonesStatus others = until(status -> serial(status, "good1") == 2);
        assertUsual(start);
        assertEquals(21, others.availableCount());

        put("bad", 2);
        answers.countDown();
        ZonesStatus mended =
                until(status -> serial(status, "bad") == 2 && status.problems().isEmpty());
        assertEquals(21, mended.availableCount());
    }

    /// At the start as well: the zones of such files get SERVFAIL.
    @ParameterizedTest
    @MethodSource("reading")
    void manyStalledFilesTakeABoundedNumberOfThreads(Asking what) throws Exception {
        stalled = what;
        String[] bad = new String[MANY];
        for (int i = 0; i < MANY; i++) {
            bad[i] = "bad" + i;
        }
        long before = lostThreads();
        start(bad);
        ZonesStatus status = until(any -> true);
        int working = 2 * Runtime.getRuntime().availableProcessors() + 1;
        assertTrue(
                lostThreads() - before <= MANY + working,
                () -> lostThreads() + " threads are lost");
        assertEquals(20, status.availableCount());
        assertEquals(MANY, status.waitingCount());
        assertEquals(Condition.UNAVAILABLE, state(status, "bad7").condition());
        answers.countDown();
        until(each -> each.availableCount() == 20 + MANY);
        Eventually.seen(
                "threads that were lost end",
                Duration.ofSeconds(WAIT_SECONDS),
                StalledFileTest::lostThreads,
                count -> count <= before + Runtime.getRuntime().availableProcessors() + 1);
    }

    /// The thread that takes changes in says that it works for as long as it does.
    @Test
    void aLongLoadReportsItsStepsAndAHangDoesNot() throws Exception {
        start("bad");
        until(status -> status.availableCount() == 21);
        stalled = Asking.READ;
        put("bad", 2);
        long first =
                Eventually.seen(
                                "a load",
                                Duration.ofSeconds(WAIT_SECONDS),
                                reloader::health,
                                health -> health.busy())
                        .steps();
        Eventually.seen(
                "steps of the load",
                Duration.ofSeconds(WAIT_SECONDS),
                reloader::health,
                health -> health.steps() > first + 5);
        answers.countDown();
        until(status -> serial(status, "bad") == 2);
        Eventually.seen(
                "rest",
                Duration.ofSeconds(WAIT_SECONDS),
                reloader::health,
                health -> !health.busy());
        assertFalse(reloader.health().steps() == 0);
    }
}
