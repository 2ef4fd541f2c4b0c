package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// Which zone asks its primary next (case 40).
class TransferQueueTest {

    private static final Primary ONE = primary("192.0.2.1");
    private static final Primary TWO = primary("192.0.2.2");

    private final TransferQueue queue = new TransferQueue(3, 2);

    private static Primary primary(String address) {
        return new Primary("p", new InetSocketAddress(InetAddress.ofLiteral(address), 53), null);
    }

    private static SecondaryZone zone(int number) {
        Name name = Name.of("z" + number + ".");
        return new SecondaryZone(
                name,
                number,
                List.of(ONE, TWO),
                ZoneTimers.empty(name, TimerLimits.DEFAULT, 2, new Moment(0, 0)));
    }

    private SecondaryZone add(int number, Primary primary, boolean first) {
        SecondaryZone zone = zone(number);
        queue.add(zone, primary, first);
        return zone;
    }

    private String next() {
        TransferQueue.Turn turn = queue.next(0);
        return turn == null ? "none" : turn.zone().name.toString();
    }

    @Test
    void notifiedZonesOvertakeRoutineOnes() {
        for (int i = 0; i < 10; i++) {
            var _ = add(i, ONE, false);
        }
        var _ = add(10, ONE, true);
        assertEquals("z10.", next());
        assertEquals("z0.", next());
    }

    @Test
    void aZoneThatWaitsIsMovedToTheFrontAndAsksOnce() {
        var _ = add(0, ONE, false);
        SecondaryZone moved = add(1, ONE, false);
        queue.promote(moved);
        assertEquals("z1.", next());
        queue.ends(ONE, true, 0);
        assertEquals("z0.", next());
        queue.ends(ONE, true, 0);
        assertEquals("none", next());
        assertEquals(0, queue.running());
    }

    @Test
    void limitsHoldInTotalAndForEachPrimary() {
        for (int i = 0; i < 5; i++) {
            var _ = add(i, ONE, false);
            var _ = add(10 + i, TWO, false);
        }
        assertEquals(
                List.of("z0.", "z10.", "z1.", "none"), List.of(next(), next(), next(), next()));
        queue.ends(ONE, true, 0);
        assertEquals("z11.", next());
        assertEquals("none", next());
        queue.ends(TWO, true, 0);
        queue.ends(TWO, true, 0);
        assertEquals(List.of("z2.", "z12.", "none"), List.of(next(), next(), next()));
    }

    @Test
    void aSilentPrimaryRestsUntilItIsHeard() {
        for (int i = 0; i < 4; i++) {
            var _ = add(i, ONE, false);
        }
        assertTrue(Objects.requireNonNull(queue.next(0)).mayAsk());
        queue.ends(ONE, false, 0);
        assertFalse(Objects.requireNonNull(queue.next(1)).mayAsk());
        assertEquals(0, queue.running());
        queue.wake(ONE);
        assertTrue(Objects.requireNonNull(queue.next(2)).mayAsk());
        queue.ends(ONE, false, 2);
        assertTrue(Objects.requireNonNull(queue.next(2 + TransferQueue.REST_MILLIS)).mayAsk());
        assertNull(queue.next(2));
    }
}
