package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Tests input from attackers and mistakes of operators. Each gets a clear message or the RFC's
/// error, and other clients are answered meanwhile.
class BadInputIT {

    private static final long SEED = 53;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int IDLE_CONNECTIONS = 1_000;

    @TempDir private Path zones;

    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void garbageDatagramsAndTruncatedQueriesHarmNobody(String engine)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] query = query();
        try (Server server = server("--udp", engine);
                DatagramSocket attacker = new DatagramSocket()) {
            attacker.connect(InetAddress.getLoopbackAddress(), server.port());
            for (int i = 0; i < 10_000; i++) {
                byte[] garbage = new byte[random.nextInt(600)];
                random.nextBytes(garbage);
                attacker.send(new DatagramPacket(garbage, garbage.length));
                if (i % 1_000 == 0) {
                    assertEquals(Server.WWW, www(server), "after " + i + " of seed " + SEED);
                }
            }
            for (int length = 0; length < query.length; length++) {
                attacker.send(new DatagramPacket(query, length));
            }
            assertEquals(Server.WWW, www(server));
            assertTrue(server.program().alive(), server.program()::tail);
        }
    }

    @Test
    void aClientThatSendsOneByteAtATimeIsAnsweredAndSoAreOthersMeanwhile() throws Exception {
        byte[] query = query();
        ByteBuffer framed = ByteBuffer.allocate(query.length + 2);
        framed.putShort((short) query.length).put(query).flip();
        try (Server server = server();
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port());
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            slow.setTcpNoDelay(true);
            slow.setSoTimeout((int) LIMIT.toMillis());
            CompletableFuture<Void> sent = new CompletableFuture<>();
            var _ =
                    clock.scheduleAtFixedRate(
                            () -> {
                                try {
                                    if (framed.hasRemaining()) {
                                        slow.getOutputStream().write(framed.get());
                                        assertEquals(Server.WWW, www(server));
                                    } else {
                                        sent.complete(null);
                                    }
                                } catch (IOException | AssertionError failure) {
                                    sent.completeExceptionally(failure);
                                }
                            },
                            0,
                            200,
                            TimeUnit.MILLISECONDS);
            sent.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            DataInputStream input = new DataInputStream(slow.getInputStream());
            byte[] answer = new byte[input.readUnsignedShort()];
            input.readFully(answer);
            assertEquals(1, new Message(answer).getSection(Section.ANSWER).size());
            clock.shutdownNow();
        }
    }

    @Test
    void aThousandIdleConnectionsDoNotKeepOthersFromBeingAnswered()
            throws IOException, InterruptedException {
        List<Socket> idle = new ArrayList<>();
        try (Server server = server()) {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            assertEquals(Server.WWW, www(server));
            // From another client address, because each address has its own connection limit.
            try (Socket other =
                    new Socket(
                            InetAddress.ofLiteral("127.0.0.1"),
                            server.port(),
                            InetAddress.ofLiteral("127.0.0.2"),
                            0)) {
                other.setSoTimeout((int) LIMIT.toMillis());
                byte[] query = query();
                ByteBuffer framed = ByteBuffer.allocate(query.length + 2);
                framed.putShort((short) query.length).put(query);
                other.getOutputStream().write(framed.array());
                DataInputStream input = new DataInputStream(other.getInputStream());
                byte[] answer = new byte[input.readUnsignedShort()];
                input.readFully(answer);
                assertEquals(1, new Message(answer).getSection(Section.ANSWER).size());
            }
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void strictZonesRefusesABadZoneFileAtTheStartWithEveryProblem()
            throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        Files.writeString(
                zones.resolve("example.net.zone"),
                Server.ZONE + "a IN A 192.0.2.256\nb IN MX ten mail\n");
        Program program = run("--strict-zones");
        assertEquals(2, program.awaitExit(LIMIT), program::tail);
        program.awaitLine("example\\.net\\.zone:6:\\d+", LIMIT);
        program.awaitLine("example\\.net\\.zone:7:\\d+", LIMIT);
    }

    @Test
    void aBadZoneFileIsOneBadZone() throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.net.zone"), Server.ZONE + "a IN A 192.0.2.256\n");
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        try (Server server = Server.start(zones)) {
            server.program().awaitLine("example\\.net\\.zone:6:\\d+", LIMIT);
            assertEquals(Server.WWW, www(server));
            assertEquals("SERVFAIL", server.answer("www.example.net.", Type.A));
            assertTrue(server.page("/metrics").contains("dns_zones_unavailable 1.0"));
            assertTrue(server.page("/status").contains("example.net.zone:6:"));
        }
    }

    @Test
    void aZoneFileThatCannotBeReadIsNamed() throws IOException, InterruptedException {
        // A folder is unreadable as a file even for root, who may read every file.
        Files.createDirectory(zones.resolve("example.com.zone"));
        Program program = run("--strict-zones");
        assertEquals(2, program.awaitExit(LIMIT), program::tail);
        program.awaitLine("example\\.com\\.zone", LIMIT);
    }

    @Test
    void aFolderThatIsNotThereIsAWrongConfiguration() throws IOException, InterruptedException {
        List<String> line =
                Server.arguments(
                        zones.resolve("nowhere"), Repository.freePort(), Repository.freePort());
        Program program = Program.run(LIMIT, line);
        assertEquals(2, program.awaitExit(LIMIT), program::tail);
        program.awaitLine("there is no such folder", LIMIT);
    }

    @Test
    void anEmptyFolderIsServedWhenAZoneComesAndNeverReadyBefore()
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Program program = Program.start(Server.arguments(zones, port, adminPort));
        try (Server server = new Server(program, port, adminPort)) {
            program.awaitLine("no zone is served", LIMIT);
            assertTrue(server.page("/ready").contains("no zone is served"));
            assertEquals("REFUSED", www(server));
            Path draft = Files.writeString(zones.resolve("draft"), Server.ZONE);
            Files.move(draft, zones.resolve("example.com.zone"));
            program.awaitLine("^ready zones=1 ", LIMIT);
            assertEquals(Server.WWW, www(server));
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        int port = Repository.freePort();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Program program =
                    Program.run(LIMIT, Server.arguments(zones, port, Repository.freePort()));
            assertEquals(71, program.awaitExit(LIMIT), program::tail);
            program.awaitLine("127\\.0\\.0\\.1:" + taken.getLocalPort() + ".*in use", LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void aPortInUseForUdpAloneIsNamed(String engine) throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        InetAddress host = InetAddress.ofLiteral("127.0.0.1");
        int port = Repository.freePort();
        try (DatagramSocket taken = new DatagramSocket(port, host)) {
            List<String> line = Server.arguments(zones, port, Repository.freePort());
            line.addAll(List.of("--udp", engine));
            Program program = Program.run(LIMIT, line);
            assertEquals(71, program.awaitExit(LIMIT), program::tail);
            program.awaitLine(
                    "127\\.0\\.0\\.1:"
                            + taken.getLocalPort()
                            + " \\(udp\\): address already in use",
                    LIMIT);
        }
    }

    @Test
    void anEngineThatIsNotThereIsNamed() throws IOException, InterruptedException {
        Program program = run("--udp", "xdp");
        assertEquals(2, program.awaitExit(LIMIT), program::tail);
        program.awaitLine("--udp: engine 'xdp' is not built into this version", LIMIT);
    }

    @Test
    void anUnknownKeyOfTheConfigurationIsNamedWithItsPlace()
            throws IOException, InterruptedException {
        Path file = zones.resolve("server.yaml");
        Files.writeString(file, "identity: it1\nidentiti: it2\n");
        Program program = run("--config", file.toString());
        assertEquals(2, program.awaitExit(LIMIT), program::tail);
        program.awaitLine("server\\.yaml:2:1.*identiti", LIMIT);
    }

    @Test
    void anUnknownFlagIsNamed() throws IOException, InterruptedException {
        Program program = run("--lisen");
        assertEquals(2, program.awaitExit(LIMIT), program::tail);
        program.awaitLine("--lisen", LIMIT);
    }

    private Server server(String... more) throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        return Server.start(zones, more);
    }

    private Program run(String... more) throws IOException, InterruptedException {
        List<String> line = Server.arguments(zones, Repository.freePort(), Repository.freePort());
        line.addAll(List.of(more));
        return Program.run(LIMIT, line);
    }

    private static String www(Server server) throws IOException {
        return server.answer("www.example.com.", Type.A);
    }

    private static byte[] query() throws IOException {
        Name name = Name.fromString("www.example.com.");
        return Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)).toWire();
    }
}
