package org.anycastdns.announcer.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.ErrorCode;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;

/// Speakers and collectors over loopback, on ports the system chose.
@SuppressWarnings("try") // some are closed early, which is what the test is about
class SpeakerTest {

    /// The other end.
    private static final Local OTHER = new Local(65001, RouterId.parse("198.51.100.1"));

    private static final long WAIT_SECONDS = 30;
    private static final InetAddress LOOPBACK = Addresses.of(Addresses.parse("127.0.0.1"));
    private static final InetAddress HOP6 = Addresses.of(Addresses.parse("2001:db8::2"));
    private static final Prefix V4 = Prefix.parse("192.0.2.0/24");
    private static final Prefix V6 = Prefix.parse("2001:db8:53::/48");
    private static final Set<Route> BOTH = Set.of(Route.to(V4), Route.to(V6));
    private static final Local LOCAL = new Local(65010, RouterId.parse("198.51.100.2"));

    private final BlockingQueue<CollectorEvent> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> states = new LinkedBlockingQueue<>();
    private final Observer observer =
            new Observer() {
                @Override
                public void stateChanged(Neighbor neighbor, String from, String to, String reason) {
                    states.add(neighbor.port() + " " + to + " " + reason);
                }
            };

    private Collector collector(int port) throws IOException {
        return new Collector(new InetSocketAddress(LOOPBACK, port), OTHER, heard::add);
    }

    private static Neighbor neighbor(int port, long asn) {
        return new Neighbor(LOOPBACK, port, asn, LOOPBACK, List.of(HOP6));
    }

    private Speaker speaker(List<Neighbor> neighbors) {
        return started(neighbors.stream().map(one -> new Session(LOCAL, one)).toList());
    }

    private Speaker started(List<Session> sessions) {
        Speaker speaker = Speaker.idle(sessions, observer);
        speaker.start();
        return speaker;
    }

    /// Listens for the neighbors of a speaker. Returns the port.
    private static int listen(Listeners listeners, Speaker speaker, int port) throws IOException {
        listeners.expect(speaker.drivers(), List.of());
        listeners.open(List.of(new Listeners.Place(new InetSocketAddress(LOOPBACK, port), null)));
        return listeners.addresses().getFirst().getPort();
    }

