package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.admin.AdminClient.Reply;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What other users of the host can do to a site by its admin ports: read, and nothing else. The
/// built programs run, the responder with many zones.
class StrangersIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// Zones, so that a page has some megabytes.
    private static final int ZONES = 20_000;

    /// Clients that ask for the page and do not read it.
    private static final int UNREAD = 250;

    /// Clients that ask for the page again and again.
    private static final int LOOPING = 20;

    /// Clients that hold a lifeline.
    private static final int LIFELINES = 256;

    /// Requests of the operator meanwhile. The best one counts, because the machine that runs tests
    /// has other work too.
    private static final int TRIES = 3;

    /// How many times slower the operator may be served: strangers may take processor time from the
    /// operator, on two cores the most of it, but no place.
    private static final int SLOWER_MAX = 8;

    private static final long SECOND_NANOS = 1_000_000_000;

    private static final String ZONE =
            "@ 300 IN SOA ns hostmaster 1 3600 600 604800 300\n@ 300 IN NS ns.example.net.\n";

    @TempDir private Path folder;

    private final int port;
    private final int admin;
    private final List<Socket> sockets = new ArrayList<>();

    StrangersIT() throws IOException {
        port = Repository.freePort();
        admin = Repository.freePort();
    }

    private Program responder(Path zones) throws IOException {
        return Program.start(
                Pop.responderCommand(
                        zones, "127.0.0.1:" + port, "ams1", "--admin", "127.0.0.1:" + admin));
    }

    private Site site() throws IOException, InterruptedException {
        return new Site(
                folder,
                "ams1",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                URI.create("http://127.0.0.1:" + admin + "/lifeline"),
                "",
                "",
                Site.PROGRAM);
    }

    private AdminClient operator() {
        return new AdminClient(
                new AdminClient.Daemon("dns-server", "the responder"), "127.0.0.1:" + admin, null);
    }

    @Test
    void theyTakeNothingFromTheOperatorAndTheAnnouncer() throws Exception {
        Path zones = Files.createDirectory(folder.resolve("zones"));
        for (int i = 0; i < ZONES; i++) {
            Files.writeString(zones.resolve("zone" + i + ".example.zone"), ZONE);
        }
        AtomicBoolean over = new AtomicBoolean();
        try (Program responder = responder(zones)) {
            responder.awaitLine("^ready", LIMIT);
            try (Site site = site()) {
                site.wire.await(Change.ANNOUNCED, LIMIT);
                Waits alone = operatorIsAnswered();
                attack(over);
                Waits crowded = operatorIsAnswered();
                assertHardlySlower("status", alone.status, crowded.status);
                assertHardlySlower("reload", alone.reload, crowded.reload);
                assertEquals(0, site.wire.count(Change.WITHDRAWN), site.announcer::tail);
                assertTrue(responder.alive(), responder::tail);
                assertFalse(responder.text(Stream.ERR).contains("OutOfMemory"), responder::tail);
            }
        } finally {
            over.set(true);
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private void attack(AtomicBoolean over) throws IOException {
        for (int i = 0; i < UNREAD; i++) {
            send(connect(), "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        for (int i = 0; i < LIFELINES; i++) {
            send(connect(), "GET /lifeline HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        for (int i = 0; i < LOOPING; i++) {
            Thread _ =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (!over.get()) {
                                    askAndRead();
                                }
                            });
            send(connect(), "GET /status HT");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void askAndRead() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin)) {
            send(socket, "GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            byte[] buffer = new byte[1 << 16];
            while (socket.getInputStream().read(buffer) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            // It had to make room for another client.
            Thread.onSpinWait();
        }
    }

    /// How long the operator waits, at best.
    private record Waits(long status, long reload) {}

    private Waits operatorIsAnswered() throws IOException, InterruptedException {
        long status = Long.MAX_VALUE;
        long reload = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            Reply page = operator().get("/status", LIMIT);
            status = Math.min(status, System.nanoTime() - start);
            assertEquals(ZONES, ((List<?>) page.json().getOrDefault("zones", List.of())).size());
            start = System.nanoTime();
            Reply done = operator().post("/reload", "", LIMIT);
            reload = Math.min(reload, System.nanoTime() - start);
            assertEquals(200, done.status(), done.text());
        }
        return new Waits(status, reload);
    }

    private static void assertHardlySlower(String what, long alone, long crowded) {
        System.out.printf(
                "%s: %d ms alone, %d ms among strangers%n",
                what, alone / 1_000_000, crowded / 1_000_000);
        assertTrue(
                crowded < SLOWER_MAX * alone + SECOND_NANOS,
                "%s: %d ns alone, %d ns among strangers".formatted(what, alone, crowded));
    }

    /// Another user listens on the admin port before the responder starts.
    @Test
    void aTakenAdminPortKeepsNeitherTheResponderNorTheSiteDown() throws Exception {
        try (Program holder =
                Program.start(
                        List.of(
                                Tools.require("setpriv"),
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                // A web server that every JDK has. It knows no page of ours.
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-m",
                                "jdk.httpserver",
                                "-b",
                                "127.0.0.1",
                                "-p",
                                "" + admin,
                                "-d",
                                "/"))) {
            holder.awaitLine("^URL http://127.0.0.1", LIMIT);
            try (Program responder = responder(Repository.root().resolve("zones"))) {
                responder.awaitLine("^ready", LIMIT);
                responder.awaitLine(
                        "ERROR .*user 65534 of this host holds 127.0.0.1:" + admin, LIMIT);
                try (Site site = site()) {
                    site.wire.await(Change.DEPREFERENCED, LIMIT);
                    holder.signal(Program.Signal.KILL);
                    responder.awaitLine("admin HTTP listens on 127.0.0.1:" + admin, LIMIT);
                    site.wire.await(Change.ANNOUNCED, LIMIT);
                    assertEquals(0, site.wire.count(Change.WITHDRAWN));
                }
                assertEquals(200, operator().post("/drain", "", LIMIT).status());
                Path token = tokenFile();
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(token)));
                responder.signal(Program.Signal.TERM);
                assertEquals(0, responder.awaitExit(LIMIT));
                assertFalse(Files.exists(token), "the token goes with its run");
            }
        }
    }

    /// Where a daemon that root runs leaves its token.
    private Path tokenFile() throws InterruptedException {
        return Eventually.seen(
                "token",
                LIMIT,
                () -> Path.of("/run/anycast-dns", "dns-server-" + admin + ".token"),
                Files::exists);
    }
}
