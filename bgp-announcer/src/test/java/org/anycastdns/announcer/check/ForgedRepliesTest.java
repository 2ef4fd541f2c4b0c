package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.anycastdns.announcer.health.Outcome;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/// Replies that somebody forges who does not see the queries, and so does not know their random
/// parts: ID, port, and which letters are upper case.
class ForgedRepliesTest {

    private static final Name ZONE = Name.fromConstantString("a-zone-with-many-letters.example.");
    private static final byte[] NSID = {'a', 'm', 's', '1'};
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    /// More than the chance of guessing right allows to be lucky: 2^-30 for the letters.
    private static final int FORGERIES = 20;

    /// Makes a forgery of a query, and what follows it.
    private interface Forger {
        List<byte[]> replies(byte[] request) throws IOException;
    }

    /// Answers a query with SERVFAIL, which would turn the probe down.
    private static byte[] failure(byte[] request) {
        byte[] wire = request.clone();
        wire[2] |= (byte) 0x80;
        wire[3] |= Rcode.SERVFAIL;
        return wire;
    }

    private static byte[] right(byte[] request) throws IOException {
        try (TestResponder right = new TestResponder("ams1");
                DatagramSocket socket = new DatagramSocket()) {
            socket.connect(right.address());
            socket.send(new DatagramPacket(request, request.length));
            DatagramPacket reply = new DatagramPacket(new byte[4096], 4096);
            socket.receive(reply);
            return Arrays.copyOf(reply.getData(), reply.getLength());
        }
    }

    private static Outcome asked(Forger forger, Duration timeout, Set<SocketAddress> ports)
            throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            while (true) {
                                serve(server, forger, ports);
                            }
                        } catch (IOException _) {
                            return; // the test has ended
                        }
                    });
            List<Query> asked = List.of(Query.soa(ZONE), Query.soa(ZONE));
            Round round = new Round(asked, 2, NSID, new SplittableRandom(7));
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            CompletableFuture<Outcome> outcome =
                    CompletableFuture.supplyAsync(
                            () -> new Exchange(new Way.Udp(null), address, timeout).run(round));
            Round again = new Round(asked, 2, NSID, new SplittableRandom(8));
            CompletableFuture<Outcome> onLoop = new CompletableFuture<>();
            try (CheckLoop loop = new CheckLoop()) {
                loop.execute(() ->
                        new LoopExchange(loop, address, again, onLoop::complete)
                                .udp(timeout.toNanos()));
                assertEquals(outcome.get().getClass(), onLoop.get().getClass());
            }
            return onLoop.get();
        }
    }

    private static void serve(DatagramSocket server, Forger forger, Set<SocketAddress> ports)
            throws IOException {
        DatagramPacket query = new DatagramPacket(new byte[4096], 4096);
        server.receive(query);
        ports.add(query.getSocketAddress());
        byte[] request = Arrays.copyOf(query.getData(), query.getLength());
        for (byte[] reply : forger.replies(request)) {
            server.send(new DatagramPacket(reply, reply.length, query.getSocketAddress()));
        }
    }

    @Test
    void aFailureWithTheRightIdAndOtherLettersNeitherCountsNorEndsTheWait() throws Exception {
        Forger forger =
                request -> {
                    byte[] lower = failure(request);
                    byte[] name = ZONE.toWire();
                    System.arraycopy(name, 0, lower, 12, name.length);
                    return List.of(lower, lower, right(request));
                };
        Outcome outcome = asked(forger, PATIENT, new HashSet<>());
        assertInstanceOf(Outcome.Right.class, outcome, outcome::text);
    }

    @Test
    void aFailureWithAnotherIdNeitherCountsNorEndsTheWait() throws Exception {
        Forger forger =
                request -> {
                    byte[] other = failure(request);
                    other[0] ^= 1;
                    return List.of(other, other, right(request));
                };
        Outcome outcome = asked(forger, PATIENT, new HashSet<>());
        assertInstanceOf(Outcome.Right.class, outcome, outcome::text);
    }

    @Test
    void onlyForgeriesAreNoAnswer() throws Exception {
        Forger forger =
                request -> {
                    byte[] lower = failure(request);
                    byte[] name = ZONE.toWire();
                    System.arraycopy(name, 0, lower, 12, name.length);
                    return List.of(lower);
                };
        assertEquals(
                new Outcome.Wrong(
                        "a reply without the query's upper and lower case for " + ZONE + " SOA"),
                asked(forger, SHORT, new HashSet<>()));
    }

    @Test
    void everyQueryHasAPortAnIdAndLettersOfItsOwn() throws Exception {
        Set<SocketAddress> ports = ConcurrentHashMap.newKeySet();
        Set<String> letters = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < FORGERIES; i++) {
            asked(request -> List.of(right(request)), PATIENT, ports);
            Round round = new Round(List.of(Query.soa(ZONE)), 1, NSID, new SplittableRandom(i));
            Message query = new Message(round.requests().getFirst());
            assertEquals(ZONE, query.getQuestion().getName());
            letters.add(query.getQuestion().getName().toString());
            ids.add(query.getHeader().getID());
        }
        // Two queries in each of two exchanges, of which few ports may be the same by chance.
        assertTrue(ports.size() >= 4 * FORGERIES - 4, ports::toString);
        assertEquals(FORGERIES, letters.size());
        assertTrue(ids.size() >= FORGERIES - 1, ids::toString);
        letters.forEach(text -> assertNotEquals(text, text.toLowerCase(Locale.ROOT)));
    }
}
