package org.anycastdns.announcer.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BfdCodecTest {

    /// Up with Poll, 3 x 300 ms, as laid out in RFC 5880 section 4.1.
    private static final String UP = "20e00318 11223344 55667788 000493e0 000493e0 00000000";

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void aPacketIsWrittenAndReadAsTheRfcDrawsIt() {
        Packet packet =
                new Packet(
                        SessionState.UP,
                        Diagnostic.NONE,
                        true,
                        false,
                        3,
                        0x11223344,
                        0x55667788,
                        300_000,
                        300_000);
        assertEquals(UP.replace(" ", ""), HexFormat.of().formatHex(BfdCodec.encode(packet)));
        assertEquals(new BfdDecoded.Intact(packet), BfdCodec.decode(octets(UP)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOO_SHORT           | 20e00318 11223344 55667788 000493e0 000493e0 000000",
                "TOO_SHORT           | 20e00319 11223344 55667788 000493e0 000493e0 00000000",
                "BAD_VERSION         | 00e00318 11223344 55667788 000493e0 000493e0 00000000",
                "BAD_VERSION         | 40e00318 11223344 55667788 000493e0 000493e0 00000000",
                "BAD_LENGTH          | 20e00317 11223344 55667788 000493e0 000493e0 00000000",
                "BAD_LENGTH          | 20e40318 11223344 55667788 000493e0 000493e0 00000000",
                "ZERO_MULTIPLIER     | 20e00018 11223344 55667788 000493e0 000493e0 00000000",
                "MULTIPOINT          | 20e10318 11223344 55667788 000493e0 000493e0 00000000",
                "DEMAND              | 20e20318 11223344 55667788 000493e0 000493e0 00000000",
                "AUTHENTICATED | 20e4031a 11223344 55667788 000493e0 000493e0 00000000 0102",
                "ZERO_DISCRIMINATOR  | 20e00318 00000000 55667788 000493e0 000493e0 00000000",
                "NO_DISCRIMINATOR    | 20e00318 11223344 00000000 000493e0 000493e0 00000000",
                "NO_DISCRIMINATOR    | 20a00318 11223344 00000000 000493e0 000493e0 00000000"
            })
    void whatSection686RefusesIsDiscarded(Discard why, String hex) {
        assertEquals(new BfdDecoded.Unfit(why), BfdCodec.decode(octets(hex)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DOWN       | 20400318 11223344 00000000 000f4240 000493e0 00000000",
                "ADMIN_DOWN | 27000318 11223344 00000000 000f4240 000493e0 00000000",
                "UP         | 20c00318 11223344 55667788 000493e0 00000000 00000032 ffff",
                "UP         | 20d00318 11223344 55667788 ffffffff ffffffff 00000000",
                "UP         | 20c80318 11223344 55667788 000493e0 000493e0 00000000",
                "UP         | 3fc00318 11223344 55667788 000493e0 000493e0 00000000"
            })
    void whatSection686AllowsIsTaken(SessionState state, String hex) {
        assertEquals(
                state,
                assertInstanceOf(BfdDecoded.Intact.class, BfdCodec.decode(octets(hex)))
                        .packet()
                        .state());
    }

    @Test
    void whateverIsWrittenIsReadBack() {
        long seed = 5880;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 10_000; round++) {
            Packet packet =
                    new Packet(
                            SessionState.of(random.nextInt(4)),
                            Diagnostic.of(random.nextInt(10)),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextInt(1, 256),
                            random.nextInt() | 1,
                            random.nextInt() | 1,
                            random.nextLong(Packet.MICROS_MAX + 1),
                            random.nextLong(Packet.MICROS_MAX + 1));
            assertEquals(
                    new BfdDecoded.Intact(packet),
                    BfdCodec.decode(BfdCodec.encode(packet)),
                    () -> "seed " + seed);
        }
    }

    @Test
    void anyOctetsAreAPacketOrDiscarded() {
        Seeded run = new Seeded(5881, 100_000);
        run.feed(
                64,
                (octets, random) -> {
                    if (octets.length > 3 && random.nextBoolean()) {
                        octets[0] = (byte) (0x20 | (octets[0] & 0x1f));
                        octets[1] &= (byte) 0xf8;
                        octets[3] = (byte) octets.length;
                    }
                    byte[] untouched = octets.clone();
                    if (BfdCodec.decode(octets) instanceof BfdDecoded.Intact(Packet packet)) {
                        byte[] again = BfdCodec.encode(packet);
                        assertEquals(
                                HexFormat.of().formatHex(octets, 4, 20),
                                HexFormat.of().formatHex(again, 4, 20),
                                run::toString);
                    }
                    assertEquals(Arrays.hashCode(untouched), Arrays.hashCode(octets));
                });
    }
}
