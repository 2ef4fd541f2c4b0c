package org.anycastdns.announcer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.config.AnnouncerOptions;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.driver.NeighborHistory;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.driver.RouteSink;
import org.anycastdns.announcer.driver.SentRoute;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.ops.StatusText;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.admin.TokenFile;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The whole announcer in this process: a test responder and lifeline on one side, a recording sink
/// in the place of the neighbors on the other, admin HTTP in between.
class AnnouncerTest {

    private static final String ROUTES = "192.0.2.0/24 2001:db8:53::/48";
    private static final String LESS = ROUTES + " less attractive";
    private static final String NOTHING = "";

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestResponder responder = new TestResponder("ams1");
    private TestLifeline lifeline = new TestLifeline(0);
    private final Announcer announcer;
    private final Path token = Files.createTempFile("announcer", ".token");
    private String text = "";

    /// Whether the neighbor's session is up without any route having been sent.
    private volatile boolean deaf;

    AnnouncerTest() throws IOException {
        announcer =
                new Announcer(
                        config(Repository.freePort()),
                        () -> parse(text),
                        Recorder::new,
                        null,
                        () -> told.add("died"));
    }

    @AfterEach
    void stop() throws IOException {
        announcer.close("test ends");
        responder.close();
        lifeline.close();
        Files.deleteIfExists(token);
    }

    @Test
    void announcesWhenTheResponderIsHealthyAndWithdrawsAndAnnouncesAgain() throws Exception {
        assertEquals(ROUTES, next());
        int port = lifeline.port();
        lifeline.close(); // all that a killed process's lifeline does
        assertEquals(NOTHING, next());
        assertTrue(get("/status").body().contains("\"cause\":\"lifeline_closed\""));
        lifeline = new TestLifeline(port);
        assertEquals(ROUTES, next());
        String metrics = get("/metrics").body();
        assertHas(
                metrics,
                "anycast_withdrawals_total{reason=\"lifeline_closed\",service=\"dns\"} 1.0");
        assertHas(metrics, "anycast_withdrawals_total{reason=\"udp\",service=\"dns\"} 0.0");
        assertHas(metrics, "anycast_announcements_total{service=\"dns\"} 2.0");
        assertHas(metrics, "anycast_evidence_to_update_seconds_count 3");
        assertHas(metrics, "bgp_session_up{neighbor=\"198.51.100.1\"} 1.0");
        assertHas(metrics, "bgp_prefix_announced{prefix=\"192.0.2.0/24\"} 1.0");
        assertHas(metrics, "anycast_probes_total{result=\"right\",transport=\"udp\"}");
        assertHas(metrics, "anycast_probe_duration_seconds_bucket{transport=\"tcp\",le=\"5e-05\"}");
    }

    @Test
    void withdrawsWhenTheResponderAnswersWrongWhileItsLifelineBeats() throws Exception {
        assertEquals(ROUTES, next());
        responder.bend((query, _) -> query.toWire());
        assertEquals(NOTHING, next());
        responder.bend(TestResponder.RIGHT);
        assertEquals(ROUTES, next());
    }

    @Test
    void withdrawsWhenTheResponderHangs() throws Exception {
        assertEquals(ROUTES, next());
        lifeline.hang();
        responder.bend((_, _) -> null);
        // Half a second of silence degrades; the probe, which may take a whole one, then decides.
        String told = next();
        assertEquals(NOTHING, told.equals(LESS) ? next() : told);
    }

    @Test
    void aDrainDepreferencesThenWithdrawsThenEndsTheSessionsUntilResume() throws Exception {
        assertEquals(ROUTES, next());
        assertEquals(200, get("/ready").statusCode());
        assertEquals("draining\n", post("/drain", "disk swap").body());
        assertEquals(LESS, next());
        assertEquals(200, get("/ready").statusCode());
        assertEquals(NOTHING, next());
        HttpResponse<String> ready = get("/ready");
        assertEquals(200, ready.statusCode(), "it is out of traffic on purpose");
        assertEquals("drained by operator: disk swap\n", ready.body());
        assertEquals("closed: drained by operator: disk swap", next());
        assertHas(get("/status").body(), "\"drain\":{\"phase\":\"stopped\"");
        assertHas(
                get("/metrics").body(),
                "anycast_drain_phase{phase=\"stopped\",service=\"dns\"} 1.0");
        assertEquals(200, get("/health").statusCode());
        assertEquals("resumed\n", post("/resume", "").body());
        Set<String> both = new HashSet<>(Set.of(next()));
        both.add(next());
        assertEquals(Set.of(ROUTES, "open"), both);
    }

