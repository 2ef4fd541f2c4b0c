package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.server.store.PlannedFiles.Fate;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// New bases, and what happens while they are written.
@Timeout(60)
class BaseRenewalTest {

    private static final Name ZONE = StoreSamples.ZONE;
    private static final int RECORDS = 200;

    /// Small, so that the zone has a snapshot and needs another one soon.
    private static final StoreLimits LIMITS =
            new StoreLimits(1 << 20, 2_000, 1_000, 4_000, 1 << 20, 1 << 20);

    private static String record(int number) {
        return "h%d 192.0.2.%d".formatted(number, number % 250);
    }

    private static List<String> records(int serial) {
        List<String> records = new ArrayList<>();
        for (int i = serial; i < serial + RECORDS; i++) {
            records.add(record(i));
        }
        return records;
    }

    private static StateFolder filled(PlannedFiles files) throws IOException {
        StateFolder store = StateFolder.open(files, LIMITS, StoreSamples.tags());
        replace(store, 1);
        store.sync();
        return store;
    }

    private static void replace(StateFolder store, int serial) throws IOException {
        store.replace(
                ZONE,
                StoreSamples.soa(ZONE, serial),
                StoreSamples.all(ZONE, serial, records(serial)),
                StoreSamples.TIMERS);
    }

    private static void change(StateFolder store, int from) throws IOException {
        store.change(
                ZONE,
                List.of(
                        StoreSamples.step(
                                ZONE,
                                from,
                                List.of(record(from)),
                                from + 1,
                                List.of(record(from + RECORDS)))),
                StoreSamples.TIMERS);
    }

    /// Returns the last serial, with which the zone needs a new base.
    private static int grow(StateFolder store) throws IOException {
        int serial = 1;
        while (serial <= RECORDS / 2) {
            change(store, serial++);
        }
        return serial;
    }

    private static void assertStored(StateFolder store, int serial) throws IOException {
        assertEquals(serial, store.zones().iterator().next().soa().serial());
        assertEquals(
                StoreSamples.texts(StoreSamples.all(ZONE, serial, records(serial))),
                StoreSamples.texts(store.records(ZONE)));
    }

    private interface Work {
        void run(StateFolder store, int serial) throws IOException;
    }

    /// Does something beside each operation of a sync, unless the folder is locked then.
    ///
    /// @return beside how many it was possible
    private static int beside(Work work, int serialAfter) throws IOException {
        int times = 0;
        for (int operation = 1; ; operation++) {
            PlannedFiles files = new PlannedFiles();
            StateFolder store = filled(files);
            int serial = grow(store);
            int at = operation;
            AtomicInteger reached = new AtomicInteger();
            AtomicBoolean done = new AtomicBoolean();
            files.plan(number -> {
                reached.set(number);
                if (number == at && !Thread.holdsLock(store) && done.compareAndSet(false, true)) {
                    try {
                        work.run(store, serial);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return Fate.SUCCEEDS;
            });
            store.sync();
            if (reached.get() < operation) {
                return times;
            }
            times += done.get() ? 1 : 0;
            int last = done.get() ? serial + serialAfter : serial;
            assertStored(store, last);
            store.sync();
            // As after a crash: what is durable, and nothing else.
            try (StateFolder again =
                    StateFolder.open(
                            files.afterCrash(new SplittableRandom(operation)),
                            LIMITS,
                            StoreSamples.tags())) {
                assertStored(again, last);
                assertEquals(0, again.damages());
            }
        }
    }

    @Test
    void aChangeWhileABaseIsWrittenLeadsOnFromIt() throws IOException {
        int times = beside(BaseRenewalTest::change, 1);
        assertTrue(times > 3, "only %d operations without the lock".formatted(times));
    }

    @Test
    void aZoneThatIsReplacedWhileABaseIsWrittenStaysReplaced() throws IOException {
        int times = beside((store, serial) -> replace(store, serial + 5), 5);
        assertTrue(times > 3, "only %d operations without the lock".formatted(times));
    }

    /// An fsync, an UPDATE and a transfer go on while a base is written, however long that takes.
    @Test
    void nobodyWaitsForABase() throws Exception {
        CountDownLatch writes = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        try (ExecutorService background = Executors.newSingleThreadExecutor()) {
            PlannedFiles files = new PlannedFiles();
            StateFolder store =
                    StateFolder.open(
                            files,
                            LIMITS,
                            StoreSamples.tags(),
                            task ->
                                    background.execute(() -> {
                                        writes.countDown();
                                        await(goesOn);
                                        task.run();
                                    }));
            replace(store, 1);
            store.sync();
            int serial = grow(store);
            store.sync();
            await(writes);
            change(store, serial);
            store.sync();
            assertStored(store, serial + 1);
            goesOn.countDown();
            // Waits for the base.
            Future<?> closed = background.submit(() -> {});
            closed.get(30, TimeUnit.SECONDS);
            store.close();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
