package org.anycastdns.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Durations as operators write them.
class DurationsTest {

    @Test
    void theTextIsTheShortestOne() {
        for (String text : List.of("0s", "1ms", "250ms", "90s", "5m", "1h", "36h", "1500ms")) {
            assertEquals(text, Durations.text(Durations.parse(text)));
        }
        assertEquals("1s", Durations.text(Durations.parse("1000ms")));
        assertEquals("2m", Durations.text(Durations.parse("120s")));
        assertEquals("1h", Durations.text(Durations.parse("3600s")));
    }

    @Test
    void aDurationIsOneNumberWithOneUnit() {
        for (String text : List.of("", "s", "9", "1.5s", "-1s", "1m30s", "10 s", "1S", "1d")) {
            assertThrows(IllegalArgumentException.class, () -> Durations.parse(text), text);
        }
    }
}
