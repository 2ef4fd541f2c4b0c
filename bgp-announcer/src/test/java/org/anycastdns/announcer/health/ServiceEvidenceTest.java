package org.anycastdns.announcer.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the results of checks say about the health of a service.
class ServiceEvidenceTest {

    private static final int QUIET = 30;
    private static final CheckResult GOOD = new CheckResult.Good(1_000);
    private static final CheckResult REFUSED =
            new CheckResult.Failed("nothing listens at 192.0.2.80:443");
    private static final CheckResult WARNED =
            new CheckResult.Warned("the certificate expires in 2 days");

    @ParameterizedTest
    @CsvSource({
        "1, 3, healthy",
        "2, 3, healthy",
        "3, 3, healthy",
        "1, 2, healthy",
        "2, 2, healthy",
        "3, 2, failed",
        "1, 1, healthy",
        "2, 1, failed",
        "1, 0, failed",
    })
    void enoughHardChecksMustBeUp(int required, int up, String grade) {
        ServiceEvidence evidence =
                ServiceEvidence.none(
                        "web", null, List.of(hard("a"), hard("b"), hard("c")), required);
        List<String> names = List.of("a", "b", "c");
        for (int i = 0; i < names.size(); i++) {
            evidence = times(2, evidence, names.get(i), i < up ? GOOD : REFUSED);
        }
        assertEquals(grade, evidence.grade().grade());
    }

    @Test
    void aServiceHasFailedUntilItsChecksHaveBeenGoodOftenEnough() {
        ServiceEvidence evidence = web();
        assertEquals(
                List.of(
                        new Reason(Cause.STARTING, "check web/tcp: not checked yet"),
                        new Reason(Cause.STARTING, "check web/http: not checked yet")),
                evidence.grade().reasons());
        evidence = times(2, times(1, evidence, "tcp", GOOD), "http", GOOD);
        assertEquals(
                List.of(new Reason(Cause.CHECK, "check web/tcp: 1 of 2 good runs so far")),
                evidence.grade().reasons());
        assertInstanceOf(Health.Healthy.class, times(1, evidence, "tcp", GOOD).grade());
    }

    @Test
    void aHardCheckMustFailInARowAndTheReasonNamesServiceAndCheck() {
        ServiceEvidence evidence = times(2, up(), "tcp", REFUSED);
        assertInstanceOf(Health.Healthy.class, evidence.grade());
        evidence = times(1, evidence, "tcp", GOOD);
        evidence = times(3, evidence, "tcp", REFUSED);
        assertEquals(
                List.of(
                        new Reason(
                                Cause.CHECK,
                                "check web/tcp: 3 runs in a row failed: nothing listens at"
                                        + " 192.0.2.80:443")),
                evidence.grade().reasons());
        assertTrue(evidence.answersSomething(), "the HTTP check is still good");
        assertFalse(times(3, evidence, "http", REFUSED).answersSomething());
    }

    @Test
    void theEndOfAProcessCountsAtOnce() {
        CheckResult ended = new CheckResult.Failed("process 7 of /run/nsd.pid has ended", true);
        ServiceEvidence evidence = times(1, up(), "tcp", ended);
        assertInstanceOf(Health.Failed.class, evidence.grade());
        assertFalse(evidence.answersSomething(), "the other check has not run again yet");
    }

    @Test
    void softChecksAndWarningsOnlyDegrade() {
        ServiceEvidence evidence =
                ServiceEvidence.none("web", null, List.of(hard("tcp"), soft("ntp")), 1);
        evidence = times(2, evidence, "tcp", GOOD);
        assertInstanceOf(Health.Healthy.class, evidence.grade(), "untried is no evidence");
        assertEquals(
                List.of(new Reason(Cause.SOFT_CHECK, "check web/ntp: exit code 2")),
                times(1, evidence, "ntp", new CheckResult.Failed("exit code 2")).grade().reasons());
        assertEquals(
                new Health.Degraded(
                        List.of(
                                new Reason(
                                        Cause.SOFT_CHECK,
                                        "check web/tcp: the certificate expires in 2 days"))),
                times(1, evidence, "tcp", WARNED).grade());
    }

    /// A process says less than an answer, and the way out nothing about the service. So a service
    /// whose way out alone is lost answers something, and the budget of the fleet applies.
    @Test
    void theLossOfTheWayOutAloneIsAFailureOfAServiceThatAnswers() {
        CheckTerms process = new CheckTerms("process", true, CheckTerms.Shows.LIFE, 1, 1, QUIET);
        CheckTerms egress = new CheckTerms("egress", true, CheckTerms.Shows.WAY_OUT, 1, 1, QUIET);
        ServiceEvidence evidence = ServiceEvidence.none("dns", null, List.of(process, egress), 1);
        evidence = times(1, evidence, "process", GOOD);
        assertInstanceOf(Health.Failed.class, evidence.grade(), "it is not known yet");
        evidence = times(1, evidence, "egress", GOOD);
        assertInstanceOf(Health.Healthy.class, evidence.grade());
        assertFalse(evidence.answersSomething());
        ServiceEvidence lost = times(1, evidence, "egress", REFUSED);
        assertInstanceOf(Health.Failed.class, lost.grade());
        assertTrue(lost.answersSomething());
        ServiceEvidence both = times(1, lost, "process", REFUSED);
        assertEquals(2, both.grade().reasons().size());
        assertFalse(both.answersSomething());
    }

