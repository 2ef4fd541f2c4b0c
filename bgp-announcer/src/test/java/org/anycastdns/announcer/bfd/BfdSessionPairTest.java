package org.anycastdns.announcer.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Two sessions talk to each other; [BfdSessionPair] checks the invariants at every step.
class BfdSessionPairTest {

    private static final long SECOND = 1_000_000;

    /// Some links of a LAN, and one that is far worse than any.
    private static final long DELAY_MAX = 5_000;

    private static BfdSessionPair pair(long delay, long seed) {
        return new BfdSessionPair(
                new BfdSession(0x0a, 300_000, 300_000, 3),
                new BfdSession(0x0b, 300_000, 300_000, 3),
                delay,
                seed);
    }

    private static BfdSessionPair started(long seed) {
        BfdSessionPair pair = pair(DELAY_MAX, seed);
        pair.on(pair.left, new BfdEvent.Start());
        pair.on(pair.right, new BfdEvent.Start());
        return pair;
    }

    private static BfdSessionPair up(long seed) {
        BfdSessionPair pair = started(seed);
        pair.pass(3 * SECOND);
        assertTrue(pair.bothUp(), () -> "seed " + seed);
        return pair;
    }

    @Test
    void twoEndsComeUpWithinThreeSecondsAndAgreeWithoutPollingOn() {
        for (long seed = 0; seed < 100; seed++) {
            BfdSessionPair pair = up(seed);
            pair.pass(SECOND);
            assertFalse(pair.left.state.polling() || pair.right.state.polling(), "seed " + seed);
            assertEquals(300_000, pair.left.session.transmitMicros(pair.left.state));
            assertEquals(900_000, pair.right.session.detectionMicros(pair.right.state));
        }
    }

