package org.anycastdns.server.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NameBufferTest {

    private static final int NAMES = 2_000;

    private final NameBuffer name = new NameBuffer();

    @Test
    void eightOctetsFoldLikeOne() {
        for (int octet = 0; octet < 256; octet++) {
            for (int place = 0; place < Long.BYTES; place++) {
                // The neighbors must neither change nor be changed.
                for (long others : new long[] {0, -1L, 0x5a5a5a5a5a5a5a5aL, 0x4040404040404040L}) {
                    int shift = place * Byte.SIZE;
                    long eight = (others & ~(0xffL << shift)) | ((long) octet << shift);
                    long folded = Name.fold(eight);
                    for (int i = 0; i < Long.BYTES; i++) {
                        byte one = (byte) (eight >>> (i * Byte.SIZE));
                        assertEquals(Name.fold(one), (byte) (folded >>> (i * Byte.SIZE)));
                    }
                }
            }
        }
    }

    @Test
    void whatIsReadIsTheName() {
        forNames(
                8_1,
                (expected, random, context) -> {
                    int before = random.nextInt(20);
                    byte[] message = new byte[before + expected.wire().length + random.nextInt(12)];
                    System.arraycopy(expected.wire(), 0, message, before, expected.wire().length);
                    int end = before + expected.wire().length;
                    MemorySegment segment = MemorySegment.ofArray(message);
                    assertEquals(end, name.read(segment, before, message.length), context);
                    assertSame(expected, context);
                    assertEquals(-1, name.read(segment, before, end - 1), context);
                    assertEquals(0, name.labelCount(), context);
                });
    }

    @FunctionalInterface
    private interface Check {
        void of(Name expected, SplittableRandom random, String context);
    }

    private static void forNames(long seed, Check check) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < NAMES; i++) {
            Name name = random(random);
            check.of(name, random, "seed " + seed + ": " + name);
        }
    }

    @Test
    void aHashGoesOnFromTheNameAbove() {
        long seed = 26_11;
        forNames(
                seed,
                (expected, _, context) -> {
                    NameBuffer whole = new NameBuffer();
                    whole.set(expected.wire(), 0);
                    whole.hash(seed, 0, Name.LABELS_MAX);
                    for (int dropped = 0; dropped < whole.labelCount(); dropped++) {
                        long above = whole.hash(dropped + 1);
                        long hash = name.hashBelow(above, expected.wire(), whole.start(dropped));
                        assertEquals(whole.hash(dropped), hash, context);
                    }
                });
    }

    @Test
    void aNameIsTheSameHoweverItIsMade() {
        NameBuffer other = new NameBuffer();
        forNames(
                8_2,
                (expected, random, context) -> {
                    name.set(expected.wire(), 0);
                    assertSame(expected, context);
                    name.clear();
                    MemorySegment stored = MemorySegment.ofArray(expected.wire());
                    assertEquals(expected.wire().length - 1, name.appendLabels(stored, 0), context);
                    name.end();
                    assertSame(expected, context);
                    other.ending(name, 0);
                    assertTrue(name.sameAs(other), context);
                    long hashSeed = random.nextLong();
                    other.hash(hashSeed, 0, Name.LABELS_MAX);
                    assertEquals(NameBuffer.hash(expected, hashSeed, 0), other.hash(0), context);
                    for (int label = 0; label < name.labelCount(); label++) {
                        int start = name.start(label);
                        assertTrue(name.labelEquals(label, stored, start), context);
                        byte[] changed = expected.wire().clone();
                        changed[start + 1 + random.nextInt(changed[start])] ^= (byte) 0x81;
                        assertFalse(
                                name.labelEquals(label, MemorySegment.ofArray(changed), start),
                                context);
                    }
                });
    }

    @Test
    void everyOctetCountsInTheHash() {
        Set<Long> hashes = new HashSet<>();
        Set<Integer> upper = new HashSet<>();
        int names = 0;
        for (int length = 1; length <= Name.LABEL_OCTETS_MAX; length++) {
            for (int at = 0; at < length; at++) {
                for (byte octet = '0'; octet <= '9'; octet++) {
                    byte[] wire = new byte[length + 2];
                    Arrays.fill(wire, 1, length + 1, (byte) 'x');
                    wire[0] = (byte) length;
                    wire[at + 1] = octet;
                    name.set(wire, 0);
                    name.hash(1, 0, Name.LABELS_MAX);
                    hashes.add(name.hash(0));
                    upper.add((int) (name.hash(0) >>> 32));
                    names++;
                }
            }
        }
        assertEquals(names, hashes.size());
        // By chance two of 20,160 share one of 2^32 places every twentieth time; not more.
        assertTrue(upper.size() > names - 5, () -> "collisions: " + (hashes.size() - upper.size()));
    }

    @Test
    void aNameThatWouldBeTooLongIsRefused() {
        byte[] longest = new byte[Name.OCTETS_MAX];
        for (int at = 0; at < Name.OCTETS_MAX - 1; at += 2) {
            longest[at] = 1;
            longest[at + 1] = 'a';
        }
        assertEquals(Name.OCTETS_MAX, name.read(MemorySegment.ofArray(longest), 0, longest.length));
        assertEquals(Name.LABELS_MAX, name.labelCount());
        MemorySegment label = MemorySegment.ofArray(new byte[] {1, 'a', 0});
        assertThrows(IndexOutOfBoundsException.class, () -> name.appendLabels(label, 0));
        name.set(longest, 0);
        assertThrows(IndexOutOfBoundsException.class, () -> name.appendLabel(label, 0));
        byte[] longer = Arrays.copyOf(longest, Name.OCTETS_MAX + 2);
        longer[Name.OCTETS_MAX - 1] = 1;
        longer[Name.OCTETS_MAX] = 'a';
        assertEquals(-1, name.read(MemorySegment.ofArray(longer), 0, longer.length));
        assertThrows(IndexOutOfBoundsException.class, () -> name.set(longer, 0));
    }

    private void assertSame(Name expected, String context) {
        assertEquals(expected.labelCount(), name.labelCount(), context);
        assertEquals(expected.wire().length, name.length(), context);
        assertArrayEquals(expected.wire(), Arrays.copyOf(name.wire(), name.length()), context);
        assertArrayEquals(expected.folded(), Arrays.copyOf(name.folded(), name.length()), context);
    }

    /// A name of any octets, of any length.
    private static Name random(SplittableRandom random) {
        byte[] wire = new byte[Name.OCTETS_MAX];
        int most = 1 + random.nextInt(Name.LABEL_OCTETS_MAX);
        int labels = random.nextInt(10);
        int at = 0;
        for (int i = 0; i < labels; i++) {
            int size = 1 + random.nextInt(most);
            if (at + size + 2 > Name.OCTETS_MAX) {
                break;
            }
            wire[at++] = (byte) size;
            for (int j = 0; j < size; j++) {
                wire[at++] = (byte) random.nextInt(256);
            }
        }
        return Name.read(Arrays.copyOf(wire, at + 1), 0);
    }
}
