package org.anycastdns.server.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// Tables whose versions share pages: each version stays as it was, whatever becomes of the next.
class VersionedTablesTest {

    private static final Seeded RUN = Seeded.of("tables", 20_261_201L, "versions", 60);
    private static final int KEYS = 20_000;

    /// A version of a table and what is in it.
    private record Mapped(IntTable table, Map<Integer, Integer> content) {}

    private record Listed(NumberList list, List<Integer> content) {}

    @Test
    void everyVersionOfATableHasItsOwnEntries() {
        SplittableRandom random = RUN.random();
        List<Mapped> versions = new ArrayList<>(List.of(new Mapped(IntTable.EMPTY, Map.of())));
        for (int i = 0; i < RUN.count(); i++) {
            Mapped from = versions.get(random.nextInt(versions.size()));
            IntTable next = from.table.copy();
            Map<Integer, Integer> content = new HashMap<>(from.content);
            for (int j = random.nextInt(400); j > 0; j--) {
                int key = random.nextInt(KEYS);
                int value = random.nextInt();
                next.put(key, value);
                content.put(key, value);
            }
            versions.add(new Mapped(next, content));
        }
        for (Mapped each : versions) {
            assertEquals(each.content.size(), each.table.size(), this::seed);
            assertEquals(each.content.isEmpty(), each.table.isEmpty(), this::seed);
            for (int key = 0; key < KEYS; key++) {
                int expected = each.content.getOrDefault(key, -7);
                assertEquals(expected, each.table.get(key, -7), this::seed);
            }
            List<Integer> values = new ArrayList<>();
            each.table.forEachValue(values::add);
            Collections.sort(values);
            assertEquals(each.content.values().stream().sorted().toList(), values, this::seed);
        }
    }

    @Test
    void everyVersionOfAListHasItsOwnNumbersInOrder() {
        SplittableRandom random = RUN.random();
        NumberList.Order<Integer> order = Integer::compare;
        List<Listed> versions = new ArrayList<>(List.of(new Listed(NumberList.EMPTY, List.of())));
        for (int i = 0; i < RUN.count(); i++) {
            Listed from = versions.get(random.nextInt(versions.size()));
            NumberList next = from.list;
            List<Integer> content = new ArrayList<>(from.content);
            for (int j = random.nextInt(400); j > 0; j--) {
                int number = random.nextInt(KEYS);
                if (!content.contains(number)) {
                    next = next.with(number, next.floor(order, number));
                    content.add(number);
                }
            }
            Collections.sort(content);
            versions.add(new Listed(next, content));
        }
        for (Listed each : versions) {
            assertEquals(each.content.size(), each.list.size(), this::seed);
            List<Integer> forwards = new ArrayList<>();
            each.list.forEach(forwards::add);
            assertEquals(each.content, forwards, this::seed);
            assertEquals(each.content, walked(each.list), this::seed);
            for (int number = -1; number <= KEYS; number++) {
                assertEquals(floor(each, number), floorOf(each.list, order, number), this::seed);
            }
        }
    }

    private static int floor(Listed of, int number) {
        int at = Collections.binarySearch(of.content, number);
        int before = at >= 0 ? at : -at - 2;
        return before < 0 ? -1 : of.content.get(before);
    }

    private static int floorOf(NumberList list, NumberList.Order<Integer> order, int number) {
        int at = list.floor(order, number);
        return at == NumberList.NOWHERE ? -1 : list.at(at);
    }

    /// The numbers from the first to the last by {@link NumberList#after}, which must be those from
    /// the last to the first by {@link NumberList#before}.
    private List<Integer> walked(NumberList list) {
        List<Integer> there = new ArrayList<>();
        int at = list.after(NumberList.NOWHERE);
        for (; at != NumberList.NOWHERE; at = list.after(at)) {
            there.add(list.at(at));
        }
        List<Integer> back = new ArrayList<>();
        for (at = list.last(); at != NumberList.NOWHERE; at = list.before(at)) {
            back.addFirst(list.at(at));
        }
        assertEquals(there, back, this::seed);
        return there;
    }

    private String seed() {
        return "seed " + RUN.seed();
    }
}
