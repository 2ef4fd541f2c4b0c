package org.anycastdns.server.net.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Batches of datagrams over real sockets on the loopback interface.
class DatagramBatchTest {

    /// Longer than any loopback delivery takes.
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// Larger than a UDP datagram can be over IPv4.
    private static final int TOO_LARGE = 65_520;

    private static UdpSocket bound(String address) throws IOException {
        InetAddress host = InetAddress.ofLiteral(address);
        UdpSocket socket = UdpSocket.open(host);
        socket.bind(new InetSocketAddress(host, 0));
        socket.receiveTimeout(LIMIT);
        return socket;
    }

    private static UdpSocket client(UdpSocket server) throws IOException {
        UdpSocket socket = bound(server.localAddress().getAddress().getHostAddress());
        socket.connect(server.localAddress());
        return socket;
    }

    private static void queue(DatagramBatch batch, int number, int length) {
        batch.next().set(ValueLayout.JAVA_BYTE, 0, (byte) number);
        batch.queueForPeer(length);
    }

    private static List<Integer> numbers(DatagramBatch batch, int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add((int) batch.request(i).get(ValueLayout.JAVA_BYTE, 0));
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void repliesGoBackToTheirSenders(String address) throws IOException {
        try (UdpSocket server = bound(address);
                UdpSocket first = client(server);
                UdpSocket second = client(server)) {
            DatagramBatch batch = new DatagramBatch(8, 16, 16);
            DatagramBatch clients = new DatagramBatch(8, 16, 16);
            for (int i = 1; i <= 2; i++) {
                queue(clients, i, i);
                assertEquals(0, clients.send(i == 1 ? first : second));
            }
            int received = 0;
            while (received < 2) {
                int count = batch.receive(server, true);
                for (int i = 0; i < count; i++) {
                    int number = batch.request(i).get(ValueLayout.JAVA_BYTE, 0);
                    assertEquals(number, batch.requestLength(i));
                    UdpSocket from = number == 1 ? first : second;
                    assertEquals(from.localAddress().getPort(), batch.port(i));
                    assertSource(address, batch, i);
                    batch.next().set(ValueLayout.JAVA_BYTE, 0, (byte) (number + 10));
                    batch.reply(i, 1);
                }
                received += count;
                assertEquals(0, batch.send(server));
            }
            assertEquals(1, clients.receive(first, true));
            assertEquals(List.of(11), numbers(clients, 1));
            assertEquals(1, clients.receive(second, true));
            assertEquals(List.of(12), numbers(clients, 1));
        }
    }

    private static void assertSource(String address, DatagramBatch batch, int index) {
        if (address.equals("::1")) {
            assertTrue(batch.ipv6());
            assertEquals(0, batch.ipv6AddressHigh(index));
            assertEquals(1, batch.ipv6AddressLow(index));
        } else {
            assertEquals(0x7f00_0001, batch.ipv4Address(index));
        }
    }

    @Test
    void whatCannotBeSentIsLeftOutAndTheRestIsSent() throws IOException {
        try (UdpSocket server = bound("127.0.0.1");
                UdpSocket client = client(server)) {
            DatagramBatch clients = new DatagramBatch(5, 16, TOO_LARGE);
            queue(clients, 1, TOO_LARGE);
            queue(clients, 2, 2);
            queue(clients, 3, TOO_LARGE);
            queue(clients, 4, 4);
            queue(clients, 5, TOO_LARGE);
            assertEquals(3, clients.send(client));
            assertEquals(0, clients.queued());
            DatagramBatch batch = new DatagramBatch(5, 16, 16);
            assertEquals(2, batch.receive(server, true));
            assertEquals(List.of(2, 4), numbers(batch, 2));
        }
    }

    @Test
    void aDatagramThatIsTooLongIsCut() throws IOException {
        try (UdpSocket server = bound("127.0.0.1");
                UdpSocket client = client(server)) {
            DatagramBatch clients = new DatagramBatch(2, 16, 100);
            queue(clients, 7, 100);
            queue(clients, 8, 0);
            assertEquals(0, clients.send(client));
            DatagramBatch batch = new DatagramBatch(2, 50, 16);
            assertEquals(2, batch.receive(server, true));
            assertEquals(50, batch.requestLength(0));
            assertEquals(0, batch.requestLength(1));
        }
    }

    @Test
    void receivingEndsWithTheTimeoutAndWithShutdown() throws Exception {
        try (UdpSocket server = bound("127.0.0.1")) {
            DatagramBatch batch = new DatagramBatch(2, 16, 16);
            assertEquals(0, batch.receive(server, false));
            server.receiveTimeout(Duration.ofMillis(1));
            assertEquals(0, batch.receive(server, true));
            server.receiveTimeout(Duration.ZERO);
            Thread waiting = Thread.ofPlatform().start(() -> batch.receive(server, true));
            server.shutdown();
            assertTrue(waiting.join(LIMIT), "still waiting");
        }
    }

    @Test
    void aPollerTellsWhichSocketsAreReady() throws IOException {
        try (UdpSocket first = bound("127.0.0.1");
                UdpSocket second = bound("::1");
                UdpSocket client = client(second);
                Poller poller = new Poller()) {
            poller.add(first);
            poller.add(second);
            assertEquals(0, poller.await(0));
            DatagramBatch batch = new DatagramBatch(1, 16, 16);
            queue(batch, 1, 1);
            assertEquals(0, batch.send(client));
            assertEquals(1, poller.await((int) LIMIT.toMillis()));
            assertEquals(1, poller.ready(0));
            first.shutdown();
            assertEquals(2, poller.await((int) LIMIT.toMillis()));
        }
    }

    @Test
    void aFullQueueIsCounted() throws IOException {
        try (UdpSocket server = bound("127.0.0.1");
                UdpSocket client = client(server)) {
            server.queues(4_096, 65_536);
            DatagramBatch clients = new DatagramBatch(64, 16, 512);
            for (int i = 0; i < 64; i++) {
                queue(clients, i, 512);
            }
            int unsent = clients.send(client);
            DatagramBatch batch = new DatagramBatch(64, 512, 16);
            int received = batch.receive(server, false);
            assertTrue(received > 0 && received < 64, "received " + received);
            assertEquals(64, received + unsent + server.overflowCount());
        }
    }

    @Test
    void theSystemsWordsAreInTheException() throws IOException {
        try (UdpSocket first = bound("127.0.0.1");
                UdpSocket second = UdpSocket.open(false)) {
            SocketException taken =
                    assertThrows(SocketException.class, () -> second.bind(first.localAddress()));
            assertEquals("address already in use", taken.getMessage());
        }
    }

    @Test
    void theCallsWorkOnThisMachine() {
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        assertEquals(linux, Support.missing().isEmpty(), Support::missing);
    }
}
