package org.anycastdns.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.anycastdns.daemon.admin.AdminServer;
import org.anycastdns.daemon.admin.TokenFile;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.reload.ReloadHealth;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.serve.WorkerCounters;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ReadRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The responder's admin HTTP over real connections.
@Timeout(60)
class ResponderAdminTest {

    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String FORBIDDEN = "HTTP/1.1 403 Forbidden";
    private static final String ZONE =
            """
            $TTL 300
            @ SOA ns hostmaster 42 3600 600 604800 300
            @ NS ns.example.net.
            www A 192.0.2.1
            """;

    @TempDir Path folder;
    @TempDir Path secrets;

    private final Identity identity = new Identity("ams \"1\"", "");
    private final Vitals vitals = new Vitals(identity, "anycast-dns 9", Clock.systemUTC());
    private final ServedZones served = new ServedZones();
    private final CounterSlots slots =
            new CounterSlots(
                    WorkerCounters.SLOT_OTHER + 1, WorkerCounters.SLOTS, WorkerCounters.SLOT_OTHER);
    private final Responder responder = new Responder(served, identity, SampleZone.SECRETS);
    private final HttpClient client = HttpClient.newHttpClient();
    private Reloader reloader;
    private ResponderAdmin server;

    @BeforeEach
    void start() throws IOException {
        reloader =
                new Reloader(
                        folder,
                        slots,
                        ReadRules.DEFAULT,
                        Clock.systemUTC(),
                        served::isRead,
                        status -> {
                            served.swap(status.set());
                            vitals.zones(status);
                        },
                        RecordsReceiver.NONE);
        server = admin(ANY_PORT);
    }

    private ResponderAdmin admin(InetSocketAddress address) throws IOException {
        return new ResponderAdmin(
                new AdminServer.Settings(
                        ResponderAdmin.PROGRAM, address, List.of(), secrets.resolve("token")),
                vitals,
                slots,
                reloader::reload);
    }

    @AfterEach
    void stop() {
        server.close();
        reloader.close();
        client.close();
    }