    @Test
    void aReloadShowsWhatIsDifferentAndNeverLosesARouteByAccident() throws Exception {
        assertEquals(ROUTES, next());
        String before = text;
        assertEquals("nothing has changed\n", post("/reload", "").body());

        text = before.replace("identity: ams1", "identity: [");
        assertEquals(422, post("/reload", "").statusCode());

        text = before.replace("192.0.2.0/24", "203.0.113.0/24");
        HttpResponse<String> refused = post("/reload", "");
        assertEquals(409, refused.statusCode());
        assertEquals(
                """
                - prefixes 192.0.2.0/24
                + prefixes 203.0.113.0/24
                neighbor 198.51.100.1 port 179: the session stays; UPDATEs for prefixes
                refused: 192.0.2.0/24 is announced and would be withdrawn (--allow-withdraw does it)
                """,
                refused.body());

        text = before.replace("identity: ams1", "identity: ams2");
        assertHas(
                post("/reload", "").body(), "refused: \"identity\" needs a restart: the evidence");

        text = before.replace("admin-token-file: \"", "admin-token-file: \"/other");
        assertHas(
                post("/reload", "").body(),
                "refused: \"admin-token-file\" needs a restart: the server that takes this command");

        text = before.replace("65001 }", "65002 }");
        assertHas(post("/reload", "").body(), "no session would stay: the last neighbor");

        text = before.replace("192.0.2.0/24\"", "192.0.2.0/24\", \"203.0.113.0/24\"");
        String added =
                """
                + prefixes 203.0.113.0/24
                neighbor 198.51.100.1 port 179: the session stays; UPDATEs for prefixes
                """;
        assertEquals(
                added + "dry run: nothing was applied\n", post("/reload?dry-run=true", "").body());
        assertEquals(
                "{\"result\":\"done\",\"dry-run\":true,\"problems\":[],"
                        + "\"differences\":[\"+ prefixes 203.0.113.0/24\"],"
                        + "\"neighbors\":[{\"address\":\"198.51.100.1\",\"port\":179,"
                        + "\"session\":\"stays\",\"because\":[],\"routes\":[\"prefixes\"],"
                        + "\"bfd\":\"none\"}],\"warnings\":[],\"refused\":[]}\n",
                post("/reload?dry-run=true&json=true", "").body());
        assertEquals(added, post("/reload", "").body());
        Set<String> both = new HashSet<>(Set.of(next()));
        both.add(next());
        assertEquals(Set.of("192.0.2.0/24 2001:db8:53::/48 203.0.113.0/24", "reconfigured"), both);

        text = before;
        assertEquals(200, post("/reload?allow-withdraw=true", "").statusCode());
    }

    @Test
    void staleZonesOnlyEverDepreference() throws Exception {
        assertEquals(ROUTES, next());
        lifeline.status(
                "{\"zones\":[{\"name\":\"example.com.\",\"state\":\"stale\",\"error\":\"line 7\"}]}");
        assertEquals(LESS, next());
        assertEquals(200, get("/ready").statusCode());
        Map<?, ?> status = assertInstanceOf(Map.class, Json.read(get("/status").body()));
        String text = StatusText.of(status);
        assertHas(text, "ams1: DEPREFERENCED since ");
        assertHas(text, "  because    1 stale zone: example.com. is stale, line 7 (since 2");
        assertHas(
                text,
                "next hop 198.51.100.2, AS path 65010 65010 65010 65010, MED 1000, graceful-shutdown\n");
        assertHas(
                get("/metrics").body(),
                "anycast_depreferences_total{reason=\"stale_zone\",service=\"dns\"} 1.0");
        assertHas(get("/metrics").body(), "anycast_grade{grade=\"degraded\",service=\"dns\"} 1.0");
        lifeline.status("{\"zones\":[{\"name\":\"example.com.\",\"state\":\"served\"}]}");
        assertEquals(ROUTES, next());
    }

