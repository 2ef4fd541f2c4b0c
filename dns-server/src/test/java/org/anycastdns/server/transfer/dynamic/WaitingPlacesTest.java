package org.anycastdns.server.transfer.dynamic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// One key cannot take all places of updates that wait.
class WaitingPlacesTest {

    private static final List<Name> KEYS = List.of(Name.of("a"), Name.of("b"), Name.of("c"));

    private final WaitingPlaces places = new WaitingPlaces(KEYS);

    private void fill(Name key) {
        for (int i = 0; i < WaitingPlaces.KEY_MAX; i++) {
            assertTrue(places.take(key));
        }
        assertFalse(places.take(key));
    }

    @Test
    void aKeyGetsHalf() {
        fill(KEYS.get(0));
        fill(KEYS.get(1));
        // All are taken.
        assertFalse(places.take(KEYS.get(2)));
        places.giveBack(KEYS.get(0));
        assertTrue(places.take(KEYS.get(2)));
        assertFalse(places.take(KEYS.get(0)));
        places.giveBack(KEYS.get(2));
        assertTrue(places.take(KEYS.get(0)));
    }

    @Test
    void onlyKnownKeysHavePlaces() {
        assertThrows(IllegalArgumentException.class, () -> places.take(Name.of("d")));
    }
}
