package org.anycastdns.daemon.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.daemon.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The admin server and its client over real connections.
@Timeout(60)
class AdminServerTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /// Larger than what two sockets hold.
    private static final int LARGE = 8 << 20;

    @TempDir private Path folder;

    private final AtomicInteger value = new AtomicInteger();
    private final AtomicInteger renderings = new AtomicInteger();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final EventStream stream = new EventStream(() -> event("first"), () -> event("last"));
    private AdminServer server;
    private AdminClient client;

    private static byte[] event(String text) {
        return ("data: " + text + "\n\n").getBytes(StandardCharsets.US_ASCII);
    }

    @BeforeEach
    void start() throws IOException {
        server = start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = client(server.tokenFile().orElseThrow());
    }

    private AdminServer start(InetSocketAddress address) throws IOException {
        AdminPages pages =
                new AdminPages(AdminResponse::jsonError)
                                .small("/value", () -> AdminResponse.text(200, value + "\n"))
                                .small(
                                        "/broken",
                                        () -> {
                                            throw new IllegalStateException("a test");
                                        })
                                .large(
                                        "/large",
                                        AdminResponse.TEXT,
                                        out -> {
                                            renderings.incrementAndGet();
                                            out.write(new byte[LARGE]);
                                        })
                                .large(
                                        "/page",
                                        AdminResponse.TEXT,
                                        out ->
                                                out.write(
                                                        ("" + value)
                                                                .getBytes(
                                                                        StandardCharsets.US_ASCII)))
                                .stream("/stream", stream)
                                .action(
                                        "/add",
                                        request -> {
                                            value.addAndGet(request.flag("twice") ? 2 : 1);
                                            return AdminResponse.text(200, request.body() + "\n");
                                        })
                                .later("/slow", _ -> slowly());
        return AdminServer.start(
                new AdminServer.Settings("test", address, List.of(), folder.resolve("token")),
                pages);
    }

    private CompletableFuture<AdminResponse> slowly() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return AdminResponse.text(409, "at last\n");
        });
    }

    @AfterEach
    void stop() {
        slow.countDown();
        server.close();
    }

    private AdminClient client(Path token) {
        return new AdminClient(
                new AdminClient.Daemon("test", "the test"),
                "127.0.0.1:" + server.address().getPort(),
                token);
    }

    /// A client that finds no token.
    private AdminClient stranger() {
        return new AdminClient(
                new AdminClient.Daemon("admin-server-test", "the test"),
                "127.0.0.1:" + server.address().getPort(),
                null);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    }

    private static Socket send(Socket socket, String request) throws IOException {
        socket.getOutputStream()
                .write(
                        (request + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    @Test
    void everybodyReadsAndOnlyTheOperatorActs() throws Exception {
        assertEquals("0\n", stranger().get("/value", DEADLINE).text());
        IOException refused =
                assertThrows(IOException.class, () -> stranger().post("/add", "", DEADLINE));
        String text = String.valueOf(refused.getMessage());
        assertTrue(text.contains("POST /add needs the operator's token"), text);
        assertTrue(text.contains("$(cat " + folder.resolve("token") + ")"), text);
        assertEquals(0, value.get());
        assertEquals(
                new AdminClient.Reply(200, "why\n"),
                client.post("/add?twice=true", "why", DEADLINE));
        assertEquals("2\n", stranger().get("/value", DEADLINE).text());
    }

    @Test
    void anActionMakesThePagesAnew() throws Exception {
        assertEquals("0", client.get("/page", DEADLINE).text());
        client.post("/add", "", DEADLINE);
        assertEquals("1", client.get("/page", DEADLINE).text());
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        assertEquals(
                Json.object(
                        "error",
                        "there is no '/x' here; there is GET /value, /broken, /large, /page,"
                                + " /stream; POST /add, /slow"),
                client.get("/x", DEADLINE).json());
        assertEquals(405, client.post("/value", "", DEADLINE).status());
        assertEquals(405, client.get("/add", DEADLINE).status());
        assertEquals(413, client.post("/add", "x".repeat(10_000), DEADLINE).status());
        assertEquals(500, client.get("/broken", DEADLINE).status());
        assertEquals(200, client.get("/value", DEADLINE).status());
    }

    @Test
    void severalRequestsUseOneConnection() throws Exception {
        try (Socket socket = connect()) {
            BufferedReader in = reader(socket);
            for (int i = 0; i < 3; i++) {
                send(socket, "GET /value");
                assertEquals("HTTP/1.1 200 OK", in.readLine());
                String line = in.readLine();
                while (!line.isEmpty()) {
                    line = in.readLine();
                }
                assertEquals("0", in.readLine());
            }
            send(socket, "GET /%zz");
            assertEquals("HTTP/1.1 400 Bad Request", in.readLine());
        }
    }

    @Test
    void aSlowActionIsWaitedForWithinTheDeadlineOfTheCommand() throws Exception {
        IOException late =
                assertThrows(
                        IOException.class, () -> client.post("/slow", "", Duration.ofMillis(200)));
        assertTrue(String.valueOf(late.getMessage()).contains("has not answered within"));
        slow.countDown();
        assertEquals(409, client.post("/slow", "", DEADLINE).status());
    }

    @Test
    void strangersCannotKeepTheOperatorOut() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                strangers.add(send(connect(), i % 2 == 0 ? "GET /large" : "GET /stream"));
            }
            for (int i = 0; i < 300; i++) {
                strangers.add(connect());
            }
            // The best of several, because the machine that runs tests has other work too.
            long best = Long.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                assertEquals(200, client.post("/add", "", DEADLINE).status());
                best = Math.min(best, System.nanoTime() - start);
            }
            assertTrue(best < 1_000_000_000, best + " ns for a request");
            assertTrue(renderings.get() <= 25, renderings + " renderings");
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    @Test
    void whoMustMakeRoomIsToldOnAStreamAndTheOperatorIsNotDisplaced() throws Exception {
        String token = TokenFile.header(folder.resolve("token"));
        try (Socket trusted = connect();
                Socket first = send(connect(), "GET /stream")) {
            send(trusted, "GET /stream HTTP/1.1\r\nAuthorization: " + token + "\r\nX: x");
            BufferedReader ours = body(trusted);
            BufferedReader theirs = body(first);
            assertEquals("data: first", ours.readLine());
            assertEquals("data: first", theirs.readLine());
            List<Socket> strangers = new ArrayList<>();
            for (int i = 0; i < Places.STRANGERS_MAX; i++) {
                strangers.add(connect());
            }
            assertEquals("", theirs.readLine());
            assertEquals("data: last", theirs.readLine());
            server.loop().execute(() -> stream.send(event("more")));
            assertEquals("", ours.readLine());
            assertEquals("data: more", ours.readLine());
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    private static BufferedReader body(Socket socket) throws IOException {
        BufferedReader in = reader(socket);
        assertEquals("HTTP/1.1 200 OK", in.readLine());
        String line = in.readLine();
        while (!line.isEmpty()) {
            line = in.readLine();
        }
        return in;
    }

    @Test
    void garbageEndsInAnErrorAndOthersAreServed() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("\u0000\u0001garbage\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        }
        assertEquals(200, client.get("/value", DEADLINE).status());
    }

    @Test
    void aPortInUseByThisUserIsAnError() {
        assertEquals(
                "Address already in use",
                assertThrows(IOException.class, () -> start(server.address())).getMessage());
    }

    @Test
    void aMissingServerAndAWrongAddressAreSaid() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        AdminClient.Daemon daemon = new AdminClient.Daemon("test", "the test");
        AdminClient nobody = new AdminClient(daemon, "127.0.0.1:" + free, null);
        assertEquals(
                "the test does not answer at 127.0.0.1:%d; is it running? --admin HOST:PORT names another address"
                        .formatted(free),
                assertThrows(IOException.class, () -> nobody.get("/value", DEADLINE)).getMessage());
        for (String wrong : List.of("nowhere", "", "a b:1", "127.0.0.1:", "127.0.0.1:1/x")) {
            assertThrows(
                    IllegalArgumentException.class, () -> new AdminClient(daemon, wrong, null));
        }
        assertFalse(server.tokenFile().isEmpty());
    }
}
