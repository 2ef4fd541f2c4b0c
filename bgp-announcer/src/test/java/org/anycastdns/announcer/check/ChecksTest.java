package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Each kind of check against a service in this process, good and bad.
class ChecksTest {

    private static final CheckConfig.Terms TERMS = every(Duration.ofMillis(50));
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir private Path folder;
    private final CheckLoop loop = new CheckLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void aDnsServerAnswersWithTheExpectedIdentityCodeAndRecords() throws Exception {
        try (TestResponder server = new TestResponder("ams1")) {
            assertGood(dns(server, CheckConfig.Identity.REQUIRED, List.of()).run(TIMEOUT));
            assertFailed(
                    "no record \"none\" in the answer for example.com. SOA over UDP",
                    dns(server, CheckConfig.Identity.REQUIRED, List.of("none")).run(TIMEOUT));
            server.bend((_, right) -> {
                right.getHeader().setRcode(Rcode.SERVFAIL);
                return right.toWire();
            });
            assertFailed(
                    "SERVFAIL for example.com. SOA over UDP",
                    dns(server, CheckConfig.Identity.REQUIRED, List.of()).run(TIMEOUT));
        }
        try (TestResponder other = new TestResponder("fra1")) {
            assertFailed(
                    "answered by \"fra1\", not \"ams1\" over UDP",
                    dns(other, CheckConfig.Identity.ACCEPTED, List.of()).run(TIMEOUT));
            assertGood(dns(other, CheckConfig.Identity.IGNORED, List.of()).run(TIMEOUT));
        }
    }

    private Check dns(TestResponder server, CheckConfig.Identity identity, List<String> records) {
        List<CheckConfig.Transport> both =
                List.of(CheckConfig.Transport.UDP, CheckConfig.Transport.TCP);
        CheckConfig.Dns config = dnsConfig(server.address(), both, identity, records);
        DnsCheck check = new DnsCheck(config, "ams1");
        return new BothWays(check, new DnsQueries(check, config, loop), loop);
    }

    private static CheckConfig.Dns dnsConfig(
            InetSocketAddress server,
            List<CheckConfig.Transport> transports,
            CheckConfig.Identity identity,
            List<String> records) {
        return new CheckConfig.Dns(
                server,
                transports,
                853,
                certificate(),
                List.of(Name.fromConstantString("example.com.")),
                new CheckConfig.RecordType(Type.SOA),
                CheckConfig.Rcode.NOERROR,
                records,
                false,
                identity,
                null,
                true,
                TERMS);
    }

    /// The names in the data come with the case of the question's name if they are compressed.
    @Test
    void theCaseOfNamesInExpectedRecordsDoesNotMatter() throws Exception {
        String soa = "example.com. example.com. 1 2 3 4 5";
        try (TestResponder server = new TestResponder("ams1")) {
            assertGood(dns(server, CheckConfig.Identity.REQUIRED, List.of(soa)).run(TIMEOUT));
            assertInstanceOf(
                    CheckResult.Failed.class,
                    dns(server, CheckConfig.Identity.REQUIRED, List.of(soa + "0")).run(TIMEOUT));
        }
    }

