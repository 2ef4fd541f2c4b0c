package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Report;
import org.anycastdns.daemon.Json;
import org.junit.jupiter.api.Test;

class StatusPageTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static final String PAGE =
            """
            {"zones": [
               {"name": "example.com.", "state": "served", "error": "",
                "signature-expiry": "2026-11-22T11:00:00Z"},
               {"name": "example.net.", "state": "stale", "error": "example.net.zone:7:1: no type",
                "signature-expiry": "2026-11-22T09:59:00Z"}, {"x": 1}, 3],
             "unavailable": [{"name": "example.org.", "state": "absent", "error": "x"}]}
            """;

    @Test
    void zonesAreReadFromThePage() {
        Map<?, ?> page =
                page(
                        "{\"zones\":[{\"name\":\"example.com.\",\"serial\":1},{\"x\":1},"
                                + "{\"name\":\"a..b\"},{\"name\":\"example.net\"}]}");
        assertEquals("[example.com., example.net.]", StatusPage.zones(page).toString());
        assertEquals(List.of(), StatusPage.zones(page("{\"zones\":3}")));
    }

    @Test
    void theReportSaysWhatIsStaleAndWhatExpiresFirst() {
        assertEquals(
                new Report(
                        2,
                        "example.net. is stale, example.net.zone:7:1: no type",
                        -60,
                        "example.net."),
                StatusPage.report(page(PAGE), NOW));
    }

    /// As a dns-server shows a zone from primaries after EXPIRE.
    @Test
    void anExpiredZoneIsReportedLikeAStaleOne() {
        String expired =
                """
                {"zones": [{"name": "example.com.", "state": "served", "digest": "00ff"}],
                 "unavailable": [{"name": "example.org.", "state": "unavailable",
                   "error": "zone example.org.: error: has expired",
                   "transfer": {"state": "expired"}}]}
                """;
        assertEquals(
                new Report(
                        1,
                        "example.org. is unavailable, zone example.org.: error: has expired",
                        Long.MAX_VALUE,
                        ""),
                StatusPage.report(page(expired), NOW));
    }

    @Test
    void aPageThatSaysNothingOfItIsNoEvidence() {
        for (String nothing :
                new String[] {
                    "{}",
                    "{\"zones\":[{\"name\":\"a.\",\"signature-expiry\":\"soon\"}]}",
                    "{\"zones\":3,\"unavailable\":{}}"
                }) {
            assertEquals(Report.GOOD, StatusPage.report(page(nothing), NOW));
        }
    }

    @Test
    void thePageIsReadAgainAndAgain() throws IOException, InterruptedException {
        BlockingQueue<Observation> seen = new LinkedBlockingQueue<>();
        try (TestLifeline server = new TestLifeline(0);
                StatusPage page = new StatusPage(server.uri(), Duration.ofMillis(300), seen::add)) {
            page.start();
            assertEquals(new Observation.Reported(Report.GOOD), next(seen));
            server.status("{\"zones\":[{\"name\":\"a.\",\"state\":\"stale\",\"error\":\"e\"}]}");
            Report stale = new Report(1, "a. is stale, e", Long.MAX_VALUE, "");
            Observation observation = next(seen);
            while (observation.equals(new Observation.Reported(Report.GOOD))) {
                observation = next(seen);
            }
            assertEquals(new Observation.Reported(stale), observation);
            assertEquals("a.", page.next().getFirst().name().toString());
        }
    }

    @Test
    void anAddressIsOnThisHostOrNot() {
        assertTrue(AddressWatch.present(InetAddress.ofLiteral("127.0.0.53")));
        assertTrue(AddressWatch.present(InetAddress.ofLiteral("::1")));
        assertFalse(AddressWatch.present(InetAddress.ofLiteral("192.0.2.53")));
    }

    private static Observation next(BlockingQueue<Observation> seen) throws InterruptedException {
        return Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS), "nothing was seen");
    }

    private static Map<?, ?> page(String json) {
        return Objects.requireNonNull(Json.read(json));
    }
}