    private void serve(Executor... workers) throws Exception {
        Files.writeString(folder.resolve("a.test.zone"), ZONE);
        assertEquals(List.of(), reloader.load(false));
        reloader.start(null);
        vitals.serving(
                new Traffic(
                        "epoll",
                        4,
                        List.of("127.0.0.1:53"),
                        () -> List.of("192.0.2.53:53"),
                        () -> List.of(responder.counters()),
                        () -> 3,
                        () -> 2,
                        () -> List.of(Map.of("network", "192.0.2.1")),
                        () -> Map.of("dns_udp_unsent", 7L),
                        () -> Map.of("idle", 5L),
                        List.of(workers)));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", TokenFile.header(secrets.resolve("token")));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private BufferedReader lifeline() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/lifeline")).build();
        var response = client.send(request, BodyHandlers.ofInputStream());
        assertEquals("text/event-stream", response.headers().firstValue("content-type").orElse(""));
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static String record(BufferedReader lines) throws IOException {
        String data = lines.readLine();
        assertEquals("", lines.readLine());
        return data.replaceAll("\"time\":\"[-0-9T:.]+Z\"", "\"time\":T");
    }

    private static String expected(String state, int zones, int records) {
        return "data: {\"state\":\"%s\",\"identity\":\"ams \\\"1\\\"\",\"zones\":%d,\"records\":%d,\"queries\":0,\"time\":T}"
                .formatted(state, zones, records);
    }

    @Test
    void aResponderIsReadyWhenItServesAndDoesNotDrain() throws Exception {
        assertEquals(503, get("/ready").statusCode());
        assertEquals(
                "{\"state\":\"loading\",\"reason\":\"zones are being loaded, or sockets are being"
                        + " opened\"}\n",
                get("/ready").body());
        assertEquals(200, get("/health").statusCode());
        serve();
        assertEquals(200, get("/ready").statusCode());
        assertEquals("{\"state\":\"draining\"}\n", post("/drain").body());
        assertEquals(503, get("/ready").statusCode());
        assertEquals(200, get("/health").statusCode());
        assertEquals("{\"state\":\"ready\"}\n", post("/resume").body());
        assertEquals(200, get("/ready").statusCode());
    }

    @Test
    void aResponderWithoutZonesIsNotReady() throws Exception {
        serve();
        assertEquals(200, get("/ready").statusCode());
        Files.delete(folder.resolve("a.test.zone"));
        assertEquals(409, post("/reload").statusCode());
        assertEquals(200, get("/ready").statusCode());
        assertEquals(200, post("/reload?force=true").statusCode());
        assertEquals(503, get("/ready").statusCode());
        assertEquals(
                "{\"state\":\"loading\",\"reason\":\"no zone is served\"}\n", get("/ready").body());
    }

    @Test
    void aResponderWhoseReloadThreadHasEndedIsNeitherReadyNorHealthy() throws Exception {
        serve();
        vitals.reload(() -> new ReloadHealth(true, false, 1, "internal error (X at Y:1)", 3));
        assertEquals(200, get("/ready").statusCode());
        assertTrue(get("/ready").body().contains("internal error (X at Y:1)"));
        assertTrue(get("/health").body().contains("internal error (X at Y:1)"));
        assertTrue(get("/metrics").body().contains("dns_reload_internal_errors_total 3.0"));
        vitals.reload(() -> new ReloadHealth(false, false, 1, "", 3));
        assertEquals(503, get("/ready").statusCode());
        assertEquals(503, get("/health").statusCode());
        assertTrue(get("/status").body().contains("\"alive\":false"));
    }

    @Test
    void theLifelineTellsEveryStateAndEndsWithTheServer() throws Exception {
        BufferedReader lines = lifeline();
        assertEquals(expected("loading", 0, 0), record(lines));
        assertEquals(expected("loading", 0, 0), record(lines));
        serve();
        String next = record(lines);
        while (next.contains("loading")) {
            next = record(lines);
        }
        assertEquals(expected("ready", 1, 3), next);
        post("/drain");
        while (next.contains("ready")) {
            next = record(lines);
        }
        assertEquals(expected("draining", 1, 3), next);
        server.close();
        String rest = lines.readLine();
        while (rest != null) {
            rest = lines.readLine();
        }
        assertNull(rest);
    }

    @Test
    void theLifelineIsSilentWhileAWorkerHangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            serve(worker);
            BufferedReader lines = lifeline();
            worker.execute(() -> await(hangs));
            while (get("/health").statusCode() == 200) {
                Thread.onSpinWait();
            }
            Instant silent = Instant.now();
            Instant enough = silent.plusMillis(5 * Lifeline.BEAT_MILLIS);
            while (Instant.now().isBefore(enough)) {
                assertEquals(503, get("/health").statusCode());
            }
            hangs.countDown();
            Instant beat = time(lines);
            while (beat.isBefore(silent)) {
                beat = time(lines);
            }
            assertFalse(beat.isBefore(enough), "a record of " + beat + ", silent " + silent);
        } finally {
            hangs.countDown();
            worker.shutdown();
        }
    }

    /// When the next record was made.
    private static Instant time(BufferedReader lines) throws IOException {
        String data = lines.readLine();
        lines.readLine();
        return Instant.parse(data.replaceAll(".*\"time\":\"([^\"]*)\".*", "$1"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatChangesStateNeedsTheToken() throws Exception {
        serve();
        for (String path : List.of("/drain", "/reload", "/resume")) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build();
            HttpResponse<String> refused = client.send(request, BodyHandlers.ofString());
            assertEquals(403, refused.statusCode());
            assertTrue(
                    refused.body()
                            .startsWith(
                                    "{\"error\":\"POST %s needs the operator's token"
                                            .formatted(path)),
                    refused.body());
        }
        assertEquals(200, get("/ready").statusCode());
        assertEquals(200, post("/drain").statusCode());
    }

    @Test
    void aLifelineThatMustMakeRoomIsToldSo() throws Exception {
        serve();
        BufferedReader lines = lifeline();
        List<Socket> others = new ArrayList<>();
        try {
            String last = lines.readLine();
            for (int i = 0; i < 400 && !last.contains("displaced"); i++) {
                others.add(
                        new Socket(InetAddress.getLoopbackAddress(), server.address().getPort()));
                while (i > 250 && last != null && !last.contains("displaced")) {
                    last = lines.readLine();
                }
            }
            assertTrue(last.endsWith(",\"displaced\":true}"), last);
        } finally {
            for (Socket other : others) {
                other.close();
            }
        }
    }

    @Test
    void theMetricsCountWhatWasAsked() throws Exception {
        serve();
        ask("www.a.test.", 1);
        ask("www.a.test.", 1);
        ask("nx.a.test.", 28);
        ask("elsewhere.test.", 1);
        ask("www.a.test.", 999, 3);
        responder.counters().responseTime(3_000);
        responder.counters().responseTime(2_000_000_000L);
        String text = get("/metrics").body();
        for (String line :
                List.of(
                        "dns_queries_total{rcode=\"NOERROR\",transport=\"udp\",type=\"A\",zone=\"a.test.\"} 2.0",
                        "dns_queries_total{rcode=\"NXDOMAIN\",transport=\"udp\",type=\"AAAA\",zone=\"a.test.\"} 1.0",
                        "dns_queries_total{rcode=\"REFUSED\",transport=\"udp\",type=\"A\",zone=\"none\"} 1.0",
                        "dns_queries_total{rcode=\"NOERROR\",transport=\"udp\",type=\"other\",zone=\"a.test.\"} 1.0",
                        "dns_response_time_seconds_bucket{le=\"2.5e-06\"} 0",
                        "dns_response_time_seconds_bucket{le=\"5e-06\"} 1",
                        "dns_response_time_seconds_bucket{le=\"+Inf\"} 2",
                        "dns_response_time_seconds_count 2",
                        "dns_response_time_seconds_sum 2.000003",
                        "dns_zone_serial{zone=\"a.test.\"} 42.0",
                        "dns_zone_records{zone=\"a.test.\"} 3.0",
                        "dns_zone_problems{zone=\"a.test.\"} 0.0",
                        "dns_trailing_total 1.0",
                        "dns_tcp_connections 3.0",
                        "dns_listen_absent 1.0",
                        "dns_udp_unsent_total 7.0",
                        "dns_tcp_closed_total{reason=\"idle\"} 5.0",
                        "dns_reloads_total{result=\"ok\"} 1.0",
                        "dns_reload_last_result 1.0",
                        "dns_state{state=\"ready\"} 1.0",
                        "dns_build_info{commit=\"unknown\",engine=\"epoll\",jdk=\"%s\",version=\"anycast-dns 9\"} 1.0"
                                .formatted(Runtime.version()))) {
            assertTrue(text.contains("\n" + line + "\n"), line + " is not in\n" + text);
        }
        assertTrue(text.contains("jvm_memory_used_bytes"), text);
        assertFalse(text.contains("{rcode=\"SERVFAIL\""), "cells that are zero are left out");
    }

    @Test
    void theFirstEndOfASignatureIsInTheMetricsAndTheStatus() throws Exception {
        Files.writeString(
                folder.resolve("signed.test.zone"),
                """
                $TTL 300
                @ SOA ns hostmaster 42 3600 600 604800 300
                @ RRSIG SOA 13 2 300 20900102000000 20260101000000 1 @ AAAA
                @ NS ns.example.net.
                @ RRSIG NS 13 2 300 20900101000000 20260101000000 1 @ AAAA
                """);
        serve();
        String line = "dns_zone_signature_expiry_seconds{zone=\"signed.test.\"} 3.786912E9\n";
        String metrics = get("/metrics").body();
        assertTrue(metrics.contains(line), metrics);
        assertFalse(metrics.contains("dns_zone_signature_expiry_seconds{zone=\"a.test.\"}"));
        String status = get("/status").body();
        assertTrue(status.contains("\"signature-expiry\":\"2090-01-01T00:00:00Z\""), status);
        assertTrue(status.contains("\"zonemd\":\"absent\""), status);
        assertTrue(status.contains("\"tcp-clients\":[{\"network\":\"192.0.2.1\"}]"), status);
        assertTrue(status.contains("\"threads\":4"), "as configured: " + status);
    }

    private void ask(String name, int type) {
        ask(name, type, 0);
    }

    private void ask(String name, int type, int trailing) {
        byte[] owner = Name.of(name).wire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(12 + owner.length + 4 + trailing);
            request.set(ValueLayout.JAVA_BYTE, 5, (byte) 1);
            MemorySegment.copy(owner, 0, request, ValueLayout.JAVA_BYTE, 12, owner.length);
            request.set(ValueLayout.JAVA_BYTE, 12 + owner.length, (byte) (type >> 8));
            request.set(ValueLayout.JAVA_BYTE, 13 + owner.length, (byte) type);
            request.set(ValueLayout.JAVA_BYTE, 15 + owner.length, (byte) 1);
            int octets =
                    responder.respond(
                            request,
                            (int) request.byteSize(),
                            arena.allocate(Responder.RESPONSE_OCTETS_MIN),
                            new Client());
            assertTrue(octets >= 12);
        }
    }

    @Test
    void aBadZoneFileIsSeenInTheReloadTheStatusAndTheMetrics() throws Exception {
        serve();
        Path file = folder.resolve("a.test.zone");
        Files.writeString(file, ZONE + "bad A 192.0.2.999\n");
        HttpResponse<String> reload = post("/reload");
        assertEquals(409, reload.statusCode());
        assertTrue(reload.body().startsWith("{\"result\":\"failed\""), reload.body());
        assertTrue(reload.body().contains(file + ":5:7: error: "), reload.body());
        String status = get("/status").body();
        assertTrue(status.contains("\"state\":\"stale\""), status);
        assertTrue(status.contains("\"error\":\"" + file + ":5:7: error: "), status);
        assertTrue(status.contains("\"serial\":42"), status);
        String metrics = get("/metrics").body();
        assertTrue(metrics.contains("dns_zone_problems{zone=\"a.test.\"} 1.0"), metrics);
        assertTrue(metrics.contains("dns_reload_last_result 0.0"), metrics);
        Files.writeString(file, ZONE.replace("42", "43"));
        assertEquals(200, post("/reload").statusCode());
        assertTrue(get("/status").body().contains("\"serial\":43"));
    }

    @Test
    void aRefusedReloadIsDoneWithForce() throws Exception {
        serve();
        Files.writeString(folder.resolve("a.test.zone"), ZONE.replace("42", "1") + hosts(20));
        assertEquals(200, post("/reload").statusCode());
        Files.writeString(folder.resolve("a.test.zone"), ZONE);
        HttpResponse<String> refused = post("/reload");
        assertEquals(409, refused.statusCode());
        assertTrue(refused.body().startsWith("{\"result\":\"refused\""), refused.body());
        assertTrue(get("/metrics").body().contains("dns_reload_refused_total 1.0"));
        assertEquals(200, post("/reload?force=true").statusCode());
    }

    private static String hosts(int count) {
        return "$GENERATE 1-%d h$ A 192.0.2.9%n".formatted(count);
    }

    @Test
    void whatIsNotThereOrNotAllowedIsSaidInASentence() throws Exception {
        HttpResponse<String> missing = get("/statuz");
        assertEquals(404, missing.statusCode());
        assertTrue(missing.body().startsWith("{\"error\":\"there is no '/statuz' here; there is"));
        assertEquals(405, get("/drain").statusCode());
        assertEquals("{\"error\":\"/status takes GET only\"}\n", post("/status").body());
        assertEquals(403, post("/drain", "Origin", "https://example.com").statusCode());
        assertEquals(503, get("/ready").statusCode());
    }

    /// The status line of a request with these headers; HttpClient sets Host by itself.
    private String statusLine(String request, String... headers) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            String text = request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void noPageOfAnotherOriginIsAnswered() throws Exception {
        serve();
        String host = "Host: 127.0.0.1:" + server.address().getPort();
        String own = "Origin: http://127.0.0.1:" + server.address().getPort();
        for (String path : List.of("/health", "/ready", "/metrics", "/status", "/lifeline")) {
            String get = "GET " + path;
            assertEquals("HTTP/1.1 200 OK", statusLine(get, host, own), path);
            for (String foreign :
                    List.of(
                            "Origin: https://evil.example",
                            "Origin: null",
                            "Origin: http://127.0.0.1:1",
                            "Sec-Fetch-Site: cross-site",
                            "Sec-Fetch-Site: same-site",
                            "Upgrade: websocket")) {
                assertEquals(FORBIDDEN, statusLine(get, host, foreign), foreign);
            }
            assertEquals(FORBIDDEN, statusLine(get, "Host: evil.example"), path);
        }
        for (String path : List.of("/drain", "/reload?force=true", "/resume")) {
            String post = "POST " + path;
            assertEquals(FORBIDDEN, statusLine(post, host, "Origin: null", "Content-Length: 0"));
        }
        assertEquals(FORBIDDEN, statusLine("OPTIONS /drain", host, "Origin: https://evil.example"));
        assertEquals(200, get("/ready").statusCode());
    }
}
