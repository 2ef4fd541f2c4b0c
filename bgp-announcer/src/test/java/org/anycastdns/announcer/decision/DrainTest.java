package org.anycastdns.announcer.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.decision.Drain.Phase;
import org.anycastdns.announcer.decision.Drain.Source;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainTest {

    private static final Drain.Pace PACE =
            new Drain.Pace(Duration.ofSeconds(10), Duration.ofSeconds(60), 5);
    private static final Reason SWAP = new Reason(Cause.OPERATOR, "drained: disk swap");
    private static final Reason FILE = new Reason(Cause.OPERATOR, "maintenance file /x");
    private static final Set<Prefix> PREFIXES = Set.of(Prefix.parse("192.0.2.0/24"));
    private static final DepreferencePolicy POLICY = new DepreferencePolicy(3, 1000, Set.of());
    private static final Decision ANNOUNCE = new Decision.Announce(PREFIXES);
    private static final double UNKNOWN = Double.NaN;

    private static final Drain ORDERED = Drain.none(PACE).ordered(Source.OPERATOR, SWAP, 0);

    /// The full time of a phase while clients are there, and a second when none is left.
    @ParameterizedTest
    @CsvSource({"10000, 70000, 1000, 1000", "1000, 2000, 5, 0"})
    void goesThroughEveryPhaseInItsTime(long lingers, long stops, double rate, double lateRate) {
        assertEquals(Phase.DEPREFERENCED, at(ORDERED, lingers - 1, rate).phase());
        Drain lingering = at(ORDERED, lingers, rate);
        assertEquals(Phase.LINGERING, lingering.phase());
        assertEquals(Phase.LINGERING, at(lingering, stops - 1, lateRate).phase());
        Drain stopped = at(lingering, stops, lateRate);
        assertEquals(Phase.STOPPED, stopped.phase());
        assertEquals(Phase.STOPPED, at(stopped, 99_999, rate).phase());
    }

    @Test
    void aFewMoreQueriesAreClientsThatAreLeft() {
        assertEquals(Phase.DEPREFERENCED, at(ORDERED, 1000, 5.1).phase());
    }

    @Test
    void aRateThatIsNotKnownIsNoReasonToHurry() {
        assertEquals(Phase.DEPREFERENCED, at(ORDERED, 9999, UNKNOWN).phase());
    }

    @Test
    void aSiteThatIsOutAnywayIsDrainedAtOnce() {
        Drain drain = ORDERED.on(false, 1000, 1).on(false, 1000, 2);
        assertEquals(Phase.STOPPED, drain.phase());
    }

    @Test
    void nothingIsWithdrawnThatWasNotDepreferencedBefore() {
        Decision first = ORDERED.apply(ANNOUNCE, POLICY);
        assertEquals(
                new Decision.Depreference(
                        PREFIXES,
                        new DepreferencePolicy(3, 1000, Set.of(Community.GRACEFUL_SHUTDOWN)),
                        List.of(SWAP)),
                first);
        Drain lingering = at(ORDERED, 10_000, 1000);
        assertEquals(new Decision.Withdraw(SWAP), lingering.apply(ANNOUNCE, POLICY));
    }

    @Test
    void aFailureDuringADrainStillWithdrawsAtOnce() {
        Reason down = new Reason(Cause.UDP, "down");
        assertEquals(
                new Decision.Withdraw(List.of(SWAP, down)),
                ORDERED.apply(new Decision.Withdraw(down), POLICY));
    }

    @Test
    void lastsAsLongAsAnyoneWantsIt() {
        Drain both = ORDERED.ordered(Source.MAINTENANCE_FILE, FILE, 1);
        Drain one = both.released(Source.OPERATOR, 2);
        assertEquals(Phase.DEPREFERENCED, one.phase());
        assertEquals(List.of(FILE), List.copyOf(one.orders().values()));
        Drain none = one.released(Source.MAINTENANCE_FILE, 3);
        assertEquals(Phase.OFF, none.phase());
        assertEquals(ANNOUNCE, none.apply(ANNOUNCE, POLICY));
        assertEquals(none, none.released(Source.OPERATOR, 4));
    }

    @Test
    void anotherOrderDoesNotBeginTheDrainAnew() {
        Drain late = ORDERED.ordered(Source.STOPPING, SWAP, 9_000_000_000L);
        assertEquals(Phase.LINGERING, at(late, 10_000, 1000).phase());
    }

    @Test
    void aBoundIsSharedByBothPhases() {
        Drain hasty = ORDERED.at(PACE.within(Duration.ofSeconds(4)));
        assertEquals(Phase.DEPREFERENCED, at(hasty, 1999, 1000).phase());
        Drain lingering = at(hasty, 2000, 1000);
        assertEquals(Phase.STOPPED, at(lingering, 4000, 1000).phase());
        Drain instant = ORDERED.at(PACE.within(Duration.ZERO));
        assertEquals(Phase.LINGERING, at(instant, 0, 1000).phase());
    }

    @Test
    void aResponderThatDrainsItselfLosesItsRoutesAndKeepsItsSessions() {
        Drain drain = Drain.none(PACE).ordered(Source.RESPONDER, SWAP, 0);
        Drain lingering = at(drain, 10_000, 1000);
        assertEquals(Phase.LINGERING, at(lingering, 1_000_000, 0).phase());
    }

    @Test
    void aSiteThatStartsInMaintenanceIsNeverAnnounced() {
        Drain drain = Drain.stopped(PACE, Source.MAINTENANCE_FILE, FILE, 0);
        assertEquals(new Decision.Withdraw(FILE), drain.apply(ANNOUNCE, POLICY));
    }

    private static Drain at(Drain drain, long millis, double perSecond) {
        return drain.on(true, perSecond, millis * 1_000_000);
    }
}
