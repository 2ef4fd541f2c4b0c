package org.anycastdns.server.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentDigestTest {

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    @Test
    void sumsAndDifferencesAreThoseOfNumbersOf256Bits() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            ContentDigest one = random(random);
            ContentDigest other = random(random);
            BigInteger a = new BigInteger(1, one.octets());
            BigInteger b = new BigInteger(1, other.octets());
            String where = "seed " + seed + ": " + one + " and " + other;
            assertEquals(text(a.add(b)), one.plus(other).toString(), where);
            assertEquals(text(a.subtract(b)), one.minus(other).toString(), where);
            assertEquals(a.shiftRight(256 - 48).longValueExact(), one.number(), where);
        }
    }

    /// Parts of all ones and all zeros make carries likely.
    private static ContentDigest random(Random random) {
        return new ContentDigest(part(random), part(random), part(random), part(random));
    }

    private static long part(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Long.MIN_VALUE;
            default -> random.nextLong();
        };
    }

    private static String text(BigInteger number) {
        return String.format("%064x", number.mod(MODULUS));
    }

    @Test
    void versionsOfOneImageShareWhatIsKnown() {
        ContentDigest five = new ContentDigest(0, 0, 0, 5);
        KnownDigest image = new KnownDigest();
        KnownDigest changed = image.plus(five).plus(five);
        assertNull(changed.get());
        changed.set(new ContentDigest(0, 0, 0, 3));
        assertEquals(new ContentDigest(0, 0, 0, 3), changed.get());
        assertEquals(new ContentDigest(-1, -1, -1, -7), image.get());
    }
}
