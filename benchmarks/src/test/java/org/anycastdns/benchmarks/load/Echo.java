package org.anycastdns.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A responder on plain sockets that sends every query back as its own answer.
final class Echo implements AutoCloseable {

    /// How it answers.
    enum Manner {
        /// As one should.
        RIGHT,
        /// Every second query, so that of two kinds in turn either is answered half of the time.
        EVERY_SECOND,
        /// With a type in the question that nobody asked for.
        OTHER_QUESTION,
        /// All of them after the {@link #EXPECTED}th query.
        AT_THE_END
    }

    private static final int EXPECTED = 1_200;
    private static final int OCTETS_MAX = 512;
    private static final int RECEIVE_OCTETS = 4 << 20;

    private final DatagramSocket socket;
    private final Manner manner;
    private final Set<SocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger received = new AtomicInteger();

    private Echo(DatagramSocket socket, Manner manner) {
        this.socket = socket;
        this.manner = manner;
    }

    static Echo start(Manner manner) throws IOException {
        DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        socket.setReceiveBufferSize(RECEIVE_OCTETS);
        Echo echo = new Echo(socket, manner);
        Thread.ofPlatform().daemon().start(echo::run);
        return echo;
    }

    private void run() {
        List<DatagramPacket> kept = new ArrayList<>();
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[OCTETS_MAX], OCTETS_MAX);
                socket.receive(packet);
                clients.add(packet.getSocketAddress());
                int number = received.incrementAndGet();
                byte[] octets = packet.getData();
                octets[2] |= (byte) 0x80;
                switch (manner) {
                    case RIGHT -> socket.send(packet);
                    case EVERY_SECOND -> {
                        if (number % 2 == 0) {
                            socket.send(packet);
                        }
                    }
                    case OTHER_QUESTION -> {
                        octets[packet.getLength() - 3] = (byte) 99;
                        socket.send(packet);
                    }
                    case AT_THE_END -> {
                        kept.add(packet);
                        if (number == EXPECTED) {
                            for (DatagramPacket each : kept) {
                                socket.send(each);
                            }
                        }
                    }
                }
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// Different source addresses and ports so far.
    int clients() {
        return clients.size();
    }

    /// Queries so far.
    int received() {
        return received.get();
    }

    @Override
    public void close() {
        socket.close();
    }
}
