package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.daemon.Json;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Row B1 of the inputs from the field: BIRD ends each session right after the first UPDATE,
/// because its import limit is exceeded. What counts is what the announcer says about its next
/// attempt, and how many sessions there have been.
class DampingIT extends BesideRouter {

    /// Five sessions with the waits between them, on a busy machine.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final int FLAPS = 4;

    /// Each wait is twice the last one, less the jitter of both (RFC 4271 section 10).
    private static final double GROWTH_MIN = 1.4;

    @ParameterizedTest
    @ValueSource(strings = {"restart", "disable"})
    void b1theWaitsGrowAndAFewGoodSecondsForgiveNothing(String action) throws Exception {
        String limit =
                RouterNetwork.session("")
                        .replace(
                                "import all;", "import all; import limit 0 action " + action + ";");
        network.bird(limit);
        network.responder(Repository.root().resolve("zones"));
        announcer();
        List<Duration> waits = new ArrayList<>();
        for (int flap = 1; flap <= FLAPS; flap++) {
            waits.add(waitAfter(flap));
            if (action.equals("disable")) {
                birdc("enable"); // as its operator does, who believes in it
            }
        }
        for (int i = 1; i < FLAPS; i++) {
            double growth = (double) waits.get(i).toMillis() / waits.get(i - 1).toMillis();
            assertTrue(growth >= GROWTH_MIN, waits::toString);
        }
        // The limit is lifted for a while: the session lasts for some keepalives.
        network.configure(RouterNetwork.session(""));
        birdc("enable");
        long before = received("keepalive");
        Eventually.seen("keepalives", LIMIT, () -> received("keepalive"), now -> now >= before + 3);
        assertEquals(FLAPS, flaps(neighbor()));
        network.configure(limit);
        birdc("restart");
        Duration later = waitAfter(FLAPS + 1);
        assertTrue(later.compareTo(waits.getLast()) > 0, later + " after " + waits);
    }

    /// Returns how long the announcer waits after that many sessions have ended.
    private Duration waitAfter(int flaps) throws InterruptedException {
        Map<String, Object> neighbor =
                Eventually.seen(
                        flaps + " flaps",
                        LIMIT,
                        this::neighbor,
                        one -> flaps(one) == flaps && one.containsKey("next-attempt"));
        String ended = String.valueOf(neighbor.get("last-error-at"));
        String next = String.valueOf(neighbor.get("next-attempt"));
        return Duration.between(Instant.parse(ended), Instant.parse(next));
    }

    private static int flaps(Map<String, Object> neighbor) {
        return neighbor.get("flaps") instanceof Integer flaps ? flaps : -1;
    }

    /// Returns what the status says of the router.
    private Map<String, Object> neighbor() throws Exception {
        Map<String, Object> status =
                Objects.requireNonNull(Json.read(network.page("/status").body()));
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> neighbors =
                (List<Map<String, Object>>) Objects.requireNonNull(status.get("neighbors"));
        return neighbors.getFirst();
    }

    private long received(String type) throws Exception {
        String name =
                "bgp_messages_total{direction=\"received\",neighbor=\"198.51.100.1\",type=\"%s\"} "
                        .formatted(type);
        return network.page("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElse(0);
    }

    private void birdc(String verb) throws IOException, InterruptedException {
        network.birdc(verb, "pop");
    }

    private Program announcer() throws IOException {
        return network.announcer(
                TestConfig.SITE
                        + TestConfig.router(65001, "hold-time: 9s")
                        + TestConfig.PATIENT_HEALTH);
    }
}