    @Test
    void aTcpPortListensOrDoesNot() throws Exception {
        InetSocketAddress address;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) server.getLocalSocketAddress();
            assertGood(tcp(address).run(TIMEOUT));
        }
        assertFailed(
                "nothing listens at 127.0.0.1:" + address.getPort(), tcp(address).run(TIMEOUT));
    }

    private Check tcp(InetSocketAddress address) {
        CheckConfig.Tls none = new CheckConfig.Tls(false, certificate());
        CheckConfig.Tcp config = new CheckConfig.Tcp(address, none, TERMS);
        return new BothWays(null, new TcpConnect(config, loop), loop);
    }

    private static CheckConfig.Certificate certificate() {
        return new CheckConfig.Certificate(CheckConfig.Trust.USUAL, 3);
    }

    @Test
    void anHttpServerAnswersWithTheExpectedStatusAndText() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/health",
                exchange -> {
                    byte[] body = "all is ok".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (HttpClients clients = new HttpClients()) {
            assertGood(bothHttp(url + "/health", 200, "ok", clients).run(TIMEOUT));
            assertFailed(
                    url + "/health answers HTTP status 200, not 204",
                    bothHttp(url + "/health", 204, null, clients).run(TIMEOUT));
            assertFailed(
                    "the response of " + url + "/health does not contain \"fine\"",
                    bothHttp(url + "/health", 200, "fine", clients).run(TIMEOUT));
            assertFailed(
                    url + "/ answers HTTP status 404, not 200",
                    bothHttp(url + "/", 200, null, clients).run(TIMEOUT));
            server.stop(0);
            assertFailed(
                    "nothing listens at " + url + "/health",
                    bothHttp(url + "/health", 200, "ok", clients).run(TIMEOUT));
        }
    }

    private Check bothHttp(String url, int status, @Nullable String contains, HttpClients clients) {
        HttpCheck check = http(url, status, contains, clients);
        return new BothWays(
                check, new HttpGet(check, httpConfig(url, status, contains), loop), loop);
    }

    private static HttpCheck http(
            String url, int status, @Nullable String contains, HttpClients clients) {
        return new HttpCheck(httpConfig(url, status, contains), clients);
    }

    private static CheckConfig.Http httpConfig(String url, int status, @Nullable String contains) {
        return new CheckConfig.Http(
                new CheckConfig.Url(URI.create(url)),
                status,
                contains,
                CheckConfig.HttpVersion.AUTO,
                certificate(),
                TERMS);
    }

    @Test
    void aCommandHasTheExitCodesOfMonitoringPlugins() throws Exception {
        assertGood(command("true").run(TIMEOUT));
        assertEquals(
                new CheckResult.Warned("exit code 1: NTP WARNING: offset 2 s"),
                command("sh", "-c", "echo NTP WARNING: offset 2 s; echo more; exit 1")
                        .run(TIMEOUT));
        assertFailed("exit code 2: no output", command("sh", "-c", "exit 2").run(TIMEOUT));
        assertTrue(
                command("/nothing/here")
                        .run(TIMEOUT)
                        .text()
                        .startsWith("cannot run /nothing/here"));
    }

    @Test
    void aCommandThatHangsIsKilledAndOneThatTalksTooMuchIsNotKeptWaiting() throws Exception {
        assertFailed(
                "sh was killed after 100 ms",
                command("sh", "-c", "while true; do read x; sleep 60; done")
                        .run(Duration.ofMillis(100)));
        assertGood(command("head", "-c", "10000000", "/dev/zero").run(TIMEOUT));
    }

    private static CommandCheck command(String... run) {
        return new CommandCheck(new CheckConfig.Command(List.of(run), TERMS));
    }

    @Test
    void theEndOfAProcessIsToldAtOnceAndItsSuccessorIsFollowed() throws Exception {
        Path pidfile = folder.resolve("nsd.pid");
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        CheckConfig.PidFile config = new CheckConfig.PidFile(pidfile, every(Duration.ofHours(1)));
        Process first = new ProcessBuilder("sleep", "600").start();
        Process second = new ProcessBuilder("sleep", "600").start();
        try (ProcessWatch watch = new ProcessWatch()) {
            Files.writeString(pidfile, first.pid() + "\n");
            watch.add(config, told::add);
            watch.start();
            assertInstanceOf(CheckResult.Good.class, next(told));
            first.destroyForcibly();
            assertEquals(
                    new CheckResult.Failed(
                            "process %d of %s has ended".formatted(first.pid(), pidfile), true),
                    next(told));
            Files.writeString(pidfile, second.pid() + "\n");
            assertInstanceOf(CheckResult.Good.class, next(told));
            second.destroyForcibly();
            assertTrue(next(told).text().contains("has ended"));
        } finally {
            first.destroyForcibly();
            second.destroyForcibly();
        }
    }

    @Test
    void aPidFileThatIsMissingOrNoPidFileIsAClearSentence() throws Exception {
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        Path missing = folder.resolve("missing.pid");
        Path wrong = Files.writeString(folder.resolve("wrong.pid"), "no number");
        try (ProcessWatch watch = new ProcessWatch()) {
            watch.add(new CheckConfig.PidFile(missing, TERMS), told::add);
            watch.start();
            assertFailed("there is no file " + missing, next(told));
        }
        told.clear();
        Process ended = run("true");
        ended.waitFor();
        Path stale = Files.writeString(folder.resolve("stale.pid"), ended.pid() + "\n");
        try (ProcessWatch watch = new ProcessWatch()) {
            watch.add(new CheckConfig.PidFile(stale, TERMS), told::add);
            watch.start();
            assertTrue(next(told).text().startsWith(stale + " names process "), told::toString);
        }
        told.clear();
        try (ProcessWatch watch = new ProcessWatch()) {
            watch.add(new CheckConfig.PidFile(wrong, TERMS), told::add);
            watch.start();
            assertTrue(next(told).text().startsWith("cannot read " + wrong), told::toString);
        }
    }

    @Test
    void theEndOfALifelineIsToldAtOnce() throws Exception {
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        try (TestLifeline lifeline = new TestLifeline(0);
                LifelineCheck check =
                        new LifelineCheck(
                                new CheckConfig.Lifeline(
                                        lifeline.uri(), CheckConfig.Trust.USUAL, TERMS),
                                "ams1",
                                told::add)) {
            assertFailed("lifeline: not connected yet", check.run(TIMEOUT));
            check.start();
            while (!(check.run(TIMEOUT) instanceof CheckResult.Good)) {
                Thread.onSpinWait();
            }
            lifeline.die();
            assertInstanceOf(CheckResult.Failed.class, next(told));
        }
    }

    @Test
    void aCheckThatHangsHasFailedAfterItsTimeoutAndOnlyOneHangs() throws Exception {
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        Check hangs =
                _ -> {
                    begun.add("begun");
                    while (end.getCount() > 0) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    return new CheckResult.Good(1);
                };
        try (AutoCloseable _ =
                repeated(hangs, everyFiftyMillis(Duration.ofMillis(50)), told::add, _ -> {})) {
            for (int i = 0; i < 3; i++) {
                assertFailed("no result within 50 ms", next(told));
            }
            assertEquals(1, begun.size());
            end.countDown();
            CheckResult result = next(told);
            while (!(result instanceof CheckResult.Good)) {
                result = next(told);
            }
        }
    }

    @Test
    void aBugOfACheckIsAFailure() throws Exception {
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        Check bug =
                _ -> {
                    throw new IllegalStateException("a bug");
                };
        try (AutoCloseable _ = repeated(bug, everyFiftyMillis(TIMEOUT), told::add, _ -> {})) {
            assertFailed("internal error: java.lang.IllegalStateException: a bug", next(told));
        }
    }

    @Test
    void latenessIsReportedForEveryRun() throws Exception {
        BlockingQueue<Duration> late = new LinkedBlockingQueue<>();
        Check slow =
                _ -> {
                    run("sleep", "0.2").waitFor();
                    return new CheckResult.Good(1);
                };
        try (AutoCloseable _ = repeated(slow, everyFiftyMillis(TIMEOUT), _ -> {}, late::add)) {
            Duration first = Objects.requireNonNull(late.poll(20, TimeUnit.SECONDS));
            Duration second = Objects.requireNonNull(late.poll(20, TimeUnit.SECONDS));
            assertTrue(first.compareTo(second) < 0, first + " " + second);
            assertTrue(second.toMillis() >= 100, second::toString);
        }
    }

    /// A program that ignores SIGTERM and has a child.
    @Test
    void aCommandThatWillNotEndIsKilledAtEachRunAndNothingOfItStays() throws Exception {
        Path pids = folder.resolve("pids");
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        BlockingQueue<Duration> late = new LinkedBlockingQueue<>();
        CommandCheck stubborn =
                command(
                        "sh",
                        "-c",
                        "trap '' TERM HUP INT; echo $$ >>" + pids + "; while :; do sleep 1; done");
        // The check must notice first, on a busy machine too.
        Repeated.Pace pace =
                new Repeated.Pace(
                        Duration.ofMillis(50), Duration.ofMillis(300), Duration.ofSeconds(20));
        try (AutoCloseable _ = repeated(stubborn, pace, told::add, late::add)) {
            for (int i = 0; i < 3; i++) {
                assertFailed("sh was killed after 300 ms", next(told));
            }
        }
        assertFalse(late.isEmpty(), "each run tells how late it began");
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(process -> process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void aServerThatTakesTheConnectionAndNeverAnswersHasFailedAfterTheTimeout() throws Exception {
        Duration timeout = Duration.ofMillis(200);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpClients clients = new HttpClients()) {
            InetSocketAddress address = (InetSocketAddress) silent.getLocalSocketAddress();
            String url = "http://127.0.0.1:" + address.getPort() + "/";
            Check dns =
                    new DnsCheck(
                            dnsConfig(
                                    address,
                                    List.of(CheckConfig.Transport.TCP),
                                    CheckConfig.Identity.IGNORED,
                                    List.of()),
                            "ams1");
            assertFailedInTime("within 200 ms", dns, timeout);
            assertFailedInTime("within 200 ms", http(url, 200, null, clients), timeout);
        }
    }

    /// A server whose headers come at once, and whose page never ends.
    @Test
    void anHttpPageThatNeverEndsHasFailedAfterTheTimeout() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpClients clients = new HttpClients()) {
            Thread.ofVirtual().start(() -> promise(server));
            assertFailedInTime(
                    "no result within 1000 ms",
                    http("http://127.0.0.1:" + server.getLocalPort() + "/", 200, "ok", clients),
                    Duration.ofSeconds(1));
        }
    }

    private static void promise(ServerSocket server) {
        byte[] begun =
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\no".getBytes(StandardCharsets.UTF_8);
        try {
            while (true) {
                Socket socket = server.accept();
                socket.getOutputStream().write(begun);
                Thread.ofVirtual().start(() -> hold(socket));
            }
        } catch (IOException _) {
            return; // the test has ended
        }
    }

    /// Keeps a connection open until the other end closes it.
    private static void hold(Socket socket) {
        try (socket) {
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            return; // it was closed the hard way
        }
    }

    /// Asserts that each of several runs has failed, one interval after the other.
    ///
    /// @param text a part of the reason
    private static void assertFailedInTime(String text, Check check, Duration timeout)
            throws Exception {
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        BlockingQueue<Duration> late = new LinkedBlockingQueue<>();
        try (AutoCloseable _ = repeated(check, everyFiftyMillis(timeout), told::add, late::add)) {
            for (int i = 0; i < 3; i++) {
                CheckResult result = next(told);
                assertInstanceOf(CheckResult.Failed.class, result);
                assertTrue(result.text().contains(text), result::text);
            }
        }
        assertFalse(late.isEmpty(), "each run tells how late it began");
    }

    private static CheckConfig.Terms every(Duration interval) {
        CheckConfig.Turn turn = new CheckConfig.Turn(1, 1);
        return new CheckConfig.Terms(null, interval, null, turn, CheckConfig.Weight.HARD);
    }

    private static Repeated.Pace everyFiftyMillis(Duration timeout) {
        return new Repeated.Pace(Duration.ofMillis(50), timeout);
    }

    /// Starts to run a check.
    private static AutoCloseable repeated(
            Check check,
            Repeated.Pace pace,
            Consumer<CheckResult> sink,
            Checks.CheckLateness lateness) {
        Repeated repeated = new Repeated("check web/tested", check, pace, sink, lateness);
        CheckWatch watch = new CheckWatch();
        watch.add(repeated);
        watch.start();
        repeated.start();
        return () -> {
            repeated.close();
            watch.close();
        };
    }

    private static Process run(String... command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static CheckResult next(BlockingQueue<CheckResult> told) throws InterruptedException {
        return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
    }

    private static void assertGood(CheckResult result) {
        assertInstanceOf(CheckResult.Good.class, result, result.text());
    }

    private static void assertFailed(String text, CheckResult result) {
        assertInstanceOf(CheckResult.Failed.class, result);
        assertEquals(text, result.text());
    }
}
