package org.anycastdns.announcer.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Generates a resolver's load. It is a separate program because it runs in another network
/// namespace.
///
/// It sends queries at the same fixed rate over UDP, each once, and over one TCP connection,
/// pipelined. After a disconnect it reconnects and resends the unanswered queries, as resolvers do
/// (RFC 7766 section 6.2.4). For every query without a response it prints `lost udp NANOS` (or
/// `tcp`) with its send time by [System#nanoTime], and `connected` for every connection.
///
/// @param open first send time of each unanswered query, by its number
record DrainLoad(
        String name,
        InetSocketAddress server,
        InetAddress source,
        int perSecond,
        TreeMap<Integer, Long> open) {

    /// How long a resolver waits: longer than the route takes to move.
    private static final long TIMEOUT_NANOS = 2_000_000_000L;

    private static final int CONNECT_MILLIS = 250;

    /// Delay between two connection attempts.
    private static final long RETRY_NANOS = 10_000_000L;

    private static final int IDS = 0x10000;

    private static final byte[] QUESTION = HexFormat.of().parseHex(Cadence.QUESTION);

    /// Sends queries until it is killed.
    ///
    /// @param arguments the server's address, the client's address, queries per second per
    ///   transport
    public static void main(String... arguments) throws Exception {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), 53);
        InetAddress source = InetAddress.ofLiteral(arguments[1]);
        int perSecond = Integer.parseInt(arguments[2]);
        DrainLoad tcp = new DrainLoad("tcp", server, source, perSecond, new TreeMap<>());
        Thread.ofPlatform().daemon().start(tcp::tcp);
        new DrainLoad("udp", server, source, perSecond, new TreeMap<>()).udp();
    }

    private void udp() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, source)) {
            Thread.ofPlatform().daemon().start(() -> receive(socket));
            Cadence cadence = Cadence.of(perSecond);
            for (int number = 0; ; number++) {
                byte[] query = ask(number, cadence);
                socket.send(new DatagramPacket(query, query.length, server));
            }
        }
    }

    private void receive(DatagramSocket socket) {
        byte[] buffer = new byte[1500];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                answered(ByteBuffer.wrap(buffer, 0, packet.getLength()));
            }
        } catch (IOException e) {
            IO.println("udp: " + e);
        }
    }

    private void tcp() {
        @Nullable Socket socket = null;
        Cadence cadence = Cadence.of(perSecond);
        for (int number = 0; ; number++) {
            byte[] query = ask(number, cadence);
            try {
                if (socket == null || socket.isClosed()) {
                    socket = connected();
                } else {
                    send(socket, query);
                }
            } catch (IOException _) {
                close(socket);
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /// Returns a connection on which all unanswered queries have been resent.
    private Socket connected() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(server, CONNECT_MILLIS);
            Thread.ofPlatform().daemon().start(() -> receive(socket));
            synchronized (open) {
                for (int number : open.keySet()) {
                    send(socket, query(number));
                }
            }
            IO.println("connected");
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        }
    }

    private static void send(Socket socket, byte[] query) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(Short.BYTES + query.length);
        framed.putShort((short) query.length).put(query);
        socket.getOutputStream().write(framed.array());
    }

    private void receive(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream())) {
            while (true) {
                answered(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())));
            }
        } catch (IOException _) {
            // Disconnected: the next query reconnects.
        }
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException _) {
            // The socket is discarded in any case.
        }
    }

    /// Waits until the next query is due and returns it.
    private byte[] ask(int number, Cadence cadence) {
        cadence.await(number);
        long now = System.nanoTime();
        synchronized (open) {
            open.put(number, now);
            while (now - open.firstEntry().getValue() > TIMEOUT_NANOS) {
                Map.Entry<Integer, Long> lost = open.pollFirstEntry();
                IO.println("lost " + name + " " + lost.getValue());
            }
        }
        return query(number);
    }

    private static byte[] query(int number) {
        ByteBuffer query = ByteBuffer.allocate(Short.BYTES + QUESTION.length);
        return query.putShort((short) (number % IDS)).put(QUESTION).array();
    }

    /// Records a response if it is right: NOERROR with a record.
    private void answered(ByteBuffer reply) {
        if (reply.limit() < 12 || (reply.get(3) & 0x0f) != 0 || reply.getShort(6) == 0) {
            return;
        }
        int id = Short.toUnsignedInt(reply.getShort(0));
        synchronized (open) {
            if (!open.isEmpty()) {
                // Only one open number can have this ID, because an ID is reused only after a
                // minute.
                int least = open.firstKey();
                open.remove(least + Math.floorMod(id - least, IDS));
            }
        }
    }
}
