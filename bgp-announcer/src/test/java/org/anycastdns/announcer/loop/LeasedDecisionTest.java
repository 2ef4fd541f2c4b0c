package org.anycastdns.announcer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Decisions;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;

class LeasedDecisionTest {

    private static final Decisions STARTING =
            all(new Decision.Withdraw(new Reason(Cause.STARTING, "starting")));
    private static final Decisions ANNOUNCE =
            all(new Decision.Announce(Set.of(Prefix.parse("192.0.2.0/24"))));

    private final BlockingQueue<Decisions> told = new LinkedBlockingQueue<>();

    @Test
    void theWatchdogWithdrawsWhenTheHealthLoopStopsRenewingAndARenewalBringsItBack()
            throws InterruptedException {
        LeasedDecision leasedDecision = leasedDecision(Duration.ofMillis(100));
        try (Watchdog watchdog = new Watchdog(leasedDecision)) {
            watchdog.start();
            leasedDecision.renew(ANNOUNCE, System.nanoTime());
            assertEquals(ANNOUNCE, next());
            for (Decision decision : next().byService().values()) {
                assertEquals(Cause.HUNG, decision.why().getFirst().cause());
            }
            leasedDecision.renew(ANNOUNCE, System.nanoTime());
            assertEquals(ANNOUNCE, next());
        }
    }

    @Test
    void whatIsRenewedIsToldOnce() {
        LeasedDecision leasedDecision = leasedDecision(Duration.ofHours(1));
        leasedDecision.renew(STARTING, System.nanoTime());
        leasedDecision.renew(ANNOUNCE, System.nanoTime());
        leasedDecision.renew(ANNOUNCE, System.nanoTime());
        leasedDecision.expire();
        assertEquals(ANNOUNCE, told.poll());
        assertNull(told.poll());
    }

    private LeasedDecision leasedDecision(Duration length) {
        return new LeasedDecision(length, STARTING, (decision, _, _) -> told.add(decision));
    }

    private static Decisions all(Decision decision) {
        return Decisions.all(List.of("dns", "web"), decision);
    }

    private Decisions next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was told");
    }
}