    private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted)
            throws InterruptedException {
        while (true) {
            T next = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next, "nothing such within " + WAIT_SECONDS + " s");
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private <O extends CollectorEvent> O await(Class<O> kind) throws InterruptedException {
        return kind.cast(await(heard, kind::isInstance));
    }

    @Test
    void announcesWithdrawsAndSaysGoodbye() throws Exception {
        try (Collector collector = collector(0);
                Speaker speaker =
                        speaker(List.of(neighbor(collector.address().getPort(), 65001)))) {
            speaker.advertise(BOTH);
            assertEquals(65010, await(CollectorEvent.Opened.class).open().asn());
            CollectorEvent.Announced four = await(CollectorEvent.Announced.class);
            assertEquals(V4, four.prefix());
            assertEquals(LOOPBACK, four.update().nextHop(V4).orElseThrow());
            CollectorEvent.Announced six = await(CollectorEvent.Announced.class);
            assertEquals(HOP6, six.update().nextHop(V6).orElseThrow());
            await(CollectorEvent.RibEnded.class);
            await(CollectorEvent.RibEnded.class);
            // The peer may have heard of both before our own thread has noted it.
            NeighborStatus status =
                    Eventually.seen(
                            "both announced",
                            Duration.ofSeconds(WAIT_SECONDS),
                            () -> speaker.status().getFirst(),
                            now -> now.announced().size() == 2);
            assertEquals("Established", status.state());

            speaker.advertise(Set.of(Route.to(V4)));
            CollectorEvent.Withdrawn gone = await(CollectorEvent.Withdrawn.class);
            assertEquals(V6 + " withdrawn", gone.prefix() + " " + gone.reason());

            speaker.close("drained");
            assertEquals(V4, await(CollectorEvent.Withdrawn.class).prefix());
            assertEquals(
                    "received NOTIFICATION 6/2 Administrative Shutdown \"drained\"",
                    await(CollectorEvent.SessionEnded.class).reason());
        }
    }

    @Test
    void comesBackWithItsRoutesWhenTheNeighborDoes() throws Exception {
        // No client's connection gets this port while nobody listens there.
        int port = Repository.freePort();
        try (Collector first = collector(port)) {
            Speaker speaker = speaker(List.of(neighbor(port, 65001)));
            try (speaker) {
                speaker.advertise(BOTH);
                await(CollectorEvent.RibEnded.class);
                first.close();
                await(states, state -> state.contains(" Idle received NOTIFICATION 6/2"));
                heard.clear();
                try (Collector second = collector(port)) {
                    assertEquals(port, second.address().getPort());
                    assertEquals(V4, await(CollectorEvent.Announced.class).prefix());
                    assertEquals(1, speaker.status().getFirst().history().flaps());
                }
            }
        }
    }

    @Test
    void aSessionThatEndsWithoutAWordTakesItsRoutesAlong() throws Exception {
        try (Collector collector = collector(0);
                Socket socket = new Socket(LOOPBACK, collector.address().getPort())) {
            Codec codec = new Codec(true);
            socket.getOutputStream()
                    .write(
                            codec.encode(
                                    Message.Open.of(
                                            65010,
                                            9,
                                            LOCAL.routerId(),
                                            List.of(V4.family(), V6.family()))));
            socket.getOutputStream().write(codec.encode(new Message.Keepalive()));
            socket.getOutputStream()
                    .write(
                            HexFormat.of()
                                    .parseHex(
                                            "ff".repeat(16)
                                                    + "002f02000000144001010040020602010000fdf2"
                                                    + "400304c633640218c00002"));
            assertEquals(V4, await(CollectorEvent.Announced.class).prefix());
            socket.close();
            CollectorEvent.Withdrawn gone = await(CollectorEvent.Withdrawn.class);
            assertEquals(V4, gone.prefix());
            assertTrue(gone.reason().contains("connection"), gone.reason());
            await(CollectorEvent.SessionEnded.class);
        }
    }

    @Test
    void aWrongAsIsToldAndDisturbsNobodyElse() throws Exception {
        try (Collector right = collector(0);
                Collector wrong = collector(0);
                Speaker speaker =
                        speaker(
                                List.of(
                                        neighbor(wrong.address().getPort(), 65002),
                                        neighbor(right.address().getPort(), 65001)))) {
            speaker.advertise(BOTH);
            await(
                    states,
                    state ->
                            state.equals(
                                    wrong.address().getPort()
                                            + " Idle wrong AS 65001 in OPEN, sent NOTIFICATION"
                                            + " 2/2 Bad Peer AS"));
            CollectorEvent.SessionEnded told = null;
            boolean announced = false;
            while (told == null || !announced) {
                CollectorEvent next = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
                assertNotNull(next);
                announced |= next instanceof CollectorEvent.Announced;
                told = next instanceof CollectorEvent.SessionEnded ended ? ended : told;
            }
            assertEquals("received NOTIFICATION 2/2 Bad Peer AS", told.reason());
            speaker.advertise(Set.of());
            assertEquals("withdrawn", await(CollectorEvent.Withdrawn.class).reason());
            assertEquals("Established", speaker.status().get(1).state());
        }
    }

    @Test
    void aNeighborThatStopsReadingLosesTheSessionThoughItIsNotSilent() throws Exception {
        Codec codec = new Codec(true);
        Set<Route> many = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            many.add(Route.to(new Prefix(V6.family(), V6.high(), (long) i << 32, 128)));
        }
        try (ServerSocket server = new ServerSocket();
                ScheduledExecutorService keepalives =
                        Executors.newSingleThreadScheduledExecutor()) {
            server.setReceiveBufferSize(4096);
            server.bind(new InetSocketAddress(LOOPBACK, 0));
            try (Speaker speaker = speaker(List.of(neighbor(server.getLocalPort(), 65001)));
                    Socket socket = server.accept()) {
                OutputStream out = socket.getOutputStream();
                RouterId id = RouterId.parse("198.51.100.1");
                out.write(codec.encode(Message.Open.of(65001, 3, id, List.of(V6.family()))));
                var _ =
                        keepalives.scheduleAtFixedRate(
                                () -> {
                                    try {
                                        out.write(codec.encode(new Message.Keepalive()));
                                    } catch (IOException _) {
                                        keepalives.shutdown();
                                    }
                                },
                                0,
                                500,
                                TimeUnit.MILLISECONDS);
                await(states, state -> state.contains(" Established "));
                speaker.advertise(many);
                String end = await(states, state -> state.contains(" Idle "));
                assertTrue(end.contains("the connection broke"), end);
            } finally {
                keepalives.shutdownNow();
            }
        }
    }

    private static Neighbor passive(long asn) {
        return new Neighbor(
                LOOPBACK, 179, asn, null, List.of(HOP6), Link.DIRECT, Policy.PLAIN, true, null);
    }

    private static byte[] answer(Socket socket) throws IOException {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
        return socket.getInputStream().readAllBytes();
    }

    @Test
    void neighborsMayConnectAndNobodyElse() throws Exception {
        try (Listeners listeners = new Listeners(observer);
                Speaker listener = speaker(List.of(passive(65010)))) {
            int port = listen(listeners, listener, 0);
            listener.advertise(BOTH);
            InetAddress stranger = InetAddress.ofLiteral("127.0.0.2");
            try (Socket socket = new Socket(LOOPBACK, port, stranger, 0)) {
                assertEquals(0, answer(socket).length);
            } catch (SocketException _) {
                // Reset: just as well.
            }
            Local other = new Local(65010, RouterId.parse("198.51.100.9"));
            Session caller = new Session(other, neighbor(port, 65010));
            try (Speaker neighbor = started(List.of(caller))) {
                awaitEstablished(port, 179);
                try (Socket second = new Socket(LOOPBACK, port)) {
                    Decoded decoded = new Codec(true).decode(answer(second));
                    assertEquals(new Decoded.Intact(Notification.of(ErrorCode.COLLISION)), decoded);
                }
                assertEquals("Established", neighbor.status().getFirst().state());
            }
        }
    }

    @Test
    void twoThatConnectToEachOtherEndUpWithOneSession() throws Exception {
        int first = Repository.freePort();
        int second = Repository.freePort();
        try (Listeners leftListeners = new Listeners(observer);
                Listeners rightListeners = new Listeners(observer);
                Speaker left = speaker(List.of(neighbor(second, 65001)));
                Speaker right = started(List.of(new Session(OTHER, neighbor(first, 65010))))) {
            listen(leftListeners, left, first);
            listen(rightListeners, right, second);
            left.advertise(BOTH);
            awaitEstablished(first, second);
            for (Speaker end : List.of(left, right)) {
                assertEquals("Established", end.status().getFirst().state());
            }
        }
    }

    @Test
    void aSilentConnectionOfTheNeighborDoesNotStandInTheWayOfOurOwn() throws Exception {
        int ours = Repository.freePort();
        int theirs = Repository.freePort();
        try (Listeners listeners = new Listeners(observer);
                Listeners others = new Listeners(observer);
                Speaker speaker = speaker(List.of(neighbor(theirs, 65001)))) {
            listen(listeners, speaker, ours);
            try (Socket silent = new Socket(LOOPBACK, ours)) {
                silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
                assertEquals(0xff, silent.getInputStream().read(), "it has our OPEN");
                Session listening = new Session(OTHER, passive(65010));
                try (Speaker neighbor = started(List.of(listening))) {
                    listen(others, neighbor, theirs);
                    awaitEstablished(theirs, 179);
                }
            }
        }
    }

    /// Both ends, in either order, by the ports of their neighbors.
    private void awaitEstablished(int one, int other) throws InterruptedException {
        Set<String> awaited = new HashSet<>(Set.of(one + " Established", other + " Established"));
        while (!awaited.isEmpty()) {
            awaited.remove(await(states, state -> state.contains(" Established")).strip());
        }
    }

    private Notification answerTo(byte[] garbage) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                Speaker speaker = speaker(List.of(neighbor(server.getLocalPort(), 65001)));
                Socket socket = server.accept()) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
            socket.getOutputStream().write(garbage);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] octets = in.readAllBytes();
            int openLength = ((octets[Codec.LENGTH_AT] & 0xff) << 8) | (octets[17] & 0xff);
            byte[] last = Arrays.copyOfRange(octets, openLength, octets.length);
            Decoded decoded = new Codec(true).decode(last);
            await(states, state -> state.contains(" Idle ") && state.contains("sent NOTIFICATION"));
            assertEquals("Idle", speaker.status().getFirst().state());
            return assertInstanceOf(
                    Notification.class, assertInstanceOf(Decoded.Intact.class, decoded).message());
        }
    }

    @Test
    void garbageIsAnsweredAndTheConnectionClosed() throws Exception {
        byte[] http = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        assertEquals("1/1 Connection Not Synchronized", answerTo(http).toString());
    }

    @Test
    void anImpossibleLengthIsAnsweredWithIt() throws Exception {
        byte[] keepalive = new Codec(true).encode(new Message.Keepalive());
        keepalive[Codec.LENGTH_AT] = 0x20;
        Notification told = answerTo(keepalive);
        assertEquals("1/2 Bad Message Length", told.toString());
        assertEquals("2013", told.data().toString());
    }
}
