package org.anycastdns.server.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// RFC 4034 section 6.1: the order of keys is the order of names.
class CanonicalKeyTest {

    private static final int PAIRS = 20_000;

    @Test
    void keysOfRandomNamesAreOrderedAsTheNames() {
        long seed = 6_1;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < PAIRS; i++) {
            Name a = name(random);
            Name b = name(random);
            assertEquals(
                    Integer.signum(a.compareTo(b)),
                    Integer.signum(Arrays.compareUnsigned(key(a), key(b))),
                    () -> "seed " + seed + ": " + a + " and " + b);
        }
    }

    private static byte[] key(Name name) {
        CanonicalKey key = new CanonicalKey();
        key.set(name.folded(), 0);
        return Arrays.copyOf(key.octets(), key.length());
    }

    /// A short name of octets that are near the ends of labels in the order: 0, 1, 2 and letters.
    private static Name name(SplittableRandom random) {
        byte[] wire = new byte[64];
        int at = 0;
        for (int labels = random.nextInt(4); labels > 0; labels--) {
            int size = random.nextInt(1, 4);
            wire[at++] = (byte) size;
            for (int i = 0; i < size; i++) {
                wire[at++] = new byte[] {0, 1, 2, 'A', 'a', 'b', -1}[random.nextInt(7)];
            }
        }
        return Name.read(wire, 0);
    }
}
