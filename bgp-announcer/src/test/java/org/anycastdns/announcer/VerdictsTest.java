package org.anycastdns.announcer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private static final Decision STARTING =
            new Decision.Withdraw(new Reason(Cause.STARTING, "starting"));
    private static final Decision ANNOUNCE =
            new Decision.Announce(Set.of(Prefix.parse("192.0.2.0/24")));

    private final BlockingQueue<Decision> told = new LinkedBlockingQueue<>();

    @Test
    void theWatchdogWithdrawsWhenTheHealthLoopStopsRenewingAndARenewalBringsItBack()
            throws InterruptedException {
        Verdicts verdicts = verdicts(Duration.ofMillis(100));
        try (Watchdog watchdog = new Watchdog(verdicts)) {
            watchdog.start();
            verdicts.renew(ANNOUNCE, System.nanoTime());
            assertEquals(ANNOUNCE, next());
            assertEquals(Cause.HUNG, next().why().getFirst().cause());
            verdicts.renew(ANNOUNCE, System.nanoTime());
            assertEquals(ANNOUNCE, next());
        }
    }

    @Test
    void whatIsRenewedIsToldOnce() {
        Verdicts verdicts = verdicts(Duration.ofHours(1));
        verdicts.renew(STARTING, System.nanoTime());
        verdicts.renew(ANNOUNCE, System.nanoTime());
        verdicts.renew(ANNOUNCE, System.nanoTime());
        verdicts.expire();
        assertEquals(ANNOUNCE, told.poll());
        assertNull(told.poll());
    }

    private Verdicts verdicts(Duration length) {
        return new Verdicts(length, STARTING, (decision, _, _) -> told.add(decision));
    }

    private Decision next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was told");
    }
}
