package org.anycastdns.announcer.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.announcer.bfd.BfdAction.Arm;
import org.anycastdns.announcer.bfd.BfdAction.Disarm;
import org.anycastdns.announcer.bfd.BfdAction.Send;
import org.anycastdns.announcer.bfd.BfdEvent.Expired;
import org.anycastdns.announcer.bfd.BfdEvent.Received;
import org.anycastdns.announcer.bfd.BfdEvent.Start;
import org.anycastdns.announcer.bfd.BfdEvent.Stop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BfdSessionTest {

    private static final int OURS = 0x0a;
    private static final int THEIRS = 0x0b;
    private static final BfdSession SESSION = new BfdSession(OURS, 300_000, 300_000, 3);

    /// What the other end may be: 200 ms x 5, its reception at 400 ms.
    private static Packet packet(SessionState state, int yours) {
        return new Packet(state, Diagnostic.NONE, false, false, 5, THEIRS, yours, 200_000, 400_000);
    }

    private static Packet poll(SessionState state, boolean poll, boolean isFinal) {
        return new Packet(state, Diagnostic.NONE, poll, isFinal, 5, THEIRS, OURS, 200_000, 400_000);
    }

    private static BfdStep on(BfdState state, Packet packet) {
        return SESSION.on(state, new Received(packet));
    }

    private static BfdState state(SessionState state) {
        Remote remote = Remote.of(packet(SessionState.DOWN, 0));
        return switch (state) {
            case ADMIN_DOWN -> new BfdState.AdminDown(Diagnostic.NONE, remote);
            case DOWN -> new BfdState.Down(Diagnostic.NONE, remote, false);
            case INIT -> new BfdState.Init(Diagnostic.NONE, remote, false);
            case UP -> new BfdState.Up(remote, false);
        };
    }

    private static List<Packet> sent(BfdStep step) {
        return step.actions().stream()
                .filter(Send.class::isInstance)
                .map(action -> ((Send) action).packet())
                .toList();
    }

    private static BfdAction.Down down(BfdStep step) {
        return step.actions().stream()
                .filter(BfdAction.Down.class::isInstance)
                .map(BfdAction.Down.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Down in " + step));
    }

    @ParameterizedTest(name = "{0} hears {1}: {2}")
    @CsvSource({
        "DOWN, ADMIN_DOWN, DOWN",
        "DOWN, DOWN, INIT",
        "DOWN, INIT, UP",
        "DOWN, UP, DOWN",
        "INIT, ADMIN_DOWN, DOWN",
        "INIT, DOWN, INIT",
        "INIT, INIT, UP",
        "INIT, UP, UP",
        "UP, ADMIN_DOWN, DOWN",
        "UP, DOWN, DOWN",
        "UP, INIT, UP",
        "UP, UP, UP",
        "ADMIN_DOWN, DOWN, ADMIN_DOWN",
        "ADMIN_DOWN, INIT, ADMIN_DOWN",
        "ADMIN_DOWN, UP, ADMIN_DOWN"
    })
    void theTransitionsAreThoseOfSection686(
            SessionState before, SessionState heard, SessionState after) {
        BfdStep step = on(state(before), packet(heard, OURS));
        assertEquals(after, step.state().onWire());
        assertEquals(before == after ? 0 : 1, sent(step).size(), "a change is told at once");
    }

    @Test
    void beginsSlowlyWithADownPacketThatKnowsNobody() {
        BfdStep step = SESSION.on(BfdSession.FIRST, new Start());
        assertEquals(
                List.of(
                        new Send(
                                new Packet(
                                        SessionState.DOWN,
                                        Diagnostic.NONE,
                                        false,
                                        false,
                                        3,
                                        OURS,
                                        0,
                                        1_000_000,
                                        300_000)),
                        new Arm(BfdTimer.TRANSMIT, 1_000_000)),
                step.actions());
        assertEquals(
                List.of(new Send(sent(step).getFirst()), new Arm(BfdTimer.TRANSMIT, 1_000_000)),
                SESSION.on(step.state(), new Expired(BfdTimer.TRANSMIT)).actions());
    }

    @Test
    void comingUpPollsBecauseTheIntervalIsNowTheConfiguredOne() {
        BfdStep step = on(state(SessionState.INIT), packet(SessionState.INIT, OURS));
        assertEquals(
                List.of(
                        new Send(
                                new Packet(
                                        SessionState.UP,
                                        Diagnostic.NONE,
                                        true,
                                        false,
                                        3,
                                        OURS,
                                        THEIRS,
                                        300_000,
                                        300_000)),
                        new Arm(BfdTimer.TRANSMIT, 400_000),
                        new Arm(BfdTimer.DETECTION, 5 * 300_000),
                        new BfdAction.Up()),
                step.actions());
        BfdStep answered = on(step.state(), poll(SessionState.UP, false, true));
        assertEquals(
                new BfdState.Up(Remote.of(poll(SessionState.UP, false, true)), false),
                answered.state());
        assertEquals(List.of(new Arm(BfdTimer.DETECTION, 5 * 300_000)), answered.actions());
    }

    @Test
    void aPollIsAnsweredAtOnceInEveryStateAndTheAnswerPollsNobody() {
        for (SessionState state : List.of(SessionState.DOWN, SessionState.INIT, SessionState.UP)) {
            for (SessionState heard : SessionState.values()) {
                List<Packet> sent = sent(on(state(state), poll(heard, true, false)));
                assertEquals(1, sent.size(), state + " " + heard);
                assertTrue(sent.getFirst().isFinal(), state + " " + heard);
                assertEquals(false, sent.getFirst().poll(), state + " " + heard);
            }
        }
    }

    @Test
    void silenceForTheDetectionTimeEndsTheSessionAndForgetsTheOtherEnd() {
        BfdStep step = SESSION.on(state(SessionState.UP), new Expired(BfdTimer.DETECTION));
        assertEquals(
                new BfdState.Down(Diagnostic.DETECTION_TIME_EXPIRED, Remote.UNKNOWN, true),
                step.state());
        assertEquals(new BfdAction.Down(true, "nothing heard for 1500 ms"), down(step));
        Packet told = sent(step).getFirst();
        assertEquals(0, told.yourDiscriminator());
        assertEquals(1_000_000, told.desiredMinTxMicros());
        assertEquals(Diagnostic.DETECTION_TIME_EXPIRED, told.diagnostic());
    }

    @Test
    void theOtherEndsWordEndsTheSessionAndIsNoFailureWhenItStopsOnPurpose() {
        BfdStep down = on(state(SessionState.UP), packet(SessionState.DOWN, OURS));
        assertEquals(Diagnostic.SIGNALED_DOWN, down.state().diagnostic());
        assertEquals(
                new BfdAction.Down(true, "the neighbor says Down (No Diagnostic)"), down(down));
        assertFalse(
                down(on(state(SessionState.UP), packet(SessionState.ADMIN_DOWN, OURS))).failed());
    }

    /// By the reason that the other end gives: only a word of ours that we never spoke is none.
    @ParameterizedTest(name = "diagnostic {0}: failed {1}")
    @CsvSource({"0, true", "1, true", "2, true", "3, false", "4, true", "5, true", "31, true"})
    void theOtherEndsDownIsAFailureUnlessItClaimsToRepeatOurs(int diagnostic, boolean failed) {
        Packet packet =
                new Packet(
                        SessionState.DOWN,
                        Diagnostic.of(diagnostic),
                        true,
                        false,
                        5,
                        THEIRS,
                        OURS,
                        1_000_000,
                        400_000);
        BfdStep step = on(state(SessionState.UP), packet);
        assertEquals(SessionState.DOWN, step.state().onWire());
        assertEquals(failed, down(step).failed());
    }

    private static Packet restarted(SessionState state, int mine, int yours) {
        return new Packet(state, Diagnostic.NONE, false, false, 5, mine, yours, 1_000_000, 400_000);
    }

    @Test
    void anOtherEndThatBeginsAnewEndsTheSessionAndIsNoFailure() {
        Packet anew = restarted(SessionState.DOWN, THEIRS + 1, OURS);
        BfdStep step = on(state(SessionState.UP), anew);
        assertEquals(SessionState.DOWN, step.state().onWire());
        assertEquals(
                new BfdAction.Down(
                        false, "the neighbor says Down (No Diagnostic), having begun anew"),
                down(step));
    }

    @ParameterizedTest
    @CsvSource({"DOWN", "ADMIN_DOWN"})
    void b15AForgedEndThatKnowsNeitherDiscriminatorIsIgnoredUntilTheDetectionTime(
            SessionState told) {
        Packet forged = restarted(told, THEIRS + 1, 0);
        BfdState up = state(SessionState.UP);
        // No timer starts anew: it is no sign of life of the neighbor.
        assertEquals(BfdStep.to(up, new BfdAction.Discarded(Discard.UNPROVEN)), on(up, forged));
        BfdStep lost = SESSION.on(up, new Expired(BfdTimer.DETECTION));
        BfdState after = on(lost.state(), restarted(SessionState.DOWN, THEIRS + 1, 0)).state();
        assertEquals(SessionState.INIT, after.onWire());
        assertEquals(THEIRS + 1, after.remote().discriminator());
    }

    @Test
    void theKnownEndThatHearsUsNoMoreIsBelieved() {
        BfdStep step = on(state(SessionState.UP), restarted(SessionState.DOWN, THEIRS, 0));
        assertTrue(down(step).failed());
    }

    @Test
    void stoppingTellsTheOtherEndAndHearsNothingMore() {
        BfdStep step = SESSION.on(state(SessionState.UP), new Stop());
        Packet last = sent(step).getFirst();
        assertEquals(SessionState.ADMIN_DOWN, last.state());
        assertEquals(Diagnostic.ADMINISTRATIVELY_DOWN, last.diagnostic());
        assertFalse(down(step).failed());
        assertEquals(
                List.of(new BfdAction.Discarded(Discard.STOPPED)),
                on(step.state(), packet(SessionState.DOWN, 0)).actions());
        assertEquals(
                SessionState.ADMIN_DOWN,
                sent(SESSION.on(step.state(), new Expired(BfdTimer.TRANSMIT))).getFirst().state());
    }

    @Test
    void aPacketForAnotherSessionChangesNothing() {
        for (SessionState state : List.of(SessionState.DOWN, SessionState.INIT, SessionState.UP)) {
            for (SessionState heard : SessionState.values()) {
                assertEquals(
                        BfdStep.to(
                                state(state), new BfdAction.Discarded(Discard.OTHER_DISCRIMINATOR)),
                        on(state(state), packet(heard, OURS + 1)));
            }
        }
    }

    @Test
    void anEndThatWantsNoPacketsGetsNoneUntilItDoes() {
        BfdState up = state(SessionState.UP);
        Packet none =
                new Packet(
                        SessionState.UP,
                        Diagnostic.NONE,
                        false,
                        false,
                        5,
                        THEIRS,
                        OURS,
                        200_000,
                        0);
        BfdStep step = on(up, none);
        assertEquals(
                List.of(new Disarm(BfdTimer.TRANSMIT), new Arm(BfdTimer.DETECTION, 1_500_000)),
                step.actions());
        assertEquals(
                List.of(
                        new Arm(BfdTimer.TRANSMIT, 400_000),
                        new Arm(BfdTimer.DETECTION, 1_500_000)),
                on(step.state(), packet(SessionState.UP, OURS)).actions());
    }

    @Test
    void anOldWishForNoPacketsIsForgottenWithTheEndThatHadIt() {
        Remote silent = new Remote(SessionState.DOWN, Diagnostic.NONE, THEIRS, 3, 300_000, 0);
        BfdStep step =
                SESSION.on(
                        new BfdState.Down(Diagnostic.NONE, silent, false),
                        new Expired(BfdTimer.DETECTION));
        assertEquals(List.of(new Arm(BfdTimer.TRANSMIT, 1_000_000)), step.actions());
    }

    @ParameterizedTest
    @CsvSource({"3, 0.75, 1.0", "1, 0.75, 0.9"})
    void whatSendsIsEarlyByUpToAQuarterAndByATenthWhenOneLossIsTheEnd(
            int multiplier, double from, double to) {
        long seed = 687;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 10_000; round++) {
            long micros = BfdTimer.TRANSMIT.delayMicros(300_000, multiplier, random);
            assertTrue(
                    micros >= 300_000 * from && micros <= 300_000 * to,
                    () -> micros + " us, seed " + seed);
        }
        assertEquals(900_000, BfdTimer.DETECTION.delayMicros(900_000, multiplier, random));
    }

    @Test
    void anImpossibleSessionIsABug() {
        assertThrows(IllegalArgumentException.class, () -> new BfdSession(0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new BfdSession(1, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new BfdSession(1, 1, 1L << 32, 1));
        assertThrows(IllegalArgumentException.class, () -> new BfdSession(1, 1, 1, 256));
        assertInstanceOf(BfdState.AdminDown.class, BfdSession.FIRST);
    }
}
