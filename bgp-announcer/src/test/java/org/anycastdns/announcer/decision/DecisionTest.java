package org.anycastdns.announcer.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;

class DecisionTest {

    private static final Set<Prefix> PREFIXES =
            Set.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:53::/48"));
    private static final Reason DOWN = new Reason(Cause.UDP, "3 probes in a row failed");
    private static final Community OURS = new Community(65001, 80);
    private static final DepreferencePolicy POLICY = new DepreferencePolicy(3, 1000, Set.of(OURS));
    private static final Decision ANNOUNCE = new Decision.Announce(PREFIXES);
    private static final Decision WITHDRAW = new Decision.Withdraw(DOWN);

    @Test
    void announcesWhenHealthy() {
        assertEquals(ANNOUNCE, Decision.of(new Health.Healthy(), PREFIXES, POLICY));
    }

    @Test
    void staysAnnouncedAndLessAttractiveWhenDegraded() {
        Reason silent = new Reason(Cause.LIFELINE_SILENT, "silent");
        assertEquals(
                new Decision.Depreference(PREFIXES, POLICY, List.of(silent)),
                Decision.of(new Health.Degraded(List.of(silent)), PREFIXES, POLICY));
    }

    @Test
    void saysThatItIsAboutToGoWhenTheResponderDrains() {
        Reason drained = new Reason(Cause.RESPONDER_DRAINING, "drained");
        Decision decision = Decision.of(new Health.Draining(List.of(drained)), PREFIXES, POLICY);
        DepreferencePolicy leaving =
                new DepreferencePolicy(3, 1000, Set.of(Community.GRACEFUL_SHUTDOWN, OURS));
        assertEquals(new Decision.Depreference(PREFIXES, leaving, List.of(drained)), decision);
    }

    @Test
    void withdrawsWithTheReasonsWhenFailed() {
        assertEquals(WITHDRAW, Decision.of(new Health.Failed(List.of(DOWN)), PREFIXES, POLICY));
    }

    @Test
    void theSameRoutesForOtherReasonsTellTheNeighborsTheSame() {
        assertTrue(WITHDRAW.sameRoutes(new Decision.Withdraw(new Reason(Cause.TCP, "x"))));
        assertFalse(WITHDRAW.sameRoutes(ANNOUNCE));
        assertFalse(ANNOUNCE.sameRoutes(new Decision.Announce(Set.of())));
        Decision less = new Decision.Depreference(PREFIXES, POLICY, List.of(DOWN));
        Reason other = new Reason(Cause.SLOW, "x");
        assertTrue(less.sameRoutes(new Decision.Depreference(PREFIXES, POLICY, List.of(other))));
        assertFalse(
                less.sameRoutes(
                        new Decision.Depreference(PREFIXES, POLICY.leaving(), List.of(DOWN))));
        assertFalse(less.sameRoutes(ANNOUNCE));
    }

    @Test
    void aWithdrawalNeedsAReason() {
        assertThrows(IllegalArgumentException.class, () -> new Decision.Withdraw(List.of()));
    }

    @Test
    void aLeaseHoldsUntilItsLastNanosecondAndIsAWithdrawalFromThenOn() {
        long granted = Long.MAX_VALUE - 10; // the clock may wrap
        Decisions announced = Decisions.all(List.of("dns", "web"), ANNOUNCE);
        Lease lease = new Lease(announced, granted, Duration.ofSeconds(1));
        assertEquals(announced, lease.at(granted));
        assertEquals(announced, lease.at(granted + 999_999_999L));
        assertEquals(
                announced.withdrawn(
                        new Reason(Cause.HUNG, "health loop hung: no verdict for 1000 ms")),
                lease.at(granted + 1_000_000_000L));
    }
}
