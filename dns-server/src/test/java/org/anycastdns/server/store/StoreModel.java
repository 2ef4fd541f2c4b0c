package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// What a store must contain, as maps in memory, and random calls that change both.
final class StoreModel {

    /// Small, so that few calls reach all of them.
    static final StoreLimits LIMITS = new StoreLimits(2_500, 1_200, 6, 700, 4_000, 900);

    private static final int ZONES = 5;

    /// A zone; serials of a name are never used again.
    ///
    /// @param since the serials from which the changes may be kept
    /// @param newest the newest serial of all versions; empty if it is this one
    record Zone(
            int serial,
            Set<String> records,
            ZoneTimers.@Nullable Saved timers,
            List<Integer> since,
            OptionalInt newest) {}

    /// A version that a zone once had.
    private record Version(Name zone, Set<String> records) {}

    /// What a call does to a store.
    interface Call {
        void to(ZoneStore store) throws IOException;
    }

    private final SplittableRandom random;
    private final Map<Integer, Version> versions = new TreeMap<>();
    private Map<Name, Zone> zones = new TreeMap<>();
    private int serial;
    private int histories;

    StoreModel(SplittableRandom random) {
        this.random = random;
    }

    /// What the store must contain now.
    Map<Name, Zone> zones() {
        return zones;
    }

    /// Goes back to what was before a call that failed.
    void back(Map<Name, Zone> before) {
        zones = before;
    }

    /// How many histories were seen that were not empty.
    int histories() {
        return histories;
    }

    /// Changes the model by a random call, and returns the call.
    Call next() {
        Name name = Name.of("z%d.example.".formatted(random.nextInt(ZONES)));
        Zone zone = zones.get(name);
        zones = new TreeMap<>(zones);
        int kind = random.nextInt(20);
        if (zone == null || kind < 2) {
            return replace(name);
        }
        if (kind == 2) {
            zones.remove(name);
            return store -> store.remove(name);
        }
        if (kind < 6) {
            ZoneTimers.Saved timers = timers();
            zones.put(name, new Zone(zone.serial, zone.records, timers, zone.since, zone.newest));
            return store -> store.confirm(name, timers);
        }
        return change(name, zone);
    }

    private ZoneTimers.Saved timers() {
        return new ZoneTimers.Saved(random.nextInt(1_000_000), random.nextInt(1_000));
    }

    private ZoneTimers.@Nullable Saved anyTimers() {
        return random.nextInt(4) == 0 ? null : timers();
    }

    private Call replace(Name name) {
        Set<String> records = new TreeSet<>();
        for (int i = random.nextInt(4) == 0 ? 40 : random.nextInt(6); i > 0; i--) {
            records.add(record());
        }
        int to = ++serial;
        versions.put(to, new Version(name, records));
        if (random.nextInt(3) == 0) {
            int newest = random.nextInt();
            zones.put(name, new Zone(to, records, null, List.of(), OptionalInt.of(newest)));
            return store ->
                    store.replaceNotNewer(
                            name,
                            StoreSamples.soa(name, to),
                            StoreSamples.all(name, to, records),
                            newest);
        }
        ZoneTimers.Saved timers = anyTimers();
        zones.put(name, new Zone(to, records, timers, List.of(), OptionalInt.empty()));
        return store ->
                store.replace(
                        name,
                        StoreSamples.soa(name, to),
                        StoreSamples.all(name, to, records),
                        timers);
    }

    private String record() {
        return "n%d 192.0.2.%d".formatted(random.nextInt(30), random.nextInt(3));
    }

