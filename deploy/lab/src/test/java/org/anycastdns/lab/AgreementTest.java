package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.engine.Json;
import org.junit.jupiter.api.Test;

/// Which PoPs differ from what they should serve.
class AgreementTest {

    /// Returns the status of a machine with zones such as `example.com 41 abc`.
    private static PopStatus machine(String name, String... zones) {
        List<Object> list = new ArrayList<>();
        Arrays.stream(zones)
                .map(zone -> zone.split(" "))
                .forEach(words ->
                        list.add(
                                Map.of(
                                        "name",
                                        words[0] + ".",
                                        "serial",
                                        Long.parseLong(words[1]),
                                        "digest",
                                        words.length > 2 ? words[2] : "")));
        return new PopStatus(name, Map.of(), new Json(Map.of("zones", list)), Json.NOTHING, 0);
    }

    @Test
    void thePrimaryDecidesForItsZonesAndTheHighestSerialForOthers() {
        PopStatus primary = machine("primary", "example.com 41");
        PopStatus ams = machine("ams", "example.com 42", "example.net 7");
        PopStatus nrt = machine("nrt", "example.com 41", "example.net 6");
        Agreement agreement = Agreement.of(List.of(ams, nrt, primary));
        assertEquals(List.of("example.com serial 42"), agreement.differences(ams));
        assertEquals(List.of("example.net serial 6"), agreement.differences(nrt));
    }

    @Test
    void aMissingZoneAndAnotherContentAreDifferences() {
        PopStatus ams = machine("ams", "example.com 41 0123456789abcdef", "example.net 7");
        PopStatus nrt = machine("nrt", "example.com 41 fedcba9876543210");
        Agreement agreement = Agreement.of(List.of(ams, nrt));
        assertEquals(List.of(), agreement.differences(ams));
        assertEquals(
                List.of("example.com content fedcba98", "example.net missing"),
                agreement.differences(nrt));
    }

    @Test
    void aDigestThatIsNotKnownIsNoDifference() {
        PopStatus ams = machine("ams", "example.com 41 0123456789abcdef");
        PopStatus nrt = machine("nrt", "example.com 41");
        assertEquals(List.of(), Agreement.of(List.of(ams, nrt)).differences(nrt));
        assertEquals(List.of(), Agreement.of(List.of(nrt, ams)).differences(ams));
    }

    @Test
    void aPopThatSaysNothingMissesEverything() {
        PopStatus ams = machine("ams", "example.com 41");
        PopStatus nrt = new PopStatus("nrt", Map.of(), Json.NOTHING, Json.NOTHING, -1);
        assertEquals(
                List.of("example.com missing"), Agreement.of(List.of(ams, nrt)).differences(nrt));
    }

    @Test
    void serialsAreComparedInTheirCircle() {
        assertTrue(ZoneVersion.isAfter(1, 0xFFFF_FFFFL));
        assertTrue(ZoneVersion.isAfter(42, 41));
        assertFalse(ZoneVersion.isAfter(41, 41));
        assertFalse(ZoneVersion.isAfter(0xFFFF_FFFFL, 1));
    }
}
