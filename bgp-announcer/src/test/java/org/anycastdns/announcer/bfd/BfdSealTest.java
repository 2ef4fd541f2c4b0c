package org.anycastdns.announcer.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BfdSealTest {

    private static final BfdSession SESSION = new BfdSession(0x0a, 300_000, 300_000, 3);

    /// The other end's packets are due every 300 ms, and three may be lost.
    private static final Packet PACKET =
            new Packet(
                    SessionState.UP,
                    Diagnostic.NONE,
                    false,
                    false,
                    3,
                    0x0b,
                    0x0a,
                    300_000,
                    300_000);

    private static final long DETECTION_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private static BfdAuthentication how(BfdAuthentication.Type type, String key) {
        return new BfdAuthentication(type, 7, key);
    }

    private static BfdSeal seal(BfdAuthentication.Type type, int sequence) {
        return new BfdSeal(how(type, "a secret"), sequence);
    }

    private static byte[] sent(BfdSeal seal) {
        return seal.signed(BfdCodec.encode(PACKET));
    }

    private static @Nullable Discard check(BfdSeal seal, byte[] octets) {
        return seal.check(octets, PACKET, SESSION, 0);
    }

    /// The hash was computed by another program.
    @Test
    void thePacketIsTheOneThatTheRfcDraws() {
        byte[] octets = sent(seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 0x01020304));
        assertEquals(
                "20c40334"
                        + "0000000b"
                        + "0000000a"
                        + "000493e0"
                        + "000493e0"
                        + "00000000"
                        + "051c0700"
                        + "01020304"
                        + "812f768c5f5e979362ad48c2d346a0cc143b54e7",
                HexFormat.of().formatHex(octets));
        assertEquals(new BfdDecoded.Intact(PACKET), BfdCodec.decode(octets, true));
    }

    @ParameterizedTest
    @EnumSource
    void packetsOfTheOtherEndAreAcceptedAlsoWhenTheNumbersWrapAround(BfdAuthentication.Type type) {
        BfdSeal theirs = seal(type, -3);
        BfdSeal ours = seal(type, 99);
        for (int i = 0; i < 10; i++) {
            assertNull(check(ours, sent(theirs)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void b15PacketsWithoutTheKeyAreDiscarded(BfdAuthentication.Type type) {
        BfdSeal ours = seal(type, 0);
        byte[] plain = BfdCodec.encode(PACKET);
        assertEquals(new BfdDecoded.Unfit(Discard.UNAUTHENTICATED), BfdCodec.decode(plain, true));
        assertEquals(
                new BfdDecoded.Unfit(Discard.AUTHENTICATED),
                BfdCodec.decode(sent(seal(type, 0)), false));
        byte[] foreign = sent(new BfdSeal(how(type, "another secret"), 0));
        assertEquals(Discard.BAD_AUTHENTICATION, check(ours, foreign));
        byte[] otherId = sent(new BfdSeal(new BfdAuthentication(type, 8, "a secret"), 0));
        assertEquals(Discard.BAD_AUTHENTICATION, check(ours, otherId));
        BfdAuthentication.Type other =
                type == BfdAuthentication.Type.KEYED_SHA1
                        ? BfdAuthentication.Type.METICULOUS_KEYED_SHA1
                        : BfdAuthentication.Type.KEYED_SHA1;
        assertEquals(Discard.BAD_AUTHENTICATION, check(ours, sent(seal(other, 0))));
    }

    @Test
    void whateverIsChangedIsDiscarded() {
        byte[] octets = sent(seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 5));
        for (int bit = 0; bit < octets.length * Byte.SIZE; bit++) {
            byte[] bent = octets.clone();
            bent[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertEquals(
                    Discard.BAD_AUTHENTICATION,
                    check(seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 0), bent),
                    "bit " + bit);
        }
        SplittableRandom random = new SplittableRandom(5880);
        for (int i = 0; i < 1000; i++) {
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            assertEquals(
                    Discard.BAD_AUTHENTICATION,
                    check(seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 0), noise));
        }
    }

    @Test
    void b15ReplayedPacketsAreDiscarded() {
        BfdSeal theirs = seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 0);
        byte[][] sent = {sent(theirs), sent(theirs)};
        BfdSeal ours = accepting(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, sent);
        for (byte[] old : sent) {
            assertEquals(Discard.REPLAYED, check(ours, old));
        }
        BfdSeal ahead = seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 1 + 3 * 3 + 1);
        assertEquals(Discard.REPLAYED, check(ours, sent(ahead)));
        assertNull(check(ours, sent(theirs)));
    }

    @Test
    void withKeyedSha1OnlyTheLastPacketCanBeReplayed() {
        BfdSeal theirs = seal(BfdAuthentication.Type.KEYED_SHA1, 0);
        byte[] first = sent(theirs);
        byte[] second = sent(theirs);
        BfdSeal ours = accepting(BfdAuthentication.Type.KEYED_SHA1, first, second);
        assertNull(check(ours, second));
        assertEquals(Discard.REPLAYED, check(ours, first));
    }

    /// Returns a seal that has accepted these packets.
    private static BfdSeal accepting(BfdAuthentication.Type type, byte[]... packets) {
        BfdSeal seal = seal(type, 0);
        for (byte[] packet : packets) {
            assertNull(check(seal, packet));
        }
        return seal;
    }

    @Test
    void anEndThatRestartsIsHeardAfterTwiceTheDetectionTime() {
        BfdSeal ours = seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 0);
        assertNull(
                check(ours, sent(seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 1_000_000))));
        BfdSeal restarted = seal(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 5);
        assertEquals(
                Discard.REPLAYED,
                ours.check(sent(restarted), PACKET, SESSION, 2 * DETECTION_NANOS));
        assertNull(ours.check(sent(restarted), PACKET, SESSION, 2 * DETECTION_NANOS + 1));
    }

    @Test
    void theKeyIsInNoText() {
        assertFalse(
                how(BfdAuthentication.Type.KEYED_SHA1, "a secret").toString().contains("secret"));
    }
}
