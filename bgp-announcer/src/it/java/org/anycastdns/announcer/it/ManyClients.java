package org.anycastdns.announcer.it;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Clients at several addresses, as a program of its own, because it runs in another network
/// namespace. Each sends queries over UDP at a fixed rate, every one from a new port, so that a
/// router with several equal paths sends some on each.
///
/// It prints `lost NANOS` for every query without a right answer, with its send time by
/// [System#nanoTime], and `begun` after the first answer of every client.
///
/// @param source the address of this client
record ManyClients(InetSocketAddress server, InetAddress source, int perSecond) {

    /// How long a client waits for an answer: far longer than one takes.
    private static final int TIMEOUT_MILLIS = 2_000;

    private static final byte[] QUERY = HexFormat.of().parseHex("5a5a" + Cadence.QUESTION);

    /// Sends queries until it is killed.
    ///
    /// @param arguments the server's address, queries per second and client, and the addresses of
    ///   the clients
    public static void main(String... arguments) throws InterruptedException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), 53);
        int perSecond = Integer.parseInt(arguments[1]);
        List<Thread> clients =
                Stream.of(arguments)
                        .skip(2)
                        .map(InetAddress::ofLiteral)
                        .map(source -> new ManyClients(server, source, perSecond))
                        .map(client -> Thread.ofVirtual().start(client::send))
                        .toList();
        for (Thread client : clients) {
            client.join();
        }
    }

    private void send() {
        boolean begun = ask();
        while (!begun) {
            begun = ask();
        }
        IO.println("begun " + source.getHostAddress());
        Cadence cadence = Cadence.of(perSecond);
        for (int number = 0; ; number++) {
            cadence.await(number);
            Thread.ofVirtual().start(this::ask);
        }
    }

    /// Asks once. Returns whether the answer is right: NOERROR with a record.
    private boolean ask() {
        long sent = System.nanoTime();
        try (DatagramSocket socket = new DatagramSocket(0, source)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            sent = System.nanoTime();
            socket.send(new DatagramPacket(QUERY, QUERY.length, server));
            DatagramPacket reply = new DatagramPacket(new byte[1500], 1500);
            socket.receive(reply);
            byte[] octets = reply.getData();
            if (reply.getLength() > 12 && (octets[3] & 0x0f) == 0 && octets[7] != 0) {
                return true;
            }
        } catch (IOException _) {
            // No route or no answer: lost either way.
        }
        IO.println("lost " + sent);
        return false;
    }
}
