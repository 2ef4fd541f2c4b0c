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

    private Arrival arrived(int mac, long millis) {
        return repeated.arrived(KEY, mac(mac), millis);
    }

    private static byte[] mac(int number) {
        return new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    @Test
    void aRepeatGetsTheSameRcode() {
        assertEquals(FIRST, arrived(1, 0));
        assertEquals(new Arrival.Unanswered(), arrived(1, 10));
        repeated.answered(KEY, mac(1), Rcode.YXDOMAIN);
        assertEquals(new Arrival.Answered(Rcode.YXDOMAIN), arrived(1, 20));
        assertEquals(new Arrival.Answered(Rcode.YXDOMAIN), arrived(1, 30));
    }

    @Test
    void anotherKeyOrSignatureIsAnotherRequest() {
        assertEquals(FIRST, arrived(1, 0));
        assertEquals(FIRST, arrived(2, 0));
        assertEquals(FIRST, repeated.arrived(Name.of("other."), mac(1), 0));
        assertEquals(new Arrival.Unanswered(), repeated.arrived(Name.of("DYN."), mac(1), 0));
    }

    @Test
    void whatCouldNotBeCarriedOutIsTriedAgain() {
        assertEquals(FIRST, arrived(1, 0));
        repeated.forget(KEY, mac(1));
        assertEquals(FIRST, arrived(1, 10));
    }

    @Test
    void requestsAreForgottenWithTime() {
        assertEquals(FIRST, arrived(1, 0));
        repeated.answered(KEY, mac(1), Rcode.NOERROR);
        assertEquals(
                new Arrival.Answered(Rcode.NOERROR),
                arrived(1, RepeatedUpdates.REQUEST_MILLIS - 1));
        assertEquals(FIRST, arrived(1, RepeatedUpdates.REQUEST_MILLIS));
        // An answer that comes too late revives nothing.
        repeated.answered(KEY, mac(9), Rcode.NOERROR);
        assertEquals(FIRST, arrived(9, RepeatedUpdates.REQUEST_MILLIS));
    }

    @Test
    void theOldestGoesWhenTooManyCome() {
        for (int i = 0; i < RepeatedUpdates.REQUESTS_MAX; i++) {
            assertEquals(FIRST, arrived(i, i));
        }
        assertEquals(new Arrival.Unanswered(), arrived(0, 20_000));
        assertEquals(FIRST, arrived(99_999, 20_000));
        assertEquals(new Arrival.Unanswered(), arrived(1, 20_000));
        assertEquals(FIRST, arrived(0, 20_000));
        assertEquals(FIRST, arrived(1, 20_000));
    }
}
