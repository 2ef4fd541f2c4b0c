package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests peers that do not speak BGP, and operators' typos. Each gets the RFC's error or a clear
/// message, and the program keeps running.
class BadPeerIT {

    private static final long SEED = 4271;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int OPEN = 1;
    private static final int NOTIFICATION = 3;

    @TempDir private Path folder;

    @Test
    void theCollectorAnswersGarbageWithTheErrorAndGoesOnListening()
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        try (Program collector = collect(port)) {
            collector.awaitLine("^ready", LIMIT);
            for (int round = 0; round < 3; round++) {
                try (Socket peer = connect(port)) {
                    peer.getOutputStream().write(garbage(SEED + round));
                    assertConnectionNotSynchronized(peer);
                }
            }
            try (Socket peer = connect(port)) {
                peer.getOutputStream().write(header(18, OPEN));
                // RFC 4271 section 6.1: Bad Message Length, with the length.
                byte[] notification = notification(new DataInputStream(peer.getInputStream()));
                assertArrayEquals(new byte[] {1, 2, 0, 18}, notification);
            }
            assertTrue(collector.alive(), collector::tail);
            collector.signal(Signal.TERM);
            assertEquals(0, collector.awaitExit(LIMIT), collector::tail);
        }
    }

    @Test
    void theAnnouncerAnswersGarbageWithTheErrorSaysSoAndConnectsAgain()
            throws IOException, InterruptedException {
        try (ServerSocket router = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Program announcer = announcer("", router.getLocalPort())) {
            router.setSoTimeout((int) LIMIT.toMillis());
            for (int round = 0; round < 2; round++) {
                int mark = announcer.mark();
                try (Socket peer = router.accept()) {
                    peer.setSoTimeout((int) LIMIT.toMillis());
                    peer.getOutputStream().write(garbage(SEED + round));
                    assertConnectionNotSynchronized(peer);
                }
                announcer.awaitLine(mark, "127\\.0\\.0\\.1.*(?i:not synchronized)", LIMIT);
            }
            assertTrue(announcer.alive(), announcer::tail);
        }
    }

    @Test
    void anUnknownKeyOfTheConfigurationIsNamedWithItsPlace()
            throws IOException, InterruptedException {
        try (Program announcer = announcer("prefixs: []\n", 1790)) {
            assertEquals(2, announcer.awaitExit(LIMIT), announcer::tail);
            announcer.awaitLine("announcer\\.yaml:1:1.*prefixs", LIMIT);
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Program collector = collect(taken.getLocalPort())) {
            assertEquals(2, collector.awaitExit(LIMIT), collector::tail);
            collector.awaitLine("127\\.0\\.0\\.1:" + taken.getLocalPort() + ".*in use", LIMIT);
        }
    }

    private static Program collect(int port) throws IOException {
        return Program.start(
                List.of(
                        Repository.launcher("bgp-announcer"),
                        "collect",
                        "--listen",
                        "127.0.0.1:" + port));
    }

    private Program announcer(String firstLines, int port) throws IOException {
        int responder = Repository.freePort();
        String lifeline = "http://127.0.0.1:" + Repository.freePort() + "/lifeline";
        Path configuration =
                Files.writeString(
                        folder.resolve("announcer.yaml"),
                        firstLines
                                + TestConfig.onLoopback(
                                        port, responder, lifeline, "", Repository.freePort()));
        return Program.start(Programs.announcerCommand(configuration));
    }

    private static Socket connect(int port) throws IOException {
        Socket peer = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        peer.setSoTimeout((int) LIMIT.toMillis());
        return peer;
    }

    /// RFC 4271 section 6.1: a marker that is not all ones.
    private static void assertConnectionNotSynchronized(Socket peer) throws IOException {
        byte[] notification = notification(new DataInputStream(peer.getInputStream()));
        assertArrayEquals(new byte[] {1, 1}, notification, "seed " + SEED);
    }

    /// Returns the body of the first NOTIFICATION: error code, subcode, data.
    private static byte[] notification(DataInputStream input) throws IOException {
        while (true) {
            input.skipNBytes(16);
            byte[] body = new byte[input.readUnsignedShort() - 19];
            int type = input.readUnsignedByte();
            input.readFully(body);
            if (type == NOTIFICATION) {
                return body;
            }
        }
    }

    /// Returns as many random bytes as a header has. A peer that closes with unread bytes would
    /// reset the connection, and the NOTIFICATION would be lost.
    private static byte[] garbage(long seed) {
        byte[] garbage = new byte[19];
        new SplittableRandom(seed).nextBytes(garbage);
        return garbage;
    }

    private static byte[] header(int length, int type) {
        byte[] marker = new byte[16];
        Arrays.fill(marker, (byte) 0xff);
        return ByteBuffer.allocate(19)
                .put(marker)
                .putShort((short) length)
                .put((byte) type)
                .array();
    }
}
