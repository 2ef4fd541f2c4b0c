package org.anycastdns.announcer.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.announcer.decision.Decision.Level;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.health.Report;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetTest {

    private static final long NOW = 5_000_000_000L;
    private static final long SILENCE = Fleet.SILENCE_MAX.toNanos();
    private static final Set<Prefix> PREFIXES = Set.of(Prefix.parse("192.0.2.0/24"));
    private static final DepreferencePolicy POLICY = new DepreferencePolicy(3, 1000, Set.of());

    @Test
    void aSiteAloneDoesAsItSeesFit() {
        assertTrue(Fleet.ALONE.permits(NOW));
    }

    @Test
    void sitesThatAreNotHeardOfCountAsDown() {
        Fleet fleet = fleet("b", 1, 2);
        assertEquals(2, fleet.down(NOW));
        assertFalse(fleet.permits(NOW));
        fleet = fleet.heard("a", Stance.ANNOUNCED, NOW).heard("c", Stance.DEPREFERENCED, NOW);
        assertEquals(0, fleet.down(NOW));
        assertTrue(fleet.permits(NOW));
        assertEquals(0, fleet.down(NOW + 999_999_999));
        assertEquals(2, fleet.down(NOW + 1_000_000_000));
    }

    @Test
    void noMoreThanTheBudgetMayGoAndNeverTheLast() {
        Fleet fleet =
                fleet("d", 1, 3)
                        .heard("a", Stance.WITHDRAWN, NOW)
                        .heard("b", Stance.ANNOUNCED, NOW)
                        .heard("c", Stance.ANNOUNCED, NOW);
        assertFalse(fleet.permits(NOW));
        assertTrue(fleet.heard("a", Stance.ANNOUNCED, NOW).permits(NOW));
        assertFalse(fleet("b", 256, 1).heard("a", Stance.WITHDRAWN, NOW).permits(NOW));
        assertEquals(0, Fleet.withdrawnMax(2));
        assertEquals(1, Fleet.withdrawnMax(3));
    }

    @Test
    void thoseWithTheGreaterNamesYield() {
        Fleet first = fleet("a", 1, 2).heard("b", Stance.YIELDING, NOW);
        Fleet second = fleet("b", 1, 2).heard("a", Stance.YIELDING, NOW);
        first = first.heard("c", Stance.ANNOUNCED, NOW);
        second = second.heard("c", Stance.ANNOUNCED, NOW);
        assertTrue(first.permits(NOW));
        assertFalse(second.permits(NOW));
    }

    @Test
    void strangersAndOurOwnEchoAreNotTaken() {
        Fleet fleet = fleet("a", 1, 1).heard("a", Stance.ANNOUNCED, NOW);
        assertEquals(1, fleet.down(NOW));
        fleet = fleet.heard("b", Stance.WITHDRAWN, NOW).heard("c", Stance.ANNOUNCED, NOW);
        assertEquals(Set.of("b"), fleet.others().keySet());
    }

    @Test
    void aRenamedSiteTakesItsOwnPlace() {
        Fleet fleet = fleet("a", 1, 1).heard("b", Stance.ANNOUNCED, NOW);
        fleet = fleet.forgotten("b").heard("c", Stance.ANNOUNCED, NOW);
        assertEquals(Set.of("c"), fleet.others().keySet());
        assertEquals(0, fleet.down(NOW));
        assertEquals(fleet, fleet.forgotten("b"));
    }

    @Test
    void whenEverySiteAnswersWrongAtOnceOnlyTheBudgetIsWithdrawn() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, DecisionPipeline> sites = sites(7);
            long now = 0;
            for (int round = 0; round < 60; round++) {
                now += random.nextLong(50_000_000);
                boolean bad = round > 20;
                long at = NOW + now;
                sites.replaceAll((_, pipeline) -> pipeline.on(evidence(bad, Report.GOOD), at));
                exchange(sites, at);
            }
            List<Level> levels =
                    sites.values().stream().map(pipeline -> pipeline.decision().level()).toList();
            long out = levels.stream().filter(Level.WITHDRAWN::equals).count();
            assertEquals(2, out, "seed " + seed + ": " + levels);
            assertFalse(levels.contains(Level.ANNOUNCED), "seed " + seed + ": " + levels);
        }
    }

    @Test
    void whenEverySiteIsStaleAtOnceNoneIsWithdrawn() {
        Map<String, DecisionPipeline> sites = sites(5);
        Report stale = new Report(1, "example. is stale", Long.MAX_VALUE, "");
        for (int round = 0; round < 100; round++) {
            long now = NOW + round * 100_000_000L;
            Report report = round < 20 ? Report.GOOD : stale;
            sites.replaceAll((_, pipeline) -> pipeline.on(evidence(false, report), now));
            exchange(sites, now);
        }
        for (DecisionPipeline pipeline : sites.values()) {
            assertEquals(Level.DEPREFERENCED, pipeline.decision().level());
        }
    }

    /// Hung: asked and silent, its process still there; or gone, and refused.
    @ParameterizedTest(name = "last {0}, refused {1}, others up {2}: {3}")
    @CsvSource({
        "true, false, false, DEPREFERENCED",
        "false, false, false, WITHDRAWN",
        "true, true, false, WITHDRAWN",
        "true, false, true, WITHDRAWN"
    })
    void theLastSiteStaysWhileItsPortIsBoundIfThatIsThePolicy(
            boolean stays, boolean refused, boolean othersUp, Level level) {
        Fleet.Brake brake = new Fleet.Brake(50, Duration.ofSeconds(60), false);
        Fleet fleet = new Fleet("a", 0, stays, brake, 1, Map.of());
        DecisionPipeline pipeline = pipeline(fleet).on(evidence(false, Report.GOOD), NOW);
        assertEquals(Level.ANNOUNCED, pipeline.decision().level());
        if (othersUp) {
            pipeline = pipeline.with(pipeline.fleet().heard("b", Stance.ANNOUNCED, NOW));
        }
        Evidence hung = silent(refused);
        pipeline = pipeline.on(hung, NOW + 1).on(hung, NOW + 2);
        assertEquals(level, pipeline.decision().level());
        assertEquals(Stance.WITHDRAWN, pipeline.stance(), "no help to the others");
    }

    @Test
    void aLastSiteThatNeverAnsweredIsNotAnnouncedForBeingThere() {
        DecisionPipeline pipeline = pipeline(fleet("a", 0, 1)).on(silent(false), NOW);
        assertEquals(Level.WITHDRAWN, pipeline.decision().level());
    }

    @Test
    void moreThanHalfOfTheSitesThatChangeWithinAMinuteRaiseTheAlarm() {
        Fleet fleet = fleet("a", 1, 2).heard("b", Stance.ANNOUNCED, NOW);
        fleet = fleet.heard("c", Stance.ANNOUNCED, NOW);
        assertFalse(fleet.turning(NOW), "being heard for the first time is no change");
        fleet = fleet.heard("b", Stance.DEPREFERENCED, NOW);
        assertEquals(1, fleet.changed(NOW));
        assertFalse(fleet.turning(NOW), "one of three");
        Fleet both = fleet.heard("c", Stance.DEPREFERENCED, NOW);
        assertTrue(both.turning(NOW), "two of three");
        assertFalse(both.frozen(NOW), "nobody wants that");
        long silent = NOW + SILENCE;
        assertTrue(fleet.turning(silent), "silence is a change as well");
        long minute = Duration.ofSeconds(60).toNanos();
        for (long at = NOW; at < NOW + minute; at += SILENCE / 2) {
            both = both.heard("b", Stance.DEPREFERENCED, at);
            both = both.heard("c", Stance.DEPREFERENCED, at);
        }
        both = both.heard("b", Stance.DEPREFERENCED, NOW + minute);
        both = both.heard("c", Stance.DEPREFERENCED, NOW + minute);
        assertFalse(both.turning(NOW + minute), "over");
    }

    private static DecisionPipeline pipeline(Fleet fleet) {
        return DecisionPipeline.of(
                PREFIXES,
                POLICY,
                Duration.ZERO,
                HoldDown.Pace.USUAL,
                fleet,
                Drain.none(new Drain.Pace(Duration.ZERO, Duration.ZERO, 5)),
                NOW);
    }

    private static Evidence silent(boolean refused) {
        Evidence evidence = evidence(false, Report.GOOD);
        for (ProbeTransport transport : ProbeTransport.values()) {
            for (int i = 0; i < 3; i++) {
                Outcome none = new Outcome.Unanswered("no answer", refused);
                evidence = evidence.on(new Observation.Probed(transport, none));
            }
        }
        return evidence;
    }

    private static Map<String, DecisionPipeline> sites(int count) {
        Map<String, DecisionPipeline> sites = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = "site" + i;
            sites.put(
                    name,
                    DecisionPipeline.of(
                            PREFIXES,
                            POLICY,
                            Duration.ofSeconds(2),
                            HoldDown.Pace.USUAL,
                            fleet(name, Fleet.withdrawnMax(count), count - 1),
                            Drain.none(
                                    new Drain.Pace(
                                            Duration.ofSeconds(1), Duration.ofSeconds(1), 5)),
                            NOW));
        }
        return sites;
    }

    private static void exchange(Map<String, DecisionPipeline> sites, long now) {
        Map<String, Stance> stances = new HashMap<>();
        sites.forEach((name, pipeline) -> stances.put(name, pipeline.stance()));
        sites.replaceAll((_, pipeline) -> {
            Fleet fleet = pipeline.fleet();
            for (Map.Entry<String, Stance> other : stances.entrySet()) {
                fleet = fleet.heard(other.getKey(), other.getValue(), now);
            }
            return pipeline.with(fleet);
        });
    }

    private static Evidence evidence(boolean bad, Report report) {
        Evidence evidence =
                Evidence.none(new Limits(3, 1, 5, 20), "ams1")
                        .on(new Observation.Beat(Observation.Beat.State.READY, "ams1", 1, 0))
                        .on(new Observation.Reported(report));
        for (ProbeTransport transport : ProbeTransport.values()) {
            evidence = evidence.on(new Observation.Probed(transport, new Outcome.Right(1)));
            for (int i = 0; bad && i < 3; i++) {
                Outcome wrong = new Outcome.Wrong("SERVFAIL");
                evidence = evidence.on(new Observation.Probed(transport, wrong));
            }
        }
        return evidence;
    }

    private static Fleet fleet(String self, int withdrawnMax, int size) {
        Fleet.Brake brake = new Fleet.Brake(50, Duration.ofSeconds(60), false);
        return new Fleet(self, withdrawnMax, true, brake, size, Map.of());
    }
}