    @Test
    void theStatusSaysWhatIsAnnouncedToWhomAndWhy() throws Exception {
        assertEquals(ROUTES, next());
        Map<?, ?> status = assertInstanceOf(Map.class, Json.read(get("/status").body()));
        assertEquals("ams1", status.get("identity"));
        assertEquals(List.of("192.0.2.0/24", "2001:db8:53::/48"), status.get("prefixes"));
        String text = StatusText.of(status);
        assertHas(text, "ams1: ANNOUNCED since ");
        assertHas(text, "  health     healthy (responder 127.0.0.1:");
        assertHas(text, "  lifeline   ready, 1 zones, identity ams1\n");
        assertHas(text, "  udp probe  up: answered right in ");
        assertHas(text, "  neighbor  198.51.100.1 port 179 AS65001: Established since ");
        assertHas(text, "Z, sent to 1 of 1 neighbors\n");
        assertHas(
                text,
                "             announced 192.0.2.0/24 since 1970-01-01T00:00:00Z: next hop"
                        + " 198.51.100.2, AS path 65010\n");
    }

    /// Row B5 of the inputs from the field.
    @Test
    void b5WhatIsWantedAndWhatIsSentAreToldApart() throws Exception {
        assertEquals(ROUTES, next());
        assertHas(get("/metrics").body(), "anycast_announcing{service=\"dns\"} 1.0");
        deaf = true;
        HttpResponse<String> ready = get("/ready");
        assertEquals(503, ready.statusCode());
        assertHas(ready.body(), "192.0.2.0/24 has been sent to no neighbor: 198.51.100.1 AS65001");
        String metrics = get("/metrics").body();
        assertHas(metrics, "anycast_wanted{service=\"dns\"} 1.0");
        assertHas(metrics, "anycast_announcing{service=\"dns\"} 0.0");
        Map<?, ?> status = assertInstanceOf(Map.class, Json.read(get("/status").body()));
        String text = StatusText.of(status);
        assertHas(text, "ams1: NOT SENT (wanted: ANNOUNCED) since ");
        assertHas(text, ", sent to 0 of 1 neighbors\n");
        assertHas(announcer.sent(), "nothing yet (192.0.2.0/24 has been sent to no neighbor");
        deaf = false;
        assertEquals(200, get("/ready").statusCode());
    }