    private Call change(Name name, Zone zone) {
        List<IxfrStep> steps = new ArrayList<>();
        Set<String> records = zone.records;
        int from = zone.serial;
        List<Integer> since = new ArrayList<>(zone.since);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Set<String> deletes = new TreeSet<>();
            Set<String> adds = new TreeSet<>();
            for (String each : records) {
                if (random.nextInt(6) == 0) {
                    deletes.add(each);
                }
            }
            for (int j = random.nextInt(random.nextInt(10) == 0 ? 40 : 5); j > 0; j--) {
                adds.add(record());
            }
            adds.removeAll(records);
            Set<String> after = new TreeSet<>(records);
            after.removeAll(deletes);
            after.addAll(adds);
            int to = ++serial;
            steps.add(StoreSamples.step(name, from, deletes, to, adds));
            versions.put(to, new Version(name, after));
            since.add(from);
            records = after;
            from = to;
        }
        ZoneTimers.Saved timers = anyTimers();
        zones.put(name, new Zone(from, records, timers, since, OptionalInt.empty()));
        return store -> store.change(name, steps, timers);
    }

    /// Returns why a store does not contain what it must; null if it does. Histories that do not
    /// lead to the present version fail at once.
    @Nullable String difference(ZoneStore store, Map<Name, Zone> expected) throws IOException {
        Map<Name, StoredZone> stored = new TreeMap<>();
        store.zones().forEach(zone -> stored.put(zone.name(), zone));
        if (!stored.keySet().equals(expected.keySet())) {
            return "zones %s, not %s".formatted(stored.keySet(), expected.keySet());
        }
        for (Map.Entry<Name, Zone> each : expected.entrySet()) {
            Name name = each.getKey();
            Zone zone = each.getValue();
            StoredZone there = Objects.requireNonNull(stored.get(name));
            Zone found =
                    new Zone(
                            there.soa().serial(),
                            zone.records,
                            there.timers(),
                            zone.since,
                            there.newestSerial());
            if (!zone.equals(found)) {
                return "%s: %s, not %s".formatted(name, found, zone);
            }
            check(store, name, zone);
            assertEquals(zone.records.size() + 2, there.recordCount(), name::toString);
        }
        return null;
    }

    /// Checks that a zone is as one of its versions was, and that its history leads there. It may
    /// be found damaged meanwhile.
    void assertOnceSo(StateFolder store, StoredZone zone) {
        int version = zone.soa().serial();
        List<Integer> since = new ArrayList<>();
        versions.forEach((from, each) -> {
            if (each.zone.equals(zone.name()) && from < version) {
                since.add(from);
            }
        });
        Version once = Objects.requireNonNull(versions.get(version));
        assertEquals(zone.name(), once.zone);
        try {
            check(
                    store,
                    zone.name(),
                    new Zone(version, once.records, zone.timers(), since, zone.newestSerial()));
        } catch (IOException e) {
            assertTrue(store.damages() > 0, e::getMessage);
        }
    }

    private void check(ZoneStore store, Name name, Zone zone) throws IOException {
        List<String> present =
                StoreSamples.texts(StoreSamples.all(name, zone.serial, zone.records));
        assertEquals(present, StoreSamples.texts(store.records(name)));
        assertEquals(List.of(), store.history(name, zone.serial));
        List<IxfrStep> all = store.history(name);
        assertTrue(
                all.isEmpty() || all.getLast().to().serial() == zone.serial,
                "the history leads elsewhere");
        if (!all.isEmpty()) {
            int first = all.getFirst().from().serial();
            assertEquals(all.size(), Objects.requireNonNull(store.history(name, first)).size());
        }
        boolean kept = false;
        for (int from : zone.since) {
            List<IxfrStep> history = store.history(name, from);
            assertTrue(!kept || history != null, "history has a gap");
            kept = history != null;
            if (history != null) {
                histories++;
                Version then = Objects.requireNonNull(versions.get(from));
                Records before = StoreSamples.all(name, from, then.records);
                ZoneChanges.Outcome outcome =
                        ZoneChanges.apply(before, StoreSamples.soa(name, from), history);
                assertEquals(
                        present,
                        StoreSamples.texts(
                                assertInstanceOf(ZoneChanges.Outcome.Applied.class, outcome)
                                        .records()));
            }
        }
    }
}
