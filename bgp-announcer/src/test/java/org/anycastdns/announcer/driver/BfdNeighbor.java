package org.anycastdns.announcer.driver;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.SessionState;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.anycastdns.announcer.transport.LocalEnd;

/// A test as the neighbor of BFD sessions: sends packets, and hears packets and events.
final class BfdNeighbor implements Observer, AutoCloseable {

    private static final int WAIT_MILLIS = 30_000;

    /// The events so far that have not been awaited: states, "sent" for each packet, reasons why a
    /// packet was discarded, and what the test adds.
    final BlockingQueue<String> happened = new LinkedBlockingQueue<>();

    /// Where the sessions under test listen: a free port of an address.
    final InetSocketAddress local;

    private final DatagramSocket ear;
    private final Datagrams datagrams = new Datagrams();
    private final Datagrams.Outgoing mouth;

    /// Opens sockets at an address.
    BfdNeighbor(InetAddress address) throws IOException {
        ear = new DatagramSocket(new InetSocketAddress(address, 0));
        ear.setSoTimeout(WAIT_MILLIS);
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(address, 0))) {
            local = new InetSocketAddress(address, free.getLocalPort());
        }
        mouth = datagrams.open(local, LocalEnd.ANY);
    }

    /// Sends a packet to the sessions under test.
    void say(byte[] packet) {
        mouth.send(packet);
    }

    /// Returns the port at which packets are heard.
    int port() {
        return ear.getLocalPort();
    }

    @Override
    public void bfdChanged(Neighbor neighbor, SessionState state) {
        happened.add(state.toString());
    }

    @Override
    public void bfdLate(Neighbor neighbor, Duration lateness) {
        happened.add("sent");
    }

    @Override
    public void bfdDiscarded(Discard why) {
        happened.add(why.toString());
    }

    /// Waits for an event, and forgets those before.
    void await(String wanted) throws InterruptedException {
        String next;
        do {
            next = happened.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            assertNotNull(next, () -> "no " + wanted);
        } while (!wanted.equals(next));
    }

    /// Returns the next packet, with its source.
    DatagramPacket hear() throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[100], 100);
        ear.receive(datagram);
        datagram.setData(Arrays.copyOf(datagram.getData(), datagram.getLength()));
        return datagram;
    }

    @Override
    public void close() {
        datagrams.close();
        ear.close();
    }
}