    /// Row B3 of the inputs from the field.
    @Test
    void b3ParametersChangeOnTheRunningSessionWhichStaysUp() {
        for (long seed = 0; seed < 50; seed++) {
            BfdSessionPair pair = up(seed);
            pair.pass(2 * SECOND);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 40; i++) {
                BfdSessionPair.End end = random.nextBoolean() ? pair.left : pair.right;
                long micros = random.nextLong(10_000, 2 * SECOND);
                int multiplier = random.nextInt(2, 10);
                pair.change(end, micros, multiplier);
                pair.pass(10 * SECOND);
                String when = "seed " + seed + ", change " + i;
                assertEquals(0, pair.left.downs + pair.right.downs, when);
                assertFalse(pair.left.state.polling() || pair.right.state.polling(), when);
                long slower =
                        Math.max(
                                pair.left.session.desiredMinTxMicros(),
                                pair.right.session.requiredMinRxMicros());
                assertEquals(slower, pair.left.session.transmitMicros(pair.left.state), when);
                assertEquals(
                        slower * pair.left.session.detectMultiplier(),
                        pair.right.session.detectionMicros(pair.right.state),
                        when);
            }
        }
    }

    @Test
    void aQuietLinkNeverTakesASessionDown() {
        for (long seed = 0; seed < 20; seed++) {
            BfdSessionPair pair = up(seed);
            pair.pass(600 * SECOND);
            assertEquals(1, pair.left.ups, "seed " + seed);
            assertEquals(0, pair.left.downs + pair.right.downs, "seed " + seed);
        }
    }

    @Test
    void theSlowerEndSetsThePaceInEachDirection() {
        BfdSessionPair pair =
                new BfdSessionPair(
                        new BfdSession(1, 50_000, 200_000, 3),
                        new BfdSession(2, 100_000, 500_000, 5),
                        DELAY_MAX,
                        1);
        pair.on(pair.left, new BfdEvent.Start());
        pair.on(pair.right, new BfdEvent.Start());
        pair.pass(4 * SECOND);
        assertTrue(pair.bothUp());
        assertEquals(500_000, pair.left.session.transmitMicros(pair.left.state));
        assertEquals(200_000, pair.right.session.transmitMicros(pair.right.state));
        assertEquals(5 * 200_000, pair.left.session.detectionMicros(pair.left.state));
        assertEquals(3 * 500_000, pair.right.session.detectionMicros(pair.right.state));
    }

    @Test
    void anEndThatDiesIsGoneWithinTheDetectionTime() {
        for (long seed = 0; seed < 100; seed++) {
            BfdSessionPair pair = up(seed);
            pair.pass(new SplittableRandom(seed).nextLong(SECOND));
            pair.kill(pair.left);
            // Its last packet may still be on the way.
            pair.pass(900_000 + DELAY_MAX);
            assertInstanceOf(BfdState.Down.class, pair.right.state, "seed " + seed);
            assertEquals(1, pair.right.downs);
        }
    }

    @Test
    void aDirectionThatFailsTakesBothEndsDown() {
        for (long seed = 0; seed < 100; seed++) {
            BfdSessionPair pair = up(seed);
            pair.leftLossPercent = 100;
            pair.pass(900_000 + 2 * DELAY_MAX);
            assertEquals(1, pair.right.downs, "seed " + seed);
            assertEquals(1, pair.left.downs, "seed " + seed);
            pair.leftLossPercent = 0;
            pair.pass(4 * SECOND);
            assertTrue(pair.bothUp(), "seed " + seed);
        }
    }

    @Test
    void anEndThatRestartsComesBackAndTheOtherNoticed() {
        for (long seed = 0; seed < 100; seed++) {
            BfdSessionPair pair = up(seed);
            pair.restart(pair.left, 0x0c);
            pair.pass(4 * SECOND);
            assertTrue(pair.bothUp(), "seed " + seed);
            assertEquals(1, pair.right.downs, "seed " + seed);
            assertEquals(0x0c, pair.right.state.remote().discriminator());
        }
    }

    @Test
    void aStopOnPurposeIsUnderstoodAtOnceAndUndoneByAStart() {
        BfdSessionPair pair = up(1);
        pair.on(pair.left, new BfdEvent.Stop());
        pair.pass(DELAY_MAX);
        assertInstanceOf(BfdState.Down.class, pair.right.state);
        assertEquals(SessionState.ADMIN_DOWN, pair.right.state.remote().state());
        pair.pass(30 * SECOND);
        assertInstanceOf(BfdState.Down.class, pair.right.state);
        pair.on(pair.left, new BfdEvent.Start());
        pair.pass(4 * SECOND);
        assertTrue(pair.bothUp());
    }

    @Test
    void whateverHappensTheInvariantsHoldAndAGoodLinkBringsBothUp() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            BfdSessionPair pair =
                    new BfdSessionPair(
                            any(random, 1), any(random, 2), random.nextLong(2 * SECOND), seed);
            try {
                storm(pair, random);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static BfdSession any(SplittableRandom random, int discriminator) {
        return new BfdSession(
                discriminator,
                random.nextLong(20_000, 2 * SECOND),
                random.nextLong(20_000, 2 * SECOND),
                random.nextInt(1, 6));
    }

    private static void storm(BfdSessionPair pair, SplittableRandom random) {
        int discriminator = 100;
        for (int event = 0; event < 60; event++) {
            BfdSessionPair.End end = random.nextBoolean() ? pair.left : pair.right;
            switch (random.nextInt(5)) {
                case 0 -> pair.on(end, new BfdEvent.Start());
                case 1 -> pair.on(end, new BfdEvent.Stop());
                case 2 -> pair.restart(end, discriminator++);
                case 3 -> pair.leftLossPercent = random.nextInt(101);
                default -> pair.rightLossPercent = random.nextInt(101);
            }
            pair.repeatPercent = random.nextInt(50);
            pair.reorders = random.nextBoolean();
            pair.pass(random.nextLong(5 * SECOND));
        }
        pair.leftLossPercent = 0;
        pair.rightLossPercent = 0;
        pair.reorders = false;
        pair.restart(pair.left, discriminator++);
        pair.restart(pair.right, discriminator);
        boolean steady = false;
        for (int second = 0; second < 60 && !steady; second++) {
            pair.pass(SECOND);
            steady = pair.bothUp();
        }
        assertTrue(steady, "both up in a minute");
    }
}
