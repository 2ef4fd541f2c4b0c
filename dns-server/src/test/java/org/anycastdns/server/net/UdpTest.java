package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.serve.WorkerCounters;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Datagrams in, datagrams out.
class UdpTest {

    private static Listeners open(Engine engine, String... addresses) throws IOException {
        List<InetSocketAddress> sockets =
                List.of(addresses).stream().map(Client::loopback).toList();
        return Listeners.open(engine, sockets, 2, true, TcpLimits.DEFAULT, SampleZone::responder);
    }

    /// Whoever answers there would answer our answer, without end.
    @ParameterizedTest
    @EnumSource(Engine.class)
    void datagramsFromServicesThatAnswerAnythingGetNoAnswer(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, "127.0.0.1", "::1")) {
            long count = 0;
            for (InetSocketAddress address : listeners.bound()) {
                for (int port : List.of(7, 13, 17, 19, 37)) {
                    try (DatagramSocket service = reserved(port, address.getAddress())) {
                        byte[] query = Client.query(port, "www.example.", Type.A);
                        service.send(new DatagramPacket(query, query.length, address));
                        count++;
                    }
                }
                for (int port : List.of(9, 20, 53, 123)) {
                    try (DatagramSocket other = reserved(port, address.getAddress())) {
                        byte[] query = Client.query(port, "www.example.", Type.A);
                        other.connect(address);
                        assertEquals(port, Client.udp(other, query).getHeader().getID());
                    }
                }
            }
            // Each socket's datagrams are taken in order, but several sockets share an address.
            long expected = count;
            Client.await("counted", () -> listeners.udpLooping() == expected);
        }
    }

    private static DatagramSocket reserved(int port, InetAddress address) throws IOException {
        try {
            return new DatagramSocket(port, address);
        } catch (BindException e) {
            Tools.missing("port " + port + " cannot be had (not root?): " + e.getMessage());
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void answersOnIpv4AndIpv6(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, "127.0.0.1", "::1")) {
            for (InetSocketAddress address : listeners.bound()) {
                Message reply = Client.udp(address, 77, "www.example.", Type.A);
                assertEquals(Rcode.NOERROR, reply.getRcode());
                assertEquals(1, reply.getSection(Section.ANSWER).size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aLargeAnswerIsTruncatedOverUdpAndWholeOverTcp(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, "127.0.0.1")) {
            InetSocketAddress address = listeners.bound().get(0);
            Message cut = Client.udp(address, 1, "large.example.", Type.TXT);
            assertTrue(cut.getHeader().getFlag(Flags.TC));
            assertEquals(0, cut.getSection(Section.ANSWER).size());
            try (Client client = new Client(address)) {
                Message whole = client.ask(2, "large.example.", Type.TXT);
                assertFalse(whole.getHeader().getFlag(Flags.TC));
                assertEquals(10, whole.getSection(Section.ANSWER).size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void garbageOfEveryLengthHarmsNobody(Engine engine) throws IOException {
        long seed = 530_600;
        SplittableRandom random = new SplittableRandom(seed);
        try (Listeners listeners = open(engine, "127.0.0.1");
                DatagramSocket socket = new DatagramSocket()) {
            socket.connect(listeners.bound().get(0));
            for (int length = 0; length <= 600; length++) {
                byte[] garbage = new byte[length];
                random.nextBytes(garbage);
                if (length > 1) {
                    // Never the ID of the query below.
                    garbage[0] = 0;
                }
                socket.send(new DatagramPacket(garbage, length));
                if (length % 20 == 0) {
                    byte[] query = Client.query(0x100 + length, "www.example.", Type.A);
                    Message reply = Client.udp(socket, query);
                    assertEquals(Rcode.NOERROR, reply.getRcode(), () -> "seed " + seed);
                }
            }
            assertEquals(0, listeners.failures(), () -> "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aDatagramLargerThanTheBufferIsCutAndHarmsNobody(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, "127.0.0.1");
                DatagramSocket socket = new DatagramSocket()) {
            socket.connect(listeners.bound().get(0));
            byte[] huge = new byte[60_000];
            socket.send(new DatagramPacket(huge, huge.length));
            Message reply = Client.udp(socket, Client.query(9, "www.example.", Type.A));
            assertEquals(Rcode.NOERROR, reply.getRcode());
            assertEquals(0, listeners.failures());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"MMSG", "EPOLL"})
    void everyThreadGetsItsShareOfTheClients(Engine engine) throws IOException {
        try (Listeners listeners = open(engine, "127.0.0.1")) {
            // One client in two lands on either thread: all on one has a chance of 2^-63.
            for (int id = 0; id < 64; id++) {
                Client.udp(listeners.bound().get(0), id, "www.example.", Type.A);
            }
            Client.await(
                    "64 answers counted", () -> shares(listeners).mapToLong(x -> x).sum() == 64);
            // The event loops of MMSG carry TCP alone.
            assertEquals(2, shares(listeners).filter(share -> share > 0).count());
        }
    }

    private static Stream<Long> shares(Listeners listeners) {
        return listeners.counters().stream().map(UdpTest::answered);
    }

    private static long answered(WorkerCounters counters) {
        return IntStream.rangeClosed(0, WorkerCounters.bucketNanos().length)
                .mapToLong(counters::responseTimes)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    @SuppressWarnings("NullAway")
    void aFaultOfOursCostsOneReplyAndNotTheLoop(Engine engine) throws IOException {
        ServedZones zones = SampleZone.zones();
        ZoneSet sound = zones.current();
        try (Listeners listeners =
                        Client.listeners(
                                engine,
                                () ->
                                        new Responder(
                                                zones, SampleZone.IDENTITY, SampleZone.SECRETS));
                DatagramSocket socket = new DatagramSocket();
                Client tcp = new Client(listeners.bound().get(0))) {
            socket.connect(listeners.bound().get(0));
            byte[] query = Client.query(1, "www.example.", Type.A);
            zones.swap(null);
            socket.send(new DatagramPacket(query, query.length));
            tcp.send(Client.framed(query));
            tcp.awaitEnd();
            Client.await("two failures", () -> listeners.failures() == 2);
            Client.await("closed", () -> listeners.tcpClosed(TcpClose.FAILURE) == 1);
            zones.swap(sound);
            Message reply = Client.udp(socket, Client.query(2, "www.example.", Type.A));
            assertEquals(Rcode.NOERROR, reply.getRcode());
        }
    }
}
