package org.anycastdns.server.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// RFC 1035 section 3.1 and 5.1, RFC 4343, RFC 4034 section 6.1.
class NameTest {

    @Test
    void presentationFormBecomesLengthPrefixedLabels() {
        assertArrayEquals(new byte[] {1, 'a', 2, 'B', 'c', 0}, Name.of("a.Bc.").wire());
        assertArrayEquals(new byte[] {0}, Name.of(".").wire());
    }

    @Test
    void nameWithoutFinalDotIsBelowTheOrigin() {
        Name origin = Name.of("example.com.");
        assertEquals(Name.of("www.example.com."), Name.of("www", origin));
        assertEquals(Name.of("www."), Name.of("www.", origin));
        assertEquals(origin, Name.of("@", origin));
    }

    @Test
    void escapesKeepDotsAndOctetsInsideALabel() {
        Name name = Name.of("a\\.b\\000\\255.c.");
        assertEquals(2, name.labelCount());
        assertArrayEquals(new byte[] {5, 'a', '.', 'b', 0, (byte) 255, 1, 'c', 0}, name.wire());
        assertEquals("a\\.b\\000\\255.c.", name.toString());
    }

    @Test
    void caseIsKeptAndIgnoredInComparison() {
        Name upper = Name.of("WWW.Example.");
        assertEquals(Name.of("www.example."), upper);
        assertEquals(Name.of("www.example.").hashCode(), upper.hashCode());
        assertEquals("WWW.Example.", upper.toString());
        // Only ASCII letters fold (RFC 4343 section 3): octets 0xC0 and 0xE0 differ.
        assertNotEquals(Name.of("\\192."), Name.of("\\224."));
    }

    @Test
    void limitsOfLabelAndNameAreEnforced() {
        String label = "a".repeat(63);
        assertEquals(
                255, Name.of(label + "." + label + "." + label + "." + "a".repeat(61)).length());
        assertThrows(IllegalArgumentException.class, () -> Name.of("a".repeat(64)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Name.of(label + "." + label + "." + label + "." + "a".repeat(62)));
        assertEquals(127, Name.of("a.".repeat(127)).labelCount());
    }

    @Test
    void brokenTextIsAnError() {
        for (String text : List.of("a..b", ".a", "", "a\\", "a\\25", "a\\256", "a b", "\u00e4")) {
            assertThrows(IllegalArgumentException.class, () -> Name.of(text), text);
        }
    }

    @Test
    void descentComparesWholeLabels() {
        Name apex = Name.of("example.com.");
        assertTrue(Name.of("a.EXAMPLE.com.").isAtOrBelow(apex));
        assertTrue(apex.isAtOrBelow(apex));
        assertTrue(apex.isAtOrBelow(Name.ROOT));
        assertFalse(Name.of("anexample.com.").isAtOrBelow(apex));
        assertFalse(Name.of("com.").isAtOrBelow(apex));
        // The octets "\007example\003com\000" inside a label are not a suffix of labels.
        assertFalse(Name.of("x\\007example\\003com.").isAtOrBelow(Name.of("example.com.")));
    }

    /// The list of RFC 4034 section 6.1.
    @Test
    void canonicalOrderIsThatOfRfc4034() {
        List<String> expected =
                List.of(
                        "example.",
                        "a.example.",
                        "yljkjljk.a.example.",
                        "Z.a.example.",
                        "zABC.a.EXAMPLE.",
                        "z.example.",
                        "\\001.z.example.",
                        "*.z.example.",
                        "\\200.z.example.");
        List<Name> names = new ArrayList<>(expected.stream().map(Name::of).toList());
        Collections.reverse(names);
        Collections.sort(names);
        assertEquals(expected, names.stream().map(Name::toString).toList());
    }

    @RepeatedTest(50)
    void randomNamesSurviveTextAndWire(RepetitionInfo repetition) {
        long seed = 7_000L + repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        Name name = random(random);
        assertEquals(name, Name.of(name.toString()), () -> "seed " + seed);
        assertArrayEquals(
                name.wire(), Name.of(name.toString()).wire(), () -> "seed " + seed + " " + name);
        NameBuffer buffer = new NameBuffer();
        buffer.set(name.wire(), 0);
        assertEquals(name.labelCount(), buffer.labelCount(), () -> "seed " + seed);
        buffer.hash(seed, 0, Name.LABELS_MAX);
        Name ancestor = name;
        for (int dropped = 0; dropped <= name.labelCount(); dropped++) {
            assertTrue(buffer.equals(dropped, ancestor.folded()), "seed " + seed);
            assertEquals(NameBuffer.hash(ancestor, seed, 0), buffer.hash(dropped), "seed " + seed);
            ancestor = ancestor.isRoot() ? ancestor : ancestor.parent();
        }
    }

    private static Name random(SplittableRandom random) {
        int labels = random.nextInt(1, 8);
        byte[] wire = new byte[256];
        int at = 0;
        for (int i = 0; i < labels; i++) {
            int size = random.nextInt(1, 30);
            wire[at++] = (byte) size;
            for (int j = 0; j < size; j++) {
                wire[at++] = (byte) random.nextInt(256);
            }
        }
        return Name.read(wire, 0);
    }
}
