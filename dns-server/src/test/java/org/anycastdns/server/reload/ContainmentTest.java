package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// A fault of this program, let happen at each stage of one zone's way, costs that zone alone.
@Timeout(120)
class ContainmentTest extends WatchedFolder {

    private static final Name BAD = Name.of("bad.test.");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger =
            (Logger) LoggerFactory.getLogger(Reloader.class.getPackage().getName());
    private volatile @Nullable Stage armed;
    private volatile Throwable thrown = new IllegalStateException("none");
    private volatile boolean publishFails;

    @BeforeEach
    void make() {
        log.start();
        logger.addAppender(log);
        reloader = reloader(folder, ReadRules.DEFAULT, this::publish, this::fault);
    }

    private void publish(ZonesStatus status) {
        if (publishFails) {
            throw new IllegalStateException("nobody takes zones");
        }
        published.add(status);
    }

    private void fault(Stage stage, Name zone) {
        if (stage == armed && zone.equals(BAD)) {
            switch (thrown) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new AssertionError(thrown);
            }
        }
    }

    @AfterEach
    void detach() {
        logger.detachAppender(log);
    }

    private void start() throws IOException, InterruptedException {
        for (String zone : List.of("a", "b", "bad", "c")) {
            put(zone, 1);
        }
        assertEquals(List.of(), reloader.load(true));
        reloader.start(LOOK);
        assertEquals(4, next().availableCount());
    }

    private ZonesStatus nextWith(String zone, int serial) throws InterruptedException {
        return until(status -> serial(status, zone) == serial);
    }

    private long logged(Level level, String part) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel() == level)
                .filter(event -> event.getFormattedMessage().contains(part))
                .count();
    }

    static Stream<Arguments> stagesAndFaults() {
        return Stream.of(Stage.READ, Stage.BUILD, Stage.SWAP)
                .flatMap(stage ->
                        Stream.of(
                                        new ArrayIndexOutOfBoundsException("5"),
                                        new StackOverflowError(),
                                        new OutOfMemoryError("Java heap space"))
                                .map(fault -> Arguments.of(stage, fault)));
    }

    @ParameterizedTest
    @MethodSource("stagesAndFaults")
    void aFaultWhileAZoneIsLoadedCostsThatZoneAlone(Stage stage, Throwable fault) throws Exception {
        start();
        thrown = fault;
        armed = stage;
        put("bad", 2);
        ZonesStatus failed = next();
        assertEquals(Outcome.FAILED, failed.last().outcome());
        assertEquals(1, failed.counts().failed());
        assertEquals(1, failed.counts().internalErrors());
        ZoneState state = state(failed, "bad");
        assertEquals(Condition.STALE, state.condition());
        assertEquals(1, serial(failed, "bad"), "the last good version stays");
        assertTrue(
                state.error().startsWith(folder.resolve("bad.test.zone") + ":1:1: error: "),
                state.error());
        assertTrue(
                state.error()
                        .contains(
                                fault instanceof OutOfMemoryError
                                        ? "too little memory"
                                        : "internal error (" + fault.getClass().getSimpleName()),
                state.error());

        put("a", 2);
        ZonesStatus others = nextWith("a", 2);
        assertEquals(1, others.counts().internalErrors(), "this version is not tried again");
        assertEquals(1, logged(Level.ERROR, "bad.test.zone:1:1"), "logged once");
        assertEquals("", reloader.health().trouble());

        var again = reloader.reload(false).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(Outcome.FAILED, again.outcome());
        assertEquals(1, logged(Level.ERROR, "bad.test.zone:1:1"), "once per version");

        armed = null;
        put("bad", 3);
        ZonesStatus mended = nextWith("bad", 3);
        assertEquals(Condition.SERVED, state(mended, "bad").condition());
        assertEquals("", state(mended, "bad").error());
    }

    @Test
    void aFaultAtTheStartCostsThatZoneAloneAndWithStrictZonesTheStart() throws Exception {
        for (String zone : List.of("a", "bad")) {
            put(zone, 1);
        }
        thrown = new NullPointerException();
        armed = Stage.BUILD;
        List<Problem> problems = reloader.load(true);
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().isError());
        assertTrue(published.isEmpty());
        reloader.load(false);
        ZonesStatus status = next();
        assertEquals(Condition.UNAVAILABLE, state(status, "bad").condition());
        assertEquals(1, status.availableCount());
        assertEquals(1, serial(status, "a"));
    }

    @Test
    void aZoneThatCannotBeMovedStaysWhereItIs() throws Exception {
        start();
        thrown = new IllegalStateException("copy");
        armed = Stage.COPY;
        for (String zone : List.of("a", "b", "c")) {
            put(zone, 2);
        }
        ZonesStatus status =
                until(now -> serial(now, "a") + serial(now, "b") + serial(now, "c") == 6);
        assertEquals(1, status.counts().internalErrors());
        assertEquals(1, serial(status, "bad"));
        assertTrue(state(status, "bad").error().contains("internal error"));
        put("a", 3);
        assertEquals(1, nextWith("a", 3).counts().internalErrors(), "it is not tried again");
    }

    @Test
    void aFaultWhileAZoneIsRemovedKeepsNothingFromGoingOn() throws Exception {
        start();
        thrown = new IllegalStateException("remove");
        armed = Stage.REMOVE;
        Files.delete(folder.resolve("bad.test.zone"));
        ZonesStatus status = next();
        assertEquals(List.of(BAD), status.last().removed());
        assertEquals(1, status.counts().internalErrors());
        put("a", 2);
        assertEquals(3, nextWith("a", 2).availableCount());
    }

    @Test
    void aFaultBesideTheZonesIsLoggedOnceShownAndOvercome() throws Exception {
        start();
        publishFails = true;
        put("a", 2);
        assertTrue(failed(reloader.reload(false)));
        assertTrue(failed(reloader.reload(false)));
        ReloadHealth health = reloader.health();
        assertTrue(health.alive());
        assertTrue(health.errorCount() >= 2, health::toString);
        assertTrue(health.trouble().contains("IllegalStateException"), health::toString);
        assertEquals(1, logged(Level.ERROR, "IllegalStateException at ContainmentTest.java"));
        publishFails = false;
        assertEquals(2, serial(nextWith("a", 2), "a"));
        put("b", 2);
        var _ = nextWith("b", 2);
        var _ = reloader.reload(false).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertTrue(reloader.health().alive());
    }

    private static boolean failed(java.util.concurrent.Future<ReloadResult> result)
            throws Exception {
        try {
            var _ = result.get(WAIT_SECONDS, TimeUnit.SECONDS);
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            return true;
        }
    }

    /// A zone that takes for ever does not hold up the others for longer than its time.
    @Test
    void aZoneThatTakesTooLongIsGivenUp() throws Exception {
        Budget none = Budget.UNLIMITED;
        Budget quick =
                new Budget(
                        none.zoneOctets(),
                        none.zoneRecords(),
                        none.zoneMemory(),
                        none.allMemory(),
                        Duration.ofMillis(500));
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        reloader.close();
        reloader =
                reloader(
                        folder,
                        ReadRules.DEFAULT.within(quick),
                        this::publish,
                        (stage, zone) -> {
                            if (stage == Stage.BUILD && zone.equals(BAD)) {
                                attempts.incrementAndGet();
                                await(held);
                            }
                        });
        put("bad", 1);
        for (int i = 0; i < 20; i++) {
            put("good" + i, 1);
        }
        reloader.load(false);
        ZonesStatus status = next();
        assertEquals(20, status.availableCount());
        assertEquals(Condition.UNAVAILABLE, state(status, "bad").condition());
        assertTrue(
                state(status, "bad").error().contains("took too long"),
                state(status, "bad").error());
        reloader.start(LOOK);
        put("good1", 2);
        var _ = nextWith("good1", 2);
        assertEquals(1, attempts.get());
        held.countDown();
        put("bad", 2);
        ZonesStatus mended = until(now -> state(now, "bad").available());
        assertFalse(state(mended, "bad").error().contains("took too long"));
    }

    /// What hangs beside the zones stops the steps that a watcher counts.
    @Test
    void aThreadThatHangsBesideTheZonesIsBusyWithoutSteps() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        reloader.close();
        reloader =
                reloader(
                        folder,
                        ReadRules.DEFAULT,
                        status -> {
                            if (Thread.currentThread().getName().equals("reload")) {
                                hangs.countDown();
                                await(goesOn);
                            }
                            publish(status);
                        },
                        Faults.NONE);
        start();
        put("a", 2);
        assertTrue(hangs.await(WAIT_SECONDS, TimeUnit.SECONDS));
        ReloadHealth first = reloader.health();
        assertTrue(first.busy());
        var _ = reloader.reload(false);
        assertEquals(first, reloader.health());
        goesOn.countDown();
        var _ = nextWith("a", 2);
        var _ = reloader.reload(false).get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertTrue(reloader.health().steps() > first.steps());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
