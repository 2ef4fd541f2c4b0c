package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// Damage in the files of a store that was closed: a zone is as it was, or it is gone.
class StoreDamageTest {

    private static final Seeded FLIPS = Seeded.of("damage", 20261202, "flips", 1_500);
    private static final int CALLS = 60;

    private final SplittableRandom random = FLIPS.random();
    private final StoreModel model = new StoreModel(random);
    private final PlannedFiles files = new PlannedFiles();

    private static StateFolder open(PlannedFiles files) throws IOException {
        return StateFolder.open(files, StoreModel.LIMITS, StoreSamples.tags());
    }

    private void fill() throws IOException {
        try (StateFolder store = open(files)) {
            for (int i = 0; i < CALLS; i++) {
                model.next().to(store);
                store.sync();
            }
        }
    }

    private PlannedFiles copy() {
        PlannedFiles copy = new PlannedFiles();
        files.sizes().keySet().forEach(name -> copy.put(name, files.content(name)));
        return copy;
    }

    /// Returns how many zones are gone; the others must be as they were.
    private int gone(StateFolder store) throws IOException {
        int gone = 0;
        for (Name name : List.copyOf(model.zones().keySet())) {
            try {
                assertTrue(store.records(name).size() > 0);
            } catch (IOException e) {
                gone++;
            }
        }
        Map<Name, StoreModel.Zone> left = new HashMap<>(model.zones());
        List<Name> there = store.zones().stream().map(StoredZone::name).toList();
        left.keySet().retainAll(there);
        assertEquals(model.zones().size() - gone, left.size());
        String difference = model.difference(store, left);
        assertTrue(difference == null, () -> "" + difference);
        return gone;
    }

    @Test
    void aFlippedBitCostsNoMoreThanOneZone() throws IOException {
        fill();
        int lost = 0;
        List<String> names = List.copyOf(files.sizes().keySet());
        assertTrue(names.size() > 3, names::toString);
        for (int i = 0; i < FLIPS.count(); i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] content = files.content(name);
            int bit = random.nextInt(content.length * Byte.SIZE);
            content[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            PlannedFiles damaged = copy();
            damaged.put(name, content);
            String what = "seed %d, flip %d: %s, bit %d".formatted(FLIPS.seed(), i, name, bit);
            try {
                int gone = gone(open(damaged));
                assertTrue(gone <= 1, () -> gone + " zones are gone");
                lost += gone;
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(what, e);
            }
        }
        assertTrue(lost > 0, "no flip did any harm");
    }

    /// Zones may have an earlier version then, which is logged; none has data that it never had.
    @Test
    void lostOctetsNeverGiveWrongData() throws IOException {
        fill();
        List<String> names = List.copyOf(files.sizes().keySet());
        for (int i = 0; i < FLIPS.count() / 10; i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] content = files.content(name);
            int from = random.nextInt(content.length);
            int to = Math.min(content.length, from + random.nextInt(1, 2_000));
            PlannedFiles damaged = copy();
            if (random.nextInt(4) == 0) {
                damaged.delete(name);
            } else if (random.nextBoolean()) {
                damaged.put(name, Arrays.copyOf(content, from));
            } else {
                Arrays.fill(content, from, to, (byte) random.nextInt(2));
                damaged.put(name, content);
            }
            String what = "seed %d, loss %d: %s from %d".formatted(FLIPS.seed(), i, name, from);
            try {
                StateFolder store = open(damaged);
                for (StoredZone zone : List.copyOf(store.zones())) {
                    model.assertOnceSo(store, zone);
                }
                Name other = StoreSamples.ZONE;
                Records records = StoreSamples.all(other, 1, List.of("a 192.0.2.1"));
                store.replace(other, StoreSamples.soa(other, 1), records, null);
                store.close();
                assertEquals(
                        StoreSamples.texts(records),
                        StoreSamples.texts(open(damaged).records(other)));
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(what, e);
            }
        }
    }
}
