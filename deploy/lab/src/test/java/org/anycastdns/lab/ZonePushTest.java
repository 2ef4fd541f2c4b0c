package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;
import org.junit.jupiter.api.Test;

/// The next version of a zone.
class ZonePushTest {

    @Test
    void theSerialOfTheSampleZoneIsRaisedByOneAndNothingElse() throws IOException {
        String zone = Files.readString(Path.of("../../zones/example.com.zone"));
        String next = ZonePush.raised(zone);
        assertTrue(next.contains("2026112202      ; serial"));
        assertEquals(zone, next.replace("2026112202", "2026112201"));
    }

    @Test
    void aSerialOnTheLineOfTheRecordIsFoundToo() {
        assertEquals("@ SOA a. b. 42 1 1 1 1\n", ZonePush.raised("@ SOA a. b. 41 1 1 1 1\n"));
    }

    @Test
    void aZoneWithoutSoaIsRefused() {
        assertThrows(LabException.class, () -> ZonePush.raised("@ IN NS a.\n"));
    }

    @Test
    void onlyARefusalAfterThePushIsOfThePush() {
        Json good = reload("2026-11-23T01:00:00Z", "ok", "");
        Json bad = reload("2026-11-23T01:00:05Z", "failed", "example.com.zone:3: no");
        Json worse = reload("2026-11-23T01:00:09Z", "refused", "example.com.zone:4: no");
        assertEquals(Optional.of("example.com.zone:3: no"), ZonePush.refusal(good, bad));
        assertEquals(Optional.empty(), ZonePush.refusal(bad, bad));
        assertEquals(Optional.of("example.com.zone:4: no"), ZonePush.refusal(bad, worse));
        assertEquals(Optional.empty(), ZonePush.refusal(bad, good));
    }

    @Test
    void popsWithoutTheZoneAreNamedWithWhatTheySay() {
        Json server =
                new Json(
                        Map.of(
                                "zones",
                                List.of(Map.of("name", "example.com.", "serial", 41)),
                                "reload",
                                Map.of("at", "2026-11-29T11:00:00Z")));
        Json failed =
                new Json(
                        Map.of(
                                "zones",
                                List.of(
                                        Map.of(
                                                "name",
                                                "example.com.",
                                                "serial",
                                                40,
                                                "transfer",
                                                Map.of("error", "the primary does not answer")))));
        String said =
                ZonePush.missing(
                        "example.com",
                        List.of(pop("ams", server), pop("nrt", Json.NOTHING), pop("iad", failed)));
        assertEquals(
                "no new serial of example.com within 30 s: ams serves 41, its last reload was at"
                        + " 2026-11-29T11:00:00Z, nrt does not say what it serves, iad serves 40, its"
                        + " last transfer failed: the primary does not answer",
                said);
    }

    private static PopStatus pop(String name, Json server) {
        return new PopStatus(name, Map.of(), server, Json.NOTHING, 0);
    }

    private static Json reload(String at, String result, String problem) {
        return new Json(
                Map.of("reload", Map.of("at", at, "result", result, "problems", List.of(problem))));
    }
}
