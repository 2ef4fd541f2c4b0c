package org.anycastdns.announcer.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final InetSocketAddress NEIGHBOR = address("192.0.2.1");
    private static final InetSocketAddress STRANGER = address("198.51.100.1");

    /// How many connections strangers open in a second.
    private static final int FLOOD = 3_000;

    private final Admission<String> admission =
            new Admission<>(remote -> remote.equals(NEIGHBOR) ? "served" : null, 0);

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 50_000);
    }

    @Test
    void b16AFloodOfStrangersTakesNothingFromANeighbor() {
        for (int i = 0; i < FLOOD; i++) {
            assertNull(admission.admit(STRANGER, i));
        }
        assertEquals("served", admission.admit(NEIGHBOR, FLOOD));
    }

    @Test
    void neighborsShareABudgetPerSecond() {
        for (int i = 0; i < Admission.PER_SECOND_MAX; i++) {
            assertEquals("served", admission.admit(NEIGHBOR, i));
        }
        assertNull(admission.admit(NEIGHBOR, TimeUnit.SECONDS.toNanos(1)));
        assertEquals("served", admission.admit(NEIGHBOR, TimeUnit.SECONDS.toNanos(1) + 1));
    }
}