    @Test
    void drainResumeAndReloadNeedTheToken() throws Exception {
        for (String path : List.of("/drain", "/resume", "/reload")) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build();
            HttpResponse<String> refused = http.send(request, BodyHandlers.ofString());
            assertEquals(403, refused.statusCode());
            assertHas(refused.body(), "use the commands of bgp-announcer as the user who runs it");
        }
        assertHas(get("/status").body(), "\"drain\":{\"phase\":\"off\"");
    }

    @Test
    void oneServiceIsDrainedByItsNameAndAnUnknownNameIsRefused() throws Exception {
        assertEquals(ROUTES, next());
        HttpResponse<String> unknown = post("/drain?service=web", "disk swap");
        assertEquals(404, unknown.statusCode());
        assertHas(unknown.body(), "there is no service 'web'; there is dns");
        assertEquals(200, post("/drain?service=dns", "disk swap").statusCode());
        assertEquals(LESS, next());
        Map<?, ?> status = assertInstanceOf(Map.class, Json.read(get("/status").body()));
        List<?> services = assertInstanceOf(List.class, status.get("services"));
        Map<?, ?> service = assertInstanceOf(Map.class, services.getFirst());
        assertEquals("dns", service.get("name"));
        assertEquals(status.get("decision"), service.get("decision"));
    }

    @Test
    void aReloadChangesChecksWithoutARestart() throws Exception {
        assertEquals(ROUTES, next());
        String before = text;
        text =
                before
                        + """
                        services:
                          - name: tcp
                            prefixes: ["203.0.113.0/24"]
                            checks: [{tcp: {address: "127.0.0.1:%d", interval: 50ms, timeout: 5s}}]
                        """
                                .formatted(responder.address().getPort());
        assertEquals(200, post("/reload", "").statusCode());
        Set<String> both = new HashSet<>(Set.of(next()));
        both.add(next());
        assertEquals(Set.of("192.0.2.0/24 2001:db8:53::/48 203.0.113.0/24", "reconfigured"), both);
        String metrics = get("/metrics").body();
        assertHas(metrics, "anycast_check_up{check=\"tcp\",service=\"tcp\"} 1.0");
        assertHas(metrics, "anycast_announcing{service=\"dns\"} 1");
        assertHas(metrics, "anycast_check_lateness_seconds_count");
        assertEquals(200, get("/ready").statusCode());
        text = before;
        assertEquals(409, post("/reload", "").statusCode(), "its prefix is announced");
        assertEquals(200, post("/reload?allow-withdraw=true", "").statusCode());
        both = new HashSet<>(Set.of(next()));
        both.add(next());
        assertEquals(Set.of(ROUTES, "reconfigured"), both);
    }

    @Test
    void theAdminHttpRefusesWhatItDoesNotKnow() throws Exception {
        assertEquals(404, get("/nothing").statusCode());
        assertEquals(405, get("/drain").statusCode());
        assertEquals(405, post("/status", "").statusCode());
        assertEquals(413, post("/drain", "x".repeat(10_000)).statusCode());
    }

    @Test
    void aPortInUseIsAClearSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            IOException failure =
                    assertThrows(
                            IOException.class,
                            () ->
                                    new Announcer(
                                            config(taken.getLocalPort()),
                                            () -> parse(text),
                                            Recorder::new,
                                            null,
                                            () -> told.add("died")));
            assertHas(
                    String.valueOf(failure.getMessage()),
                    "cannot listen on 127.0.0.1:" + taken.getLocalPort() + " for the admin HTTP");
        }
    }

    private static void assertHas(String text, String part) {
        assertTrue(text.contains(part), () -> part + " is not in:\n" + text);
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String text) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", TokenFile.header(token))
                        .POST(BodyPublishers.ofString(text))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + announcer.adminAddress().getPort() + path);
    }

    private Config config(int adminPort) {
        InetSocketAddress dns = responder.address();
        text =
                """
                identity: ams1
                router-id: 198.51.100.2
                local-as: 65010
                prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
                neighbors: [{ address: 198.51.100.1, remote-as: 65001 }]
                health:
                  responder: "127.0.0.1:%d"
                  lifeline: "%s"
                  interval: 50ms
                  timeout: 1s
                  status-interval: 300ms
                depreference: { delay: 200ms }
                admin: "127.0.0.1:%d"
                admin-token-file: "%s"
                """
                        .formatted(dns.getPort(), lifeline.uri(), adminPort, token);
        return switch (parse(text)) {
            case Loaded.Valid<Config>(Config config, _) -> config;
            case Loaded.Invalid<Config> invalid -> fail(invalid.toString());
        };
    }

    private static Loaded<Config> parse(String text) {
        return AnnouncerOptions.SET.parse("test.yaml", text, _ -> null);
    }

    /// Writes down what the neighbor is told; its session is up from the start.
    private final class Recorder implements RouteSink {

        private final Neighbor neighbor =
                new Neighbor(InetAddress.ofLiteral("198.51.100.1"), 65001);
        private final Local local = new Local(65010, RouterId.parse("198.51.100.2"));
        private final Peer peer =
                new Peer(
                        65001,
                        RouterId.parse("198.51.100.1"),
                        9,
                        Set.of(Family.values()),
                        false,
                        true);
        private final Observer observer;
        private volatile Set<Route> announced = Set.of();
        private volatile boolean ended;

        Recorder(Config config, Observer observer) {
            this.observer = observer;
            observer.stateChanged(neighbor, "OpenConfirm", "Established", config.identity());
        }

        @Override
        public void advertise(Set<Route> desired) {
            announced = desired;
            observer.updated(neighbor, Set.of(), Set.of());
            String routes =
                    desired.stream()
                            .map(route -> route.prefix().toString())
                            .sorted()
                            .collect(Collectors.joining(" "));
            boolean less = desired.stream().anyMatch(route -> route.prepends() > 0);
            told.add(less ? routes + " less attractive" : routes);
        }

        @Override
        public List<NeighborStatus> status() {
            Session session = new Session(local, neighbor);
            List<SentRoute> routes =
                    announced.stream()
                            .map(route -> {
                                boolean six = route.prefix().family() == Family.IPV6;
                                Route via =
                                        route.via(
                                                InetAddress.ofLiteral(
                                                        six ? "2001:db8::2" : "198.51.100.2"));
                                return new SentRoute(
                                        route.prefix(), Instant.EPOCH, session.update(via, peer));
                            })
                            .toList();
            return List.of(
                    new NeighborStatus(
                            neighbor,
                            "Established",
                            Instant.EPOCH,
                            peer,
                            deaf ? List.of() : routes,
                            Map.of(),
                            NeighborHistory.NONE,
                            null,
                            null));
        }

        @Override
        public void open() {
            if (ended) {
                told.add("open");
            }
        }

        @Override
        public void reconfigure(Config config) {
            told.add("reconfigured");
        }

        @Override
        public void close(String text) {
            ended = true;
            told.add("closed: " + text);
        }
    }
}
