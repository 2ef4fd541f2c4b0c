package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Measures what checks cost: the CPU time of the built announcer with 200 checks of 50 services at
/// 1 s intervals, of four kinds, all of them good. The servers are in this process.
/// `deploy/measure` makes more runs.
@Tag("measure")
class ChecksMeasureIT {

    private static final Duration LIMIT = Site.LIMIT;
    private static final int SERVICES = 50;
    private static final int CHECKS = 4 * SERVICES;

    /// By then the JVM has compiled what runs often: the compiler is busy for some four minutes.
    private static final Duration WARM_UP = Duration.ofMinutes(5);

    /// One run: many runs of each check.
    private static final Duration RUN = Duration.ofSeconds(20);

    @TempDir private Path folder;

    @Test
    void twoHundredChecksASecond() throws IOException, InterruptedException {
        Distribution cost =
                new Distribution("200 checks of 50 services at 1 s, CPU per second, ms", 50);
        HttpServer http = http();
        try (Wire wire = new Wire();
                TestResponder dns = new TestResponder("ams1");
                ServerSocket tcp = accepting()) {
            int admin = Repository.freePort();
            Path configuration =
                    Files.writeString(
                            folder.resolve("ams1.yaml"),
                            configuration(
                                    wire.port(),
                                    admin,
                                    dns.address().getPort(),
                                    tcp.getLocalPort(),
                                    http.getAddress().getPort()));
            try (Program announcer = Program.start(Programs.announcerCommand(configuration))) {
                announcer.awaitLine("^ready", LIMIT);
                wire.await(Change.ANNOUNCED, LIMIT);
                LockSupport.parkNanos(WARM_UP.toNanos());
                long runs = sum(admin, "anycast_checks_total{");
                for (int run = 0; run < Distribution.RUNS; run++) {
                    cost.took(perSecond(announcer.pid()));
                }
                cost.judge();
                double expected = (double) CHECKS * Distribution.RUNS * RUN.toSeconds();
                long done = sum(admin, "anycast_checks_total{") - runs;
                assertTrue(done >= 0.95 * expected, () -> done + " of " + expected);
                assertTrue(sum(admin, "anycast_check_up{") >= 0.95 * CHECKS, announcer::tail);
            }
        } finally {
            http.stop(0);
        }
    }

    /// Returns the CPU time that a process uses in a second, on average over a run, in nanoseconds.
    private static long perSecond(long pid) {
        long start = System.nanoTime();
        Duration before = used(pid);
        LockSupport.parkNanos(RUN.toNanos());
        long nanos = used(pid).minus(before).toNanos();
        return (long) (1e9 * nanos / (System.nanoTime() - start));
    }

    private static Duration used(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    /// Returns the sum of a metric over all its labels.
    private static long sum(int admin, String metric) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + admin + "/metrics");
            String text =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body();
            return text.lines()
                    .filter(line -> line.startsWith(metric))
                    .mapToLong(line ->
                            (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    private static String configuration(int bgp, int admin, int dns, int tcp, int http) {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                identity: ams1
                router-id: 198.51.100.2
                local-as: 65010
                neighbors: [{address: 127.0.0.1, port: %d, remote-as: 65001}]
                admin: "127.0.0.1:%d"
                allow-unusual-prefixes: true
                services:
                """
                        .formatted(bgp, admin));
        for (int i = 0; i < SERVICES; i++) {
            text.append(
                    """
                      - name: service-%1$d
                        prefixes: ["%2$s"]
                        checks:
                          - dns: {server: "127.0.0.1:%3$d", names: [example.com], interval: 1s,
                                  timeout: 900ms}
                          - dns: {server: "127.0.0.1:%3$d", names: [example.net], interval: 1s,
                                  timeout: 900ms, transports: udp}
                          - tcp: {address: "127.0.0.1:%4$d"}
                          - http: {url: "http://127.0.0.1:%5$d/health", contains: ok}
                    """
                            .formatted(
                                    i,
                                    i == 0 ? "192.0.2.0/24" : "203.0.113." + i + "/32",
                                    dns,
                                    tcp,
                                    http));
        }
        return text.toString();
    }

    private static HttpServer http() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        byte[] body = "ok".getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/health",
                exchange -> {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return server;
    }

    /// Returns a port at which connections are accepted and closed, until it is closed.
    private static ServerSocket accepting() throws IOException {
        ServerSocket server = new ServerSocket(0, CHECKS, InetAddress.getLoopbackAddress());
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        while (true) {
                            server.accept().close();
                        }
                    } catch (IOException _) {
                        return; // the test has ended
                    }
                });
        return server;
    }
}
