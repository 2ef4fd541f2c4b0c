package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.anycastdns.server.serve.Responder;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// A DNS client over one connection, TCP or TLS, and a few ways to ask over UDP.
final class Client implements AutoCloseable {

    /// Longer than any healthy answer takes on a busy machine.
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    Client(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /// @param receiveOctets size of the receive buffer, 0 for the system's choice
    Client(InetSocketAddress server, int receiveOctets) throws IOException {
        socket = new Socket();
        if (receiveOctets > 0) {
            socket.setReceiveBufferSize(receiveOctets);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(server, TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /// A client over a connection that is made already, such as one of TLS.
    Client(Socket made) throws IOException {
        socket = made;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    static byte[] query(int id, String name, int type) {
        Message message = new Message(id);
        message.addRecord(
                Record.newRecord(Name.fromConstantString(name), type, DClass.IN), Section.QUESTION);
        return message.toWire();
    }

    static byte[] framed(byte[] message) {
        byte[] frame = new byte[message.length + 2];
        frame[0] = (byte) (message.length >>> 8);
        frame[1] = (byte) message.length;
        System.arraycopy(message, 0, frame, 2, message.length);
        return frame;
    }

    /// Many queries with IDs from 0 on, one after the other.
    static byte[] pipeline(int count, String name, int type) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int id = 0; id < count; id++) {
            octets.writeBytes(framed(query(id, name, type)));
        }
        return octets.toByteArray();
    }

    void send(byte... octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    Message receive() throws IOException {
        return new Message(octets());
    }

    byte[] octets() throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }

    Message ask(int id, String name, int type) throws IOException {
        send(framed(query(id, name, type)));
        Message reply = receive();
        assertEquals(id, reply.getHeader().getID());
        return reply;
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Waits for the end of the connection, which must come before another answer.
    void awaitEnd() {
        try {
            assertEquals(-1, in.read(), "an octet instead of the end");
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException reset) {
            assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset::toString);
        }
    }

    /// Waits for the end of the connection, whatever comes before it.
    void skipToEnd() throws IOException {
        try {
            while (in.read() >= 0) {
                // What comes does not matter.
            }
        } catch (java.net.SocketException reset) {
            assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset::toString);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static Message udp(InetSocketAddress server, int id, String name, int type) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server);
            return udp(socket, query(id, name, type));
        }
    }

    /// Sends a query and waits for its reply; replies to earlier ones are skipped.
    static Message udp(DatagramSocket socket, byte[] query) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.send(new DatagramPacket(query, query.length));
        int id = ((query[0] & 0xff) << 8) | (query[1] & 0xff);
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        while (true) {
            socket.receive(packet);
            byte[] octets = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
            if ((((octets[0] & 0xff) << 8) | (octets[1] & 0xff)) == id) {
                return new Message(octets);
            }
        }
    }

    /// Waits for something that no socket tells.
    static void await(String what, BooleanSupplier happened) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        while (!happened.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNanos < 0, () -> "never happened: " + what);
            Thread.onSpinWait();
        }
    }

    /// Runs something that blocks beside the test; an IOException ends it quietly.
    static void beside(Blocking task) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // The peer closed the connection, which the test looks at itself.
                        assertTrue(e.getMessage() != null);
                    }
                });
    }

    /// A step that reads or writes.
    interface Blocking {
        void run() throws IOException;
    }

    /// Opens listeners with one thread on a free loopback port.
    static Listeners listeners(Engine engine, Supplier<Responder> responders) throws IOException {
        return Listeners.open(
                engine, List.of(loopback("127.0.0.1")), 1, true, TcpLimits.DEFAULT, responders);
    }

    static InetSocketAddress loopback(String address) {
        try {
            return new InetSocketAddress(java.net.InetAddress.getByName(address), 0);
        } catch (java.net.UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
