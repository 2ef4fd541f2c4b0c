package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.anycastdns.server.transfer.update.RepeatedUpdates.Arrival;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.junit.jupiter.api.Test;

/// Case 111: a request that comes again.
class RepeatedUpdatesTest {

    private static final Name KEY = Name.of("dyn.");
    private static final Arrival FIRST = new Arrival.First();

    private final RepeatedUpdates repeated = new RepeatedUpdates();

    private Arrival arrived(int id, int mac, long millis) {
        return repeated.arrived(KEY, id, mac(mac), millis);
    }

    private static byte[] mac(int number) {
        return new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    @Test
    void aRepeatGetsTheSameRcode() {
        assertEquals(FIRST, arrived(7, 1, 0));
        assertEquals(new Arrival.Unanswered(), arrived(7, 1, 10));
        repeated.answered(KEY, 7, mac(1), Rcode.YXDOMAIN);
        assertEquals(new Arrival.Answered(Rcode.YXDOMAIN), arrived(7, 1, 20));
        assertEquals(new Arrival.Answered(Rcode.YXDOMAIN), arrived(7, 1, 30));
    }

    @Test
    void anotherKeyIdOrSignatureIsAnotherRequest() {
        assertEquals(FIRST, arrived(7, 1, 0));
        assertEquals(FIRST, arrived(8, 1, 0));
        assertEquals(FIRST, arrived(7, 2, 0));
        assertEquals(FIRST, repeated.arrived(Name.of("other."), 7, mac(1), 0));
        assertEquals(new Arrival.Unanswered(), repeated.arrived(Name.of("DYN."), 7, mac(1), 0));
    }

    @Test
    void whatCouldNotBeCarriedOutIsTriedAgain() {
        assertEquals(FIRST, arrived(7, 1, 0));
        repeated.forget(KEY, 7, mac(1));
        assertEquals(FIRST, arrived(7, 1, 10));
    }

    @Test
    void requestsAreForgottenWithTime() {
        assertEquals(FIRST, arrived(7, 1, 0));
        repeated.answered(KEY, 7, mac(1), Rcode.NOERROR);
        assertEquals(
                new Arrival.Answered(Rcode.NOERROR),
                arrived(7, 1, RepeatedUpdates.REQUEST_MILLIS - 1));
        assertEquals(FIRST, arrived(7, 1, RepeatedUpdates.REQUEST_MILLIS));
        // An answer that comes too late revives nothing.
        repeated.answered(KEY, 9, mac(9), Rcode.NOERROR);
        assertEquals(FIRST, arrived(9, 9, RepeatedUpdates.REQUEST_MILLIS));
    }

    @Test
    void theOldestGoesWhenTooManyCome() {
        for (int i = 0; i < RepeatedUpdates.REQUESTS_MAX; i++) {
            assertEquals(FIRST, arrived(7, i, i));
        }
        assertEquals(new Arrival.Unanswered(), arrived(7, 0, 20_000));
        assertEquals(FIRST, arrived(8, 0, 20_000));
        assertEquals(new Arrival.Unanswered(), arrived(7, 1, 20_000));
        assertEquals(FIRST, arrived(7, 0, 20_000));
        assertEquals(FIRST, arrived(7, 1, 20_000));
    }
}
