package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.WorkerCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// DNS over TCP (RFC 7766): framing, pipelining, and clients that mean no good.
class TcpTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(700);

    private static Listeners open(Engine engine, TcpLimits limits) throws IOException {
        return Listeners.open(
                engine,
                List.of(Client.loopback("127.0.0.1"), Client.loopback("::1")),
                2,
                true,
                limits,
                SampleZone::responder);
    }

    private static Listeners open(TcpLimits limits) throws IOException {
        return open(Engine.best(), limits);
    }

    private static InetSocketAddress address(Listeners listeners) {
        return listeners.bound().get(0);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void answersOnIpv4AndIpv6(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, TcpLimits.DEFAULT)) {
            for (InetSocketAddress address : listeners.bound()) {
                try (Client client = new Client(address)) {
                    Message reply = client.ask(1, "www.example.", Type.A);
                    assertEquals(1, reply.getSection(Section.ANSWER).size());
                    assertEquals(Rcode.NXDOMAIN, client.ask(2, "no.example.", Type.A).getRcode());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aHundredQueriesInOneSegmentAreAnsweredInOrder(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, TcpLimits.DEFAULT);
                Client client = new Client(address(listeners))) {
            client.send(Client.pipeline(100, "www.example.", Type.A));
            for (int id = 0; id < 100; id++) {
                assertEquals(id, client.receive().getHeader().getID());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatEndsItsSideStillGetsAllAnswers(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, TcpLimits.DEFAULT);
                Client client = new Client(address(listeners))) {
            client.send(Client.pipeline(100, "large.example.", Type.TXT));
            client.endOutput();
            for (int id = 0; id < 100; id++) {
                assertEquals(10, client.receive().getSection(Section.ANSWER).size());
            }
            client.awaitEnd();
            Client.await("closed", () -> listeners.tcpClosed(TcpClose.CLIENT) == 1);
        }
    }

    @Test
    void aRequestMayComeOctetByOctet() throws IOException {
        try (Listeners listeners = open(TcpLimits.DEFAULT);
                Client client = new Client(address(listeners))) {
            for (byte octet : Client.framed(Client.query(7, "www.example.", Type.A))) {
                client.send(octet);
            }
            assertEquals(7, client.receive().getHeader().getID());
        }
    }

    @Test
    void aSegmentMayEndWithinALengthPrefix() throws IOException {
        byte[] both = Client.pipeline(2, "www.example.", Type.A);
        int firstEnd = both.length / 2;
        try (Listeners listeners = open(TcpLimits.DEFAULT);
                Client client = new Client(address(listeners))) {
            client.send(java.util.Arrays.copyOf(both, firstEnd + 1));
            assertEquals(0, client.receive().getHeader().getID());
            client.send(java.util.Arrays.copyOfRange(both, firstEnd + 1, both.length));
            assertEquals(1, client.receive().getHeader().getID());
        }
    }

    @Test
    void aDribblingClientHoldsNobodyUpAndIsClosedInTime() throws IOException {
        try (Listeners listeners = open(new TcpLimits(10, 10, SHORT));
                Client dribbling = new Client(address(listeners));
                Client other = new Client(address(listeners))) {
            dribbling.send((byte) 0xff, (byte) 0xff);
            int[] answered = {0};
            try {
                while (listeners.tcpClosed(TcpClose.IDLE) == 0) {
                    other.ask(answered[0]++ & 0xffff, "www.example.", Type.A);
                    if (answered[0] < 60_000) {
                        dribbling.send((byte) 0);
                    }
                }
            } catch (java.net.SocketException closedMeanwhile) {
                Client.await("idle", () -> listeners.tcpClosed(TcpClose.IDLE) == 1);
            }
            assertTrue(answered[0] > 0);
            dribbling.awaitEnd();
            other.ask(1, "www.example.", Type.A);
        }
    }

    @Test
    void aSilentConnectionIsClosedAfterTheIdleTime() throws IOException {
        try (Listeners listeners = open(new TcpLimits(10, 10, SHORT));
                Client client = new Client(address(listeners))) {
            client.ask(1, "www.example.", Type.A);
            long startNanos = System.nanoTime();
            client.awaitEnd();
            // The server's clock started before ours did; no upper bar, only "not at once".
            assertTrue(System.nanoTime() - startNanos > SHORT.toNanos() / 4);
            Client.await("counted", () -> listeners.tcpClosed(TcpClose.IDLE) == 1);
            assertEquals(0, listeners.tcpConnections());
        }
    }

    @Test
    void aThousandIdleConnectionsKeepNobodyOut() throws IOException {
        List<Client> idle = new ArrayList<>();
        try (Listeners listeners = open(new TcpLimits(1_000, 1_000, LONG))) {
            for (int i = 0; i < 1_000; i++) {
                idle.add(new Client(address(listeners)));
            }
            Client.await("1,000 open", () -> listeners.tcpConnections() == 1_000);
            try (Client client = new Client(address(listeners))) {
                client.ask(1, "www.example.", Type.A);
            }
            Message reply = Client.udp(address(listeners), 2, "www.example.", Type.A);
            assertEquals(Rcode.NOERROR, reply.getRcode());
            assertEquals(1_001, listeners.tcpAccepted());
        } finally {
            for (Client client : idle) {
                client.close();
            }
        }
    }

    @Test
    void atTheTotalTheLongestQuietConnectionMakesRoom() throws IOException {
        try (Listeners listeners = open(new TcpLimits(3, 3, LONG));
                Client first = new Client(address(listeners));
                Client second = new Client(address(listeners));
                Client third = new Client(listeners.bound().get(1))) {
            first.ask(1, "www.example.", Type.A);
            second.ask(2, "www.example.", Type.A);
            third.ask(3, "www.example.", Type.A);
            first.ask(4, "www.example.", Type.A);
            try (Client fourth = new Client(listeners.bound().get(1))) {
                fourth.ask(5, "www.example.", Type.A);
                second.awaitEnd();
                first.ask(6, "www.example.", Type.A);
                third.ask(7, "www.example.", Type.A);
                assertEquals(3, listeners.tcpConnections());
                Client.await("counted", () -> listeners.tcpClosed(TcpClose.TOTAL_LIMIT) == 1);
            }
        }
    }

    @Test
    void aGreedyClientOnlyPushesItselfOut() throws IOException {
        try (Listeners listeners = open(new TcpLimits(100, 2, LONG));
                Client modest = new Client(listeners.bound().get(1));
                Client first = new Client(address(listeners));
                Client second = new Client(address(listeners))) {
            modest.ask(1, "www.example.", Type.A);
            first.ask(2, "www.example.", Type.A);
            second.ask(3, "www.example.", Type.A);
            try (Client third = new Client(address(listeners))) {
                third.ask(4, "www.example.", Type.A);
                first.awaitEnd();
                second.ask(5, "www.example.", Type.A);
                modest.ask(6, "www.example.", Type.A);
                Client.await("counted", () -> listeners.tcpClosed(TcpClose.CLIENT_LIMIT) == 1);
            }
            TcpClients.Account greedy = listeners.busiestTcpClients(1).getFirst();
            assertEquals("127.0.0.1", greedy.network());
            assertEquals(3, greedy.connections());
            assertEquals(1, greedy.displaced());
            assertEquals(2, listeners.tcpNetworks());
        }
    }

    @Test
    void aClientThatNeverReadsCostsLittleAndIsClosed() throws IOException {
        int asked = 50_000;
        try (Listeners listeners = open(new TcpLimits(10, 10, SHORT));
                Client greedy = new Client(address(listeners), 4_096)) {
            byte[] queries = Client.pipeline(asked, "large.example.", Type.TXT);
            Client.beside(() -> greedy.send(queries));
            while (listeners.tcpClosed(TcpClose.IDLE) == 0) {
                Message reply = Client.udp(address(listeners), 1, "www.example.", Type.A);
                assertEquals(Rcode.NOERROR, reply.getRcode());
                try (Client other = new Client(address(listeners))) {
                    other.ask(2, "www.example.", Type.A);
                }
            }
            long answered = listeners.counters().stream().mapToLong(TcpTest::largeAnswers).sum();
            // 2,640 octets each: what lies in the two kernels' buffers and ours, 5 MB at most.
            assertTrue(answered > 0 && answered < 2_000, () -> answered + " of " + asked);
        }
    }

    private static long largeAnswers(WorkerCounters counters) {
        int txt =
                IntStream.range(0, WorkerCounters.TYPE_COUNT)
                        .filter(index -> WorkerCounters.typeLabel(index).equals("TXT"))
                        .findFirst()
                        .orElseThrow();
        return IntStream.range(0, WorkerCounters.SLOTS)
                .mapToLong(slot ->
                        counters.responses(slot, txt, 0, org.anycastdns.server.serve.Transport.TCP))
                .sum();
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatReadsLateGetsEveryAnswer(Engine engine) throws IOException {
        int asked = 2_000;
        try (Listeners listeners = open(engine, new TcpLimits(10, 10, LONG));
                Client client = new Client(address(listeners), 4_096)) {
            byte[] queries = Client.pipeline(asked, "large.example.", Type.TXT);
            Client.beside(() -> client.send(queries));
            Client.await(
                    "answering begins",
                    () -> listeners.counters().stream().mapToLong(TcpTest::largeAnswers).sum() > 0);
            for (int id = 0; id < asked; id++) {
                assertEquals(id, client.receive().getHeader().getID());
            }
            client.ask(1, "www.example.", Type.A);
        }
    }

    @Test
    void aMessageTooShortForAHeaderEndsTheConnectionAfterTheAnswersBeforeIt() throws IOException {
        for (byte length : new byte[] {0, 1, 11}) {
            try (Listeners listeners = open(TcpLimits.DEFAULT);
                    Client client = new Client(address(listeners))) {
                client.send(Client.framed(Client.query(3, "www.example.", Type.A)));
                assertEquals(3, client.receive().getHeader().getID());
                client.send((byte) 0, length);
                client.awaitEnd();
                Client.await("counted", () -> listeners.tcpClosed(TcpClose.MALFORMED) == 1);
            }
        }
    }

    @Test
    void aResponseSentToUsGetsNoReplyAndTheNextQueryDoes() throws IOException {
        byte[] response = Client.query(1, "www.example.", Type.A);
        response[2] |= (byte) 0x80;
        try (Listeners listeners = open(TcpLimits.DEFAULT);
                Client client = new Client(address(listeners))) {
            client.send(Client.framed(response));
            client.ask(2, "www.example.", Type.A);
        }
    }

    @Test
    void theLargestMessageIsRead() throws IOException {
        byte[] padded = java.util.Arrays.copyOf(Client.query(9, "www.example.", Type.A), 65_535);
        try (Listeners listeners = open(TcpLimits.DEFAULT);
                Client client = new Client(address(listeners))) {
            client.send(Client.framed(padded));
            assertEquals(9, client.receive().getHeader().getID());
        }
    }

    @Test
    void clientsAreToldApartByIpv4AddressAndIpv6Slash56() {
        assertEquals(client("2001:db8:0:ff::1"), client("2001:db8:0:1::2"));
        assertNotEquals(client("2001:db8:0:100::1"), client("2001:db8:0:1::1"));
        assertNotEquals(client("192.0.2.1"), client("192.0.2.2"));
        assertNotEquals(client("0.0.0.1"), client("::1"));
        assertEquals("2001:db8:0:100::/56", client("2001:db8:0:1ff::1").toString());
        assertEquals("192.0.2.255", client("192.0.2.255").toString());
    }

    private static ClientNetwork client(String address) {
        return ClientNetwork.of(Client.loopback(address).getAddress());
    }
}
