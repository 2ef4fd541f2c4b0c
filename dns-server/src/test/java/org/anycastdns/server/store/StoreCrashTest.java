package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.anycastdns.server.store.PlannedFiles.Fate;
import org.anycastdns.server.wire.Name;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// Random series of calls to a store, with a crash or a failure at every operation on its files.
class StoreCrashTest {

    private static final Seeded SERIES = Seeded.of("store", 20261201, "series", 4);
    private static final int CALLS = 60;

    private static StateFolder open(PlannedFiles files) throws IOException {
        return StateFolder.open(files, StoreModel.LIMITS, StoreSamples.tags());
    }

    /// A series of calls up to its end, or up to a crash.
    private static final class Series {

        private final SplittableRandom random;
        private final StoreModel model;
        private final PlannedFiles files;
        // What the store may contain after a crash: it was durable, or was written since.
        private final List<Map<Name, StoreModel.Zone>> possible = new ArrayList<>();
        private int failures;

        Series(long seed, PlannedFiles files) {
            this.random = new SplittableRandom(seed);
            this.model = new StoreModel(random);
            this.files = files;
            possible.add(model.zones());
        }

        void run() throws IOException {
            StateFolder store = open(files);
            for (int i = 0; i < CALLS; i++) {
                if (random.nextInt(4) == 0) {
                    sync(store);
                } else {
                    call(store);
                }
            }
            sync(store);
            assertNull(model.difference(store, model.zones()));
        }

        private void call(StateFolder store) throws IOException {
            Map<Name, StoreModel.Zone> before = model.zones();
            StoreModel.Call call = model.next();
            possible.add(model.zones());
            try {
                call.to(store);
            } catch (IOException e) {
                failures++;
                possible.removeLast();
                model.back(before);
                assertNull(model.difference(store, before), "after a failure");
            }
        }

        private void sync(StateFolder store) {
            try {
                store.sync();
                possible.subList(0, possible.size() - 1).clear();
            } catch (IOException e) {
                failures++;
            }
        }

        void assertOneOfThePossible(StateFolder store) throws IOException {
            assertEquals(0, store.damages(), "a crash is no damage");
            List<String> differences = new ArrayList<>();
            for (Map<Name, StoreModel.Zone> zones : possible) {
                String difference = model.difference(store, zones);
                if (difference == null) {
                    return;
                }
                differences.add(difference);
            }
            throw new AssertionError(String.join("\n", differences));
        }
    }

    @Test
    void whatWasSyncedSurvivesACrashAtEveryOperation() {
        int crashes = 0;
        for (int i = 0; i < SERIES.count(); i++) {
            int operation = 0;
            boolean crashed = true;
            while (crashed) {
                int at = ++operation;
                String what = "seed %d, series %d, operation %d".formatted(SERIES.seed(), i, at);
                try {
                    crashed = crash(SERIES.seed() + i, at);
                } catch (IOException | RuntimeException | AssertionError e) {
                    throw new AssertionError(what, e);
                }
                crashes += crashed ? 1 : 0;
            }
        }
        assertTrue(crashes > SERIES.count() * CALLS, "crashes: " + crashes);
    }

    /// Returns whether the series reached the operation.
    private static boolean crash(long seed, int at) throws IOException {
        PlannedFiles files = new PlannedFiles();
        Series series = new Series(seed, files.plan(n -> n == at ? Fate.CRASHES : Fate.SUCCEEDS));
        boolean crashed = false;
        try {
            series.run();
        } catch (PlannedFiles.PowerFailure e) {
            crashed = true;
        }
        SplittableRandom random = new SplittableRandom(seed + at);
        PlannedFiles after = files.afterCrash(random);
        StateFolder store = open(after);
        series.assertOneOfThePossible(store);
        series.assertOneOfThePossible(open(files.afterKill()));
        // The store goes on as if nothing had happened, through another crash.
        store.sync();
        series.assertOneOfThePossible(open(after.afterCrash(random)));
        return crashed;
    }

    @Test
    void aCallThatFailsChangesNothingAndTheNextOnesSucceed() throws IOException {
        int failures = 0;
        int histories = 0;
        for (int i = 0; i < SERIES.count() * 20; i++) {
            long seed = SERIES.seed() + i;
            SplittableRandom fates = new SplittableRandom(seed);
            PlannedFiles files = new PlannedFiles();
            int[] bad = new int[1];
            // Now and then some operations in a row fail, as when the disk is full.
            files.plan(n -> {
                bad[0] = bad[0] > 0 ? bad[0] - 1 : fates.nextInt(12) == 0 ? fates.nextInt(5) : 0;
                return n > 3 && bad[0] > 0 ? Fate.FAILS : Fate.SUCCEEDS;
            });
            Series series = new Series(seed, files);
            try {
                series.run();
                files.plan(_ -> Fate.SUCCEEDS);
                series.assertOneOfThePossible(open(files.afterCrash(fates)));
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
            failures += series.failures;
            histories += series.model.histories();
        }
        assertTrue(failures > SERIES.count(), "failures: " + failures);
        assertTrue(histories > SERIES.count(), "histories: " + histories);
    }

    @Test
    void aCleanEndKeepsAllAndTheFolderStaysSmall() throws IOException {
        PlannedFiles files = new PlannedFiles();
        Series series = new Series(SERIES.seed(), files);
        long octets = 0;
        for (int i = 0; i < 20; i++) {
            try (StateFolder store = open(files)) {
                assertNull(series.model.difference(store, series.model.zones()));
                for (int j = 0; j < 30; j++) {
                    series.call(store);
                    series.sync(store);
                }
            }
            octets = files.sizes().values().stream().mapToLong(Long::longValue).sum();
        }
        assertTrue(octets < 60_000, "octets: " + octets);
        assertEquals(0, series.failures);
    }
}
