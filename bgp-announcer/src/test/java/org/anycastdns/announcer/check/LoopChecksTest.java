package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// Checks on the event loop, again and again, against servers that are silent, slow, or of few
/// words.
class LoopChecksTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    private final CheckLoop loop = new CheckLoop();
    private final HttpClients clients = new HttpClients();
    private final AtomicInteger connections = new AtomicInteger();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        clients.close();
        loop.close();
    }

    /// What the server does with a connection, after each request of which it has read the headers.
    private interface Answer {

        /// Returns whether the connection stays open.
        boolean to(int request, Socket socket) throws IOException;
    }

    private void serve(Answer answer) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            Socket socket = server.accept();
                            connections.incrementAndGet();
                            Thread.ofVirtual().start(() -> talk(socket, answer));
                        }
                    } catch (IOException _) {
                        return; // the test has ended
                    }
                });
    }

    private void talk(Socket socket, Answer answer) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder request = new StringBuilder();
            int count = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                request.append(line).append('\n');
                if (line.isEmpty()) {
                    requests.add(request.toString());
                    request.setLength(0);
                    if (!answer.to(++count, socket)) {
                        return;
                    }
                }
            }
        } catch (IOException _) {
            return; // it was closed the hard way
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Check http(String path, String contains) {
        String url = "http://127.0.0.1:" + server.getLocalPort() + path;
        return new BothWays(null, get(url, contains), loop);
    }

    private HttpGet get(String url, String contains) {
        CheckConfig.Http config =
                new CheckConfig.Http(
                        new CheckConfig.Url(URI.create(url)),
                        200,
                        contains,
                        CheckConfig.HttpVersion.AUTO,
                        new CheckConfig.Certificate(CheckConfig.Trust.USUAL, 3),
                        terms());
        return new HttpGet(new HttpCheck(config, clients), config, loop);
    }

    private static CheckConfig.Terms terms() {
        CheckConfig.Turn turn = new CheckConfig.Turn(1, 1);
        return new CheckConfig.Terms(null, null, null, turn, CheckConfig.Weight.HARD);
    }

    @Test
    void aRequestNamesItsHostAndAConnectionIsUsedAgain() throws Exception {
        serve((_, socket) -> {
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            return true;
        });
        Check check = http("/health?deep=1", "ok");
        for (int i = 0; i < 3; i++) {
            CheckResult result = check.run(TIMEOUT);
            assertInstanceOf(CheckResult.Good.class, result, result::text);
        }
        assertEquals(1, connections.get());
        assertEquals(
                "GET /health?deep=1 HTTP/1.1\nHost: 127.0.0.1:%d\nUser-Agent: bgp-announcer\n\n"
                        .formatted(server.getLocalPort()),
                requests.take());
    }

    @Test
    void aConnectionThatTheServerEndsIsMadeAgain() throws Exception {
        serve((request, socket) -> {
            if (request == 1) {
                say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
            return request == 1;
        });
        Check check = http("/", "ok");
        for (int i = 1; i <= 3; i++) {
            CheckResult result = check.run(TIMEOUT);
            assertInstanceOf(CheckResult.Good.class, result, result::text);
            assertEquals(i, connections.get());
        }
    }

    @Test
    void everyWayToEndAResponseIsUnderstood() throws Exception {
        List<String> responses =
                List.of(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
                        "HTTP/1.0 200 OK\r\n\r\nok",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\nok" + "x".repeat(69_998));
        for (String response : responses) {
            try (ServerSocket own = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                server.close();
                server = own;
                serve((_, socket) -> {
                    say(socket, response);
                    return false;
                });
                CheckResult result = http("/", "ok").run(TIMEOUT);
                assertInstanceOf(CheckResult.Good.class, result, response);
            }
        }
    }

    @Test
    void aResponseThatIsNoneOrEndsTooSoonIsAFailure() throws Exception {
        List<String> responses =
                List.of(
                        "",
                        "hello\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\no",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                        "HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\n\r\n");
        for (String response : responses) {
            try (ServerSocket own = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                server.close();
                server = own;
                serve((_, socket) -> {
                    say(socket, response);
                    return false;
                });
                String text = http("/", "ok").run(TIMEOUT).text();
                assertTrue(text.startsWith("cannot get http://127.0.0.1:"), text);
            }
        }
    }

    @Test
    void aServerThatNeverAnswersHasFailedAfterEachTimeout() throws Exception {
        InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
        String url = "http://127.0.0.1:" + address.getPort() + "/";
        assertFailsAgain("no response from " + url + " within 150 ms", get(url, "ok"));
        assertFailsAgain("no answer within 150 ms over TCP", dns(CheckConfig.Transport.TCP));
        assertFailsAgain(
                "nothing listens at 127.0.0.1:" + address.getPort() + " over UDP",
                dns(CheckConfig.Transport.UDP));
    }

    @Test
    void aPageThatNeverEndsHasFailedAfterEachTimeout() throws Exception {
        serve((_, socket) -> {
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\no");
            return true;
        });
        String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
        assertFailsAgain("no result within 150 ms", get(url, "ok"));
    }

    @Test
    void aCheckThatHangsIsCanceledAndOneThatThrowsIsABug() throws Exception {
        AtomicInteger canceled = new AtomicInteger();
        assertFailsAgain(
                "no result within 150 ms",
                new LoopCheck() {
                    @Override
                    public void begin(Duration timeout, Consumer<CheckResult> done) {}

                    @Override
                    public void cancel() {
                        canceled.incrementAndGet();
                    }
                });
        assertTrue(canceled.get() >= 3, canceled::toString);
        assertFailsAgain(
                "internal error: java.lang.IllegalStateException: a bug",
                new LoopCheck() {
                    @Override
                    public void begin(Duration timeout, Consumer<CheckResult> done) {
                        throw new IllegalStateException("a bug");
                    }

                    @Override
                    public void cancel() {}
                });
    }

    /// Netty may read once more after the handler that ends a check.
    @Test
    void aSocketIsClosedAfterWhatReadsFromIt() throws Exception {
        CompletableFuture<Boolean> open = new CompletableFuture<>();
        CompletableFuture<Channel> closed = new CompletableFuture<>();
        loop.execute(() -> {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            Channel channel = loop.datagrams(address).channel();
            channel.closeFuture().addListener(_ -> closed.complete(channel));
            loop.close(channel);
            open.complete(channel.isOpen());
        });
        assertTrue(open.get(20, TimeUnit.SECONDS));
        assertFalse(closed.get(20, TimeUnit.SECONDS).isOpen());
    }

    private DnsQueries dns(CheckConfig.Transport transport) {
        CheckConfig.Dns config =
                new CheckConfig.Dns(
                        (InetSocketAddress) server.getLocalSocketAddress(),
                        List.of(transport),
                        853,
                        new CheckConfig.Certificate(CheckConfig.Trust.USUAL, 3),
                        List.of(Name.fromConstantString("example.com.")),
                        new CheckConfig.RecordType(Type.SOA),
                        CheckConfig.Rcode.NOERROR,
                        List.of(),
                        false,
                        CheckConfig.Identity.IGNORED,
                        null,
                        true,
                        terms());
        return new DnsQueries(new DnsCheck(config, "ams1"), config, loop);
    }

    /// Asserts that each of several runs has failed, one after the other.
    private void assertFailsAgain(String text, LoopCheck check) throws Exception {
        BlockingQueue<CheckResult> told = new LinkedBlockingQueue<>();
        BlockingQueue<Duration> late = new LinkedBlockingQueue<>();
        Repeated.Pace pace = new Repeated.Pace(Duration.ofMillis(50), SHORT);
        try (Paced paced = new Paced("check web/tested", check, pace, told::add, late::add, loop)) {
            paced.start();
            for (int i = 0; i < 3; i++) {
                CheckResult result =
                        Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
                assertEquals(new CheckResult.Failed(text), result);
            }
        }
        assertTrue(late.size() >= 3, "each run tells how late it began");
    }
}
