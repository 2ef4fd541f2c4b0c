package org.anycastdns.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.anycastdns.lab.engine.Json;
import org.junit.jupiter.api.Test;

/// When servers answer with a new serial.
class WatchTest {

    private static final String FIRST = "127.0.0.1";
    private static final String SECOND = "127.0.0.2";

    /// Nobody listens there.
    private static final String DOWN = "127.0.0.3";

    private static final double LIMIT_SECONDS = 60;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /// Returns whether so many lines are printed.
    private BooleanSupplier printed(int lines) {
        return () -> printed.toString(StandardCharsets.UTF_8).lines().count() >= lines;
    }

    /// A server that answers with the serial 41, and then with 42. It does not answer every second
    /// query.
    private static final class Server implements AutoCloseable {

        private final DatagramSocket socket;
        private int asked;
        private final BooleanSupplier isNew;

        Server(String address, int port, BooleanSupplier isNew) throws IOException {
            this.isNew = isNew;
            socket = new DatagramSocket(port, InetAddress.getByName(address));
            Thread.ofPlatform().daemon().start(this::answer);
        }

        private void answer() {
            byte[] octets = new byte[512];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(octets, octets.length);
                    socket.receive(packet);
                    if (asked++ % 2 == 0) {
                        byte[] reply =
                                reply(ByteBuffer.wrap(octets).getShort(), isNew.getAsBoolean());
                        socket.send(
                                new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                    }
                }
            } catch (SocketException _) {
                // The test has ended.
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /// Returns a response without question: a name, SOA IN, and the data.
        private static byte[] reply(short id, boolean isNew) {
            ByteBuffer reply = ByteBuffer.allocate(12 + 1 + 10 + 22);
            reply.putShort(id).putShort((short) 0x8400).putShort((short) 0).putShort((short) 1);
            reply.putInt(0);
            reply.put((byte) 0).putShort((short) 6).putShort((short) 1).putInt(300);
            reply.putShort((short) 22).put((byte) 0).put((byte) 0);
            reply.putInt(isNew ? 42 : 41).putInt(0).putInt(0).putInt(0).putInt(0);
            return reply.array();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private List<Json> watch(int port, long wanted, double seconds) throws IOException {
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
                Watch watch =
                        new Watch(List.of(FIRST, SECOND, DOWN), port, "example.com", wanted, out)) {
            watch.run(seconds);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().map(Json::parse).toList();
    }

    @Test
    void eachServerIsToldOnceWhenItHasArrivedAndOneThatIsDownIsLeftOut() throws IOException {
        try (Server first = new Server(FIRST, 0, printed(1));
                Server _ = new Server(SECOND, first.socket.getLocalPort(), printed(2))) {
            long before = System.currentTimeMillis();
            List<Json> lines = watch(first.socket.getLocalPort(), 42, LIMIT_SECONDS);
            assertEquals("{127.0.0.1=41, 127.0.0.2=41}", lines.get(0).at("first").text());
            assertEquals(FIRST, lines.get(1).at("server").text());
            assertEquals(SECOND, lines.get(2).at("server").text());
            assertEquals(3, lines.size());
            double at = lines.get(1).at("at").number();
            // The clock is set to whole milliseconds.
            assertTrue(at >= before - 1 && at <= lines.get(2).at("at").number(), lines::toString);
        }
    }

    @Test
    void aSerialThatIsNotTheWantedOneIsNoArrival() throws IOException {
        try (Server first = new Server(FIRST, 0, printed(1))) {
            List<Json> lines = watch(first.socket.getLocalPort(), 43, 0.2);
            assertEquals(1, lines.size(), lines::toString);
        }
    }

    @Test
    void withoutAWantedSerialAnyOtherIsAnArrival() throws IOException {
        try (Server first = new Server(FIRST, 0, printed(1))) {
            List<Json> lines = watch(first.socket.getLocalPort(), -1, LIMIT_SECONDS);
            assertEquals(FIRST, lines.getLast().at("server").text());
        }
    }
}
