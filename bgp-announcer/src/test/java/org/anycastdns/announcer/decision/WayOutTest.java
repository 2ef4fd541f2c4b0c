package org.anycastdns.announcer.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.CheckTerms;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.ServiceEvidence;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;

/// A hard check of the way out withdraws only within the budget of the fleet.
class WayOutTest {

    private static final Set<Prefix> PREFIXES = Set.of(Prefix.parse("192.0.2.0/24"));
    private static final DepreferencePolicy POLICY = new DepreferencePolicy(3, 1000, Set.of());
    private static final long STEP = 100_000_000L;
    private static final CheckResult GOOD = new CheckResult.Good(1_000_000);
    private static final CheckResult LOST = new CheckResult.Failed("nothing answers");

    private static ServiceEvidence evidence(CheckResult wayOut) {
        CheckTerms dns = new CheckTerms("dns", true, CheckTerms.Shows.ANSWERS, 1, 1, 100);
        CheckTerms egress = new CheckTerms("egress", true, CheckTerms.Shows.WAY_OUT, 1, 1, 100);
        return ServiceEvidence.none("dns", null, List.of(dns, egress), 1)
                .on(new Observation.Checked("dns", GOOD))
                .on(new Observation.Checked("egress", wayOut));
    }

    private static DecisionPipeline site(String name, int withdrawnMax, int others) {
        Fleet.Brake brake = new Fleet.Brake(100, Duration.ZERO, false);
        return DecisionPipeline.of(
                PREFIXES,
                POLICY,
                Duration.ZERO,
                HoldDown.Pace.USUAL,
                new Fleet(name, withdrawnMax, true, brake, others, Map.of()),
                Drain.none(new Drain.Pace(Duration.ZERO, Duration.ZERO, 0)),
                0);
    }

    private static DecisionPipeline heard(
            DecisionPipeline site, Map<String, Stance> others, long now) {
        Fleet fleet = site.fleet();
        for (Map.Entry<String, Stance> other : others.entrySet()) {
            fleet = fleet.heard(other.getKey(), other.getValue(), now);
        }
        return site.with(fleet);
    }

    @Test
    void aSiteThatLosesItsWayOutGoesWhileOthersAreThere() {
        DecisionPipeline site = heard(site("a", 1, 1), Map.of("b", Stance.ANNOUNCED), 0);
        assertInstanceOf(Decision.Announce.class, site.on(evidence(GOOD), 0).decision());
        Decision lost = site.on(evidence(GOOD), 0).on(evidence(LOST), STEP).decision();
        assertInstanceOf(Decision.Withdraw.class, lost);
    }

    @Test
    void theLastSiteAndOneBeyondTheBudgetAreOnlyDepreferenced() {
        for (Stance other : List.of(Stance.WITHDRAWN, Stance.ANNOUNCED)) {
            int budget = other == Stance.ANNOUNCED ? 0 : 1;
            DecisionPipeline site = heard(site("a", budget, 1), Map.of("b", other), 0);
            Decision lost = site.on(evidence(GOOD), 0).on(evidence(LOST), STEP).decision();
            assertInstanceOf(Decision.Depreference.class, lost);
        }
        // Heartbeats may need the way out as well: then the site knows of no other.
        Decision alone = site("a", 1, 2).on(evidence(GOOD), 0).on(evidence(LOST), STEP).decision();
        assertInstanceOf(Decision.Depreference.class, alone);
    }

    /// An upstream that all sites have in common is lost.
    @Test
    void whenEverySiteLosesItsWayOutOnlyTheBudgetStaysWithdrawn() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, DecisionPipeline> sites = new TreeMap<>();
            int count = 2 + random.nextInt(6);
            int budget = random.nextInt(count);
            for (int i = 0; i < count; i++) {
                sites.put("site" + i, site("site" + i, budget, count - 1));
            }
            for (long now = 0; now < 60 * STEP; now += STEP) {
                Map<String, Stance> stances = new TreeMap<>();
                sites.forEach((name, site) -> stances.put(name, site.stance()));
                long at = now;
                sites.replaceAll((name, site) ->
                        heard(site, stances, at).on(evidence(at < 10 * STEP ? GOOD : LOST), at));
            }
            long withdrawn =
                    sites.values().stream()
                            .filter(site -> site.decision() instanceof Decision.Withdraw)
                            .count();
            assertEquals(budget, withdrawn, "seed " + seed);
            assertTrue(withdrawn < count, "seed " + seed);
        }
    }
}
