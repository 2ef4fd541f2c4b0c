package org.anycastdns.daemon.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final Places places = new Places();

    private static Places.Guest guest(String from) {
        return new Places.Guest() {
            @Override
            public InetAddress address() {
                return InetAddress.ofLiteral(from);
            }

            @Override
            public void displace() {}
        };
    }

    private List<Places.Guest> fill(String from, int count) {
        List<Places.Guest> guests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            guests.add(guest(from));
            assertNull(places.enter(guests.getLast()));
        }
        return guests;
    }

    @Test
    void theOldestOfTheManyMakesRoom() {
        List<Places.Guest> many = fill(LOOPBACK, Places.STRANGERS_MAX - 1);
        Places.Guest scraper = guest("192.0.2.1");
        assertNull(places.enter(scraper));
        assertEquals(many.get(0), places.enter(guest(LOOPBACK)));
        assertEquals(many.get(1), places.enter(guest("192.0.2.2")));
        places.leave(many.get(5));
        assertNull(places.enter(guest(LOOPBACK)));
        assertEquals(many.get(2), places.enter(guest(LOOPBACK)));
    }

    @Test
    void oneAddressOfAnotherHostHasAFewPlaces() {
        List<Places.Guest> many = fill("192.0.2.1", Places.STRANGERS_PER_ADDRESS_MAX);
        assertEquals(many.getFirst(), places.enter(guest("192.0.2.1")));
        assertNull(places.enter(guest("192.0.2.2")));
    }

    @Test
    void whoHasTheTokenIsNeverDisplaced() {
        Places.Guest announcer = guest(LOOPBACK);
        assertNull(places.enter(announcer));
        assertTrue(places.trust(announcer));
        fill(LOOPBACK, Places.STRANGERS_MAX);
        for (int i = 0; i < 3 * Places.STRANGERS_MAX; i++) {
            Places.Guest displaced = places.enter(guest(LOOPBACK));
            assertTrue(displaced != null && !announcer.equals(displaced));
        }
    }

    @Test
    void placesForTheTokenAreLimitedToo() {
        List<Places.Guest> many = fill(LOOPBACK, Places.TRUSTED_MAX + 1);
        for (Places.Guest each : many.subList(0, Places.TRUSTED_MAX)) {
            assertTrue(places.trust(each));
        }
        assertFalse(places.trust(many.getLast()));
        places.leave(many.getFirst());
        assertTrue(places.trust(many.getLast()));
    }
}
