package org.anycastdns.server.zone.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The order of RFC 4034 section 6.1 among names that begin with the same octets, have others below
/// them, and hold octets that are no letters.
class CanonicalOrderTest {

    private static final long SEED = 20_261_126;
    private static final Name APEX = Name.of("example.com.");
    private static final byte[] ADDRESS = {(byte) 192, 0, 2, 1};

    /// All pieces at once, in whatever order they come.
    private static final ParallelRunner MANY =
            (count, work) -> IntStream.range(0, count).parallel().forEach(work);

    /// Few are sorted in one piece, many by several threads.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 1_000, 150_000})
    void namesAreInCanonicalOrder(int count) {
        OwnerTable owners = OwnerTable.of(names(count), APEX, MANY);
        int[] numbers = IntStream.range(0, owners.count()).toArray();
        CanonicalOrder.sort(owners, APEX, numbers, MANY);
        assertEquals(count, IntStream.of(numbers).distinct().count());
        for (int i = 1; i < numbers.length; i++) {
            Name before = owners.name(numbers[i - 1]);
            Name name = owners.name(numbers[i]);
            assertTrue(
                    before.compareTo(name) < 0,
                    () -> "seed %d: %s, %s".formatted(SEED, before, name));
        }
    }

    @Test
    void labelsInCommonAreThoseAtTheEnd() {
        OwnerTable owners = OwnerTable.of(names(2_000), APEX, ParallelRunner.ALONE);
        SplittableRandom random = new SplittableRandom(SEED);
        int above = 0;
        for (int i = 0; i < 20_000; i++) {
            int one = random.nextInt(owners.count());
            Name name = owners.name(one);
            int parent = owners.find(name.parent().wire(), 0);
            int any = random.nextInt(owners.count());
            int other = parent == OwnerTable.NONE || i % 2 == 0 ? any : parent;
            Name second = owners.name(other);
            int common = 0;
            while (common < Math.min(name.labelCount(), second.labelCount())
                    && ending(name, common + 1).equals(ending(second, common + 1))) {
                common++;
            }
            assertEquals(
                    common,
                    owners.names().commonLabels(one, other),
                    () -> "seed %d: %s, %s".formatted(SEED, name, second));
            above += common == second.labelCount() ? 1 : 0;
        }
        assertTrue(above > 100, "some are above others");
    }

    private static Name ending(Name name, int labels) {
        Name ending = name;
        while (ending.labelCount() > labels) {
            ending = ending.parent();
        }
        return ending;
    }

    private static Records names(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        Set<Name> made = new HashSet<>();
        Records records = new Records();
        Name[] parents = new Name[1 + count / 20];
        parents[0] = APEX;
        int parentCount = 1;
        while (made.size() < count) {
            Name parent = parents[random.nextInt(parentCount)];
            Name name = Name.of(label(random), parent);
            if (name.labelCount() > 6 || !made.add(name)) {
                continue;
            }
            if (parentCount < parents.length && random.nextInt(10) == 0) {
                parents[parentCount++] = name;
            }
            records.add(new ResourceRecord(name, RecordType.A, 300, ADDRESS), 0);
        }
        return records;
    }

    private static String label(SplittableRandom random) {
        StringBuilder label = new StringBuilder();
        if (random.nextInt(3) == 0) {
            label.append(random.nextBoolean() ? "beginning-" : "BEGINNING-in-common-");
        }
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(12)) {
                case 0 -> label.append("\\%03d".formatted(random.nextInt(256)));
                case 1 -> label.append((char) ('A' + random.nextInt(26)));
                default -> label.append((char) ('a' + random.nextInt(26)));
            }
        }
        return label.toString();
    }
}
