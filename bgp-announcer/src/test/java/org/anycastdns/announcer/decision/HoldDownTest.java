package org.anycastdns.announcer.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;

/// Hold-down on a clock of its own. Letters: `A` announced, `D` depreferenced, `W` withdrawn.
class HoldDownTest {

    private static final Set<Prefix> PREFIXES = Set.of(Prefix.parse("192.0.2.0/24"));
    private static final DepreferencePolicy POLICY = new DepreferencePolicy(3, 1000, Set.of());
    private static final List<Reason> BAD = List.of(new Reason(Cause.UDP, "3 probes failed"));
    private static final Decision ANNOUNCE = new Decision.Announce(PREFIXES);
    private static final Decision DEPREFERENCE = new Decision.Depreference(PREFIXES, POLICY, BAD);
    private static final Decision WITHDRAW = new Decision.Withdraw(BAD);

    private long now = Long.MAX_VALUE - 1_000_000_000L; // the clock may wrap
    private HoldDown hold = HoldDown.of(HoldDown.Pace.USUAL, WITHDRAW, now);
    private final List<String> updates = new ArrayList<>();

    @Test
    void theFirstAnnouncementAndTheFirstReturnAreImmediate() {
        want(ANNOUNCE, 0);
        want(WITHDRAW, 3600_000);
        want(ANNOUNCE, 300);
        assertEquals(List.of("A", "W", "A"), updates);
    }

    @Test
    void theSecondReturnWaitsTenSecondsWithoutAFailureAndEachFurtherOneTwiceAsLong() {
        want(ANNOUNCE, 0);
        want(WITHDRAW, 1000);
        want(ANNOUNCE, 1000);
        for (int pause : new int[] {10, 20, 40, 80, 160, 300, 300}) {
            updates.clear();
            want(WITHDRAW, 1000);
            want(ANNOUNCE, pause * 1000 - 1);
            assertEquals(List.of("W"), updates, "before " + pause + " s");
            want(ANNOUNCE, 1);
            assertEquals(List.of("W", "A"), updates, "after " + pause + " s");
        }
    }

    @Test
    void aFailureDuringThePauseBeginsItAnew() {
        flapTwice();
        want(ANNOUNCE, 9000);
        want(WITHDRAW, 100);
        want(ANNOUNCE, 9999);
        assertEquals(List.of(), updates);
        want(ANNOUNCE, 1);
        assertEquals(List.of("A"), updates);
    }

    @Test
    void aWorseGradeIsAlwaysToldAtOnceAndABetterOneWaitsAtEveryStep() {
        flapTwice();
        want(DEPREFERENCE, 9999);
        assertEquals(List.of(), updates);
        want(DEPREFERENCE, 1);
        want(WITHDRAW, 1);
        assertEquals(List.of("D", "W"), updates);
    }

    @Test
    void whatIsHeldDownSaysSoAndWhy() {
        flapTwice();
        want(ANNOUNCE, 1);
        assertEquals(
                List.of(
                        new Reason(
                                Cause.HELD_DOWN,
                                "well again, and held down until 10 s have passed without a failure"
                                        + " (2 flaps)"),
                        BAD.getFirst()),
                hold.shown().why());
        HoldDown held = hold;
        want(ANNOUNCE, 1);
        assertEquals(held.shown(), hold.shown(), "the words stay the same");
    }

    @Test
    void tenMinutesWithoutAFailureForgetEverything() {
        flapTwice();
        want(ANNOUNCE, 10_000);
        want(ANNOUNCE, 590_000);
        updates.clear();
        want(WITHDRAW, 1000);
        want(ANNOUNCE, 1);
        assertEquals(List.of("W", "A"), updates);
    }

    @Test
    void whoeverVouchesForTheSiteEndsTheHoldDown() {
        flapTwice();
        hold = hold.forgiven();
        want(ANNOUNCE, 1);
        assertEquals(List.of("A"), updates);
    }

