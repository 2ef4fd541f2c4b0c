package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.topology.Topology;
import org.junit.jupiter.api.Test;

/// When a pushed version was seen.
class ObservedTest {

    private static final Topology NOWHERE =
            new Topology(
                    64_496, 3, true, List.of(), List.of(), Optional.empty(), List.of(), List.of());

    /// Returns what a client saw: for each POP SERIAL the first and the last time.
    private static Found client(String name, Map<String, List<Integer>> serials) {
        Map<String, Object> udp =
                Map.of(
                        "serials",
                        serials,
                        "sent",
                        100,
                        "changes",
                        List.of(Map.of("pop", "ams", "at-ms", 1)));
        return new Found(
                new Topology.Client(name, "eu", new Topology.Place(0, 0)),
                new Json(udp),
                new Json(Map.of()));
    }

    private static Observed run(Found... clients) {
        return new Observed(
                Scenario.ZONE_PUSH,
                "ams",
                200,
                1_000_000,
                List.of(),
                List.of(clients),
                new ZonePush.Push(
                        "example.com",
                        42,
                        1_005_000,
                        Map.of("primary", 90L, "ams", 120L, "nrt", 2_500L)),
                Map.of(),
                0);
    }

    @Test
    void aPopServesWhenItIsFirstSeenByAnybody() {
        Observed run =
                run(
                        client(
                                "dublin",
                                Map.of(
                                        "ams 41", List.of(0, 5_104),
                                        "ams 42", List.of(5_109, 9_000))),
                        client("paris", Map.of("ams 42", List.of(5_130, 9_000))));
        assertEquals(Map.of("primary", 90L, "ams", 109L, "nrt", 2_500L), run.servedMs());
        assertEquals(Map.of("dublin", 109L, "paris", 130L), run.seenMs());
    }

    @Test
    void aLatePopAndAClientWithoutTheNewVersionAreMissedLimits() {
        Observed run =
                run(
                        client("dublin", Map.of("ams 42", List.of(5_109, 9_000))),
                        client("osaka", Map.of("nrt 41", List.of(0, 20_000))));
        List<String> missed = Verdict.on(run, NOWHERE).missed();
        assertTrue(missed.contains("nrt took the zone after 2500 ms"), missed::toString);
        assertTrue(missed.contains("osaka never got the new serial"), missed::toString);
        assertEquals(2, missed.size(), missed::toString);
    }
}