    @Test
    void aSoftCheckOfTheWayOutOnlyDegrades() {
        CheckTerms egress = new CheckTerms("egress", false, CheckTerms.Shows.WAY_OUT, 1, 1, QUIET);
        ServiceEvidence evidence =
                ServiceEvidence.none("dns", null, List.of(hard("dns"), egress), 1);
        evidence = times(2, times(1, evidence, "egress", REFUSED), "dns", GOOD);
        assertInstanceOf(Health.Degraded.class, evidence.grade());
    }

    @Test
    void aCheckWithoutResultsIsDownBecauseNothingIsKnown() {
        ServiceEvidence evidence = up();
        for (int i = 0; i < QUIET - 1; i++) {
            evidence = evidence.on(new Observation.Tick());
        }
        assertInstanceOf(Health.Healthy.class, evidence.grade());
        evidence = evidence.on(new Observation.Tick());
        assertEquals(
                "check web/tcp: no run has ended for 3000 ms",
                evidence.grade().reasons().getFirst().text());
    }

    @Test
    void aReloadKeepsWhatIsKnownAndANewCheckAloneWithdrawsNothing() {
        ServiceEvidence fresh =
                ServiceEvidence.none(
                        "web", null, List.of(hard("tcp"), hard("http"), hard("new")), 3);
        ServiceEvidence evidence = up().reconfigured(fresh);
        assertInstanceOf(Health.Healthy.class, evidence.grade());
        assertInstanceOf(
                Health.Failed.class, times(3, evidence, "new", REFUSED).grade(), "it is hard");
        assertInstanceOf(Health.Healthy.class, evidence.reconfigured(web()).grade());
    }

    @Test
    void aServiceWithAResponderNeedsBoth() {
        Evidence responder = Evidence.none(new Limits(3, 2, 5, 20), "ams1");
        ServiceEvidence evidence = ServiceEvidence.none("dns", responder, List.of(hard("tcp")), 1);
        evidence = times(2, evidence, "tcp", GOOD);
        assertEquals(Cause.STARTING, evidence.grade().reasons().getFirst().cause());
        evidence = evidence.on(new Observation.Beat(Observation.Beat.State.READY, "ams1", 1, 0));
        for (ProbeTransport transport : ProbeTransport.values()) {
            Observation right = new Observation.Probed(transport, new Outcome.Right(1_000));
            evidence = evidence.on(right).on(right);
        }
        assertInstanceOf(Health.Healthy.class, evidence.grade());
        evidence = times(3, evidence, "tcp", REFUSED);
        assertEquals(Cause.CHECK, evidence.grade().reasons().getFirst().cause());
    }

    @Test
    void theGradeFollowsFromTheNumberOfChecksThatAreUpWhateverTheResults() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int required = 1 + random.nextInt(3);
            ServiceEvidence evidence =
                    ServiceEvidence.none(
                            "web",
                            null,
                            List.of(hard("a"), hard("b"), hard("c"), soft("d")),
                            required);
            for (int i = 0; i < 200; i++) {
                String check = List.of("a", "b", "c", "d").get(random.nextInt(4));
                CheckResult result =
                        switch (random.nextInt(6)) {
                            case 0, 1 -> REFUSED;
                            case 2 -> WARNED;
                            default -> GOOD;
                        };
                evidence = times(1, evidence, check, result);
                long up =
                        evidence.checks().values().stream()
                                .filter(state -> state.up() && state.terms().hard())
                                .count();
                assertEquals(
                        up < required,
                        evidence.grade() instanceof Health.Failed,
                        "seed " + seed + " step " + i);
            }
        }
    }

    private static ServiceEvidence web() {
        return ServiceEvidence.none("web", null, List.of(hard("tcp"), hard("http")), 2);
    }

    private static ServiceEvidence up() {
        return times(2, times(2, web(), "tcp", GOOD), "http", GOOD);
    }

    private static ServiceEvidence times(
            int times, ServiceEvidence evidence, String check, CheckResult result) {
        ServiceEvidence next = evidence;
        for (int i = 0; i < times; i++) {
            next = next.on(new Observation.Checked(check, result));
        }
        return next;
    }

    private static CheckTerms hard(String name) {
        return new CheckTerms(name, true, CheckTerms.Shows.ANSWERS, 2, 3, QUIET);
    }

    private static CheckTerms soft(String name) {
        return new CheckTerms(name, false, CheckTerms.Shows.ANSWERS, 1, 1, QUIET);
    }
}