    @Test
    void flappingAtOneHertzForTwoMinutesMakesAtMostEightUpdates() {
        Decision[] grades = {ANNOUNCE, DEPREFERENCE, WITHDRAW};
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            now = random.nextLong();
            hold = HoldDown.of(HoldDown.Pace.USUAL, WITHDRAW, now);
            want(ANNOUNCE, 0);
            want(ANNOUNCE, 3_600_000);
            updates.clear();
            for (int flap = 0; flap < 120; flap++) {
                Decision bad = grades[1 + random.nextInt(2)];
                int badMillis = random.nextInt(1, 1000);
                want(bad, 1000 - badMillis);
                if (random.nextBoolean()) {
                    want(grades[random.nextInt(3)], badMillis / 2);
                    badMillis -= badMillis / 2;
                }
                want(ANNOUNCE, badMillis);
            }
            assertTrue(updates.size() <= 8, "seed " + seed + ": " + updates);
        }
    }

    @Test
    void neverShowsABetterGradeThanTheEvidenceCallsFor() {
        Decision[] grades = {ANNOUNCE, DEPREFERENCE, WITHDRAW};
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 200; i++) {
                Decision wanted = grades[random.nextInt(3)];
                want(wanted, random.nextInt(400_000));
                assertTrue(hold.shown().level().compareTo(wanted.level()) <= 0, "seed " + seed);
            }
        }
    }

    @Test
    void aLoopThatHangsAgainAndAgainIsHeldDownToo() {
        DecisionPipeline pipeline =
                DecisionPipeline.of(
                        PREFIXES,
                        POLICY,
                        Duration.ZERO,
                        HoldDown.Pace.USUAL,
                        Fleet.ALONE,
                        Drain.none(new Drain.Pace(Duration.ZERO, Duration.ZERO, 0)),
                        now);
        Evidence well =
                Evidence.none(new Limits(3, 1, 5, 20), "ams1")
                        .on(new Observation.Beat(Observation.Beat.State.READY, "ams1", 1, 0))
                        .on(new Observation.Probed(ProbeTransport.UDP, new Outcome.Right(1)))
                        .on(new Observation.Probed(ProbeTransport.TCP, new Outcome.Right(1)));
        pipeline = pipeline.on(well, now).hung(now).on(well, now);
        assertEquals(ANNOUNCE, pipeline.decision(), "the first time it is back at once");
        pipeline = pipeline.hung(now).on(well, now);
        assertEquals(Cause.HELD_DOWN, pipeline.decision().why().getFirst().cause());
    }

    @Test
    void softEvidenceThatIsOverInAMomentMovesNothing() {
        SoftDelay soft = SoftDelay.of(Duration.ofSeconds(5), ANNOUNCE);
        soft = soft.on(DEPREFERENCE, false, 0).on(DEPREFERENCE, false, 4_999_999_999L);
        assertEquals(ANNOUNCE, soft.shown());
        soft = soft.on(ANNOUNCE, false, 4_999_999_999L).on(DEPREFERENCE, false, 6_000_000_000L);
        assertEquals(ANNOUNCE, soft.shown());
        assertEquals(DEPREFERENCE, soft.on(DEPREFERENCE, false, 11_000_000_000L).shown());
    }

    @Test
    void softEvidenceMovesNothingWhileTheFleetIsFrozen() {
        SoftDelay soft = SoftDelay.of(Duration.ofSeconds(5), ANNOUNCE).on(DEPREFERENCE, true, 0);
        soft = soft.on(DEPREFERENCE, true, 60_000_000_000L);
        assertEquals(ANNOUNCE, soft.shown());
        assertEquals(DEPREFERENCE, soft.on(DEPREFERENCE, false, 60_000_000_001L).shown());
        assertEquals(WITHDRAW, soft.on(WITHDRAW, true, 60_000_000_001L).shown());
    }

    @Test
    void hardEvidenceAndTheWayBackFromItDoNotWaitForSoftEvidenceToLast() {
        SoftDelay soft = SoftDelay.of(Duration.ofSeconds(5), ANNOUNCE).on(DEPREFERENCE, false, 0);
        assertEquals(WITHDRAW, soft.on(WITHDRAW, false, 1).shown());
        assertEquals(DEPREFERENCE, soft.on(WITHDRAW, false, 1).on(DEPREFERENCE, false, 2).shown());
    }

    private void flapTwice() {
        want(ANNOUNCE, 0);
        want(WITHDRAW, 1000);
        want(ANNOUNCE, 0);
        want(WITHDRAW, 1000);
        updates.clear();
    }

    /// So many milliseconds later the evidence calls for this; and until then for what it did.
    private void want(Decision decision, int millis) {
        now += millis * 1_000_000L;
        Decision before = hold.shown();
        hold = hold.on(decision, now);
        if (!hold.shown().sameRoutes(before)) {
            updates.add(hold.shown().level().name().substring(0, 1));
        }
    }
}
