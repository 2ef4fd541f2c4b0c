package org.anycastdns.announcer.driver;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.anycastdns.announcer.bfd.BfdAuthentication;
import org.anycastdns.announcer.bfd.BfdCodec;
import org.anycastdns.announcer.bfd.BfdDecoded;
import org.anycastdns.announcer.bfd.Diagnostic;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.Packet;
import org.anycastdns.announcer.bfd.SessionState;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// BFD over loopback, on ports the system chose; the neighbor is this test, packet by packet.
@ParameterizedClass
@ValueSource(strings = {"127.0.0.1", "::1"})
class BfdSessionsTest {

    private static final int THEIRS = 0x0b;
    private static final int INTERVAL_MILLIS = 100;

    private final BfdNeighbor test;
    private final Neighbor neighbor;
    private final BfdSessions sessions;

    BfdSessionsTest(String address) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral(address);
        test = new BfdNeighbor(loopback);
        neighbor = new Neighbor(loopback, 65001);
        sessions =
                new BfdSessions(
                        Map.of(neighbor, new BfdTerms(INTERVAL_MILLIS, 3)),
                        test,
                        (who, why) -> test.happened.add("BGP with " + who + ": " + why),
                        test.local,
                        test.port());
        sessions.follow(Map.of(neighbor, new BfdTerms(INTERVAL_MILLIS, 3)));
    }

    @AfterEach
    void end() {
        sessions.close();
        test.close();
    }

    @Test
    void comesUpIsMissedWhenSilentAndTellsBgp() throws Exception {
        assertEquals(0, hear(SessionState.DOWN).yourDiscriminator());
        int ours = up();
        test.await("Up");
        BfdStatus up = status();
        assertEquals(
                "Up Up 100 300",
                "%s %s %d %d"
                        .formatted(
                                up.state(),
                                up.remoteState(),
                                up.transmitMillis(),
                                up.detectionMillis()));
        Packet last = hear(SessionState.DOWN); // for now nothing more is said
        assertEquals(Diagnostic.DETECTION_TIME_EXPIRED, last.diagnostic());
        assertEquals(ours, last.myDiscriminator());
        test.await("BGP with " + neighbor + ": nothing heard for 300 ms");
        test.await("Down");
        assertEquals("nothing heard for 300 ms", status().lastError());
        assertEquals(1, status().flaps());
    }

    @Test
    void whatARouterMayHaveForwardedIsNotHeard() throws Exception {
        byte[] init = BfdCodec.encode(packet(SessionState.INIT, hear().myDiscriminator()));
        try (DatagramSocket afar = new DatagramSocket()) { // the system's TTL, 64
            afar.send(new DatagramPacket(init, init.length, test.local));
        }
        // The second packet of BFD is behind the first one in the same socket.
        test.say(new byte[3]);
        test.await("TOO_SHORT");
        assertEquals("Down Down", status().state() + " " + status().remoteState());
        test.say(init);
        test.await("Up");
    }

    @Test
    void aNeighborThatStopsOnPurposeLeavesBgpAlone() throws Exception {
        int ours = up();
        test.await("Up");
        say(SessionState.ADMIN_DOWN, ours);
        test.await("Down");
        hear(SessionState.DOWN);
        assertFalse(test.happened.stream().anyMatch(event -> event.startsWith("BGP")));
        assertEquals("AdminDown", status().remoteState());
    }

    /// As when a reload is refused after the sockets for it were opened.
    @Test
    void whatIsPreparedAndNotWantedIsGivenUpUnheard() throws Exception {
        int ours = up();
        test.await("Up");
        BfdTerms plain = new BfdTerms(INTERVAL_MILLIS, 3);
        BfdAuthentication how =
                new BfdAuthentication(BfdAuthentication.Type.KEYED_SHA1, 1, "a key");
        sessions.prepare(Map.of(neighbor, new BfdTerms(INTERVAL_MILLIS, 3, how)));
        sessions.follow(Map.of(neighbor, plain));
        for (int i = 0; i < 5; i++) {
            say(SessionState.UP, ours);
            Packet packet = hear();
            assertEquals(ours, packet.myDiscriminator());
            assertEquals(SessionState.UP, packet.state());
        }
        assertEquals("Up", status().state());
        assertEquals(0, status().flaps());
    }

    @Test
    void anEndOnPurposeIsTold() throws Exception {
        up();
        test.await("Up");
        sessions.close();
        assertEquals(Diagnostic.ADMINISTRATIVELY_DOWN, hear(SessionState.ADMIN_DOWN).diagnostic());
        assertFalse(test.happened.stream().anyMatch(event -> event.startsWith("BGP")));
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        IOException failure =
                assertThrows(
                        IOException.class,
                        () ->
                                new BfdSessions(
                                        Map.of(neighbor, new BfdTerms(300, 3)),
                                        test,
                                        (_, _) -> {},
                                        test.local,
                                        1));
        assertTrue(
                String.valueOf(failure.getMessage())
                        .matches(
                                "cannot listen on (127.0.0.1|::1) port %d for BFD: .*in use"
                                        .formatted(test.local.getPort())),
                failure::toString);
        assertNull(sessions.status(new Neighbor(InetAddress.ofLiteral("192.0.2.1"), 65001)));
    }

    /// Brings the session up from Down, as this end would; gives our discriminator back.
    private int up() throws IOException {
        int ours = hear().myDiscriminator();
        say(SessionState.DOWN, 0);
        assertEquals(THEIRS, hear(SessionState.INIT).yourDiscriminator());
        say(SessionState.UP, ours);
        assertTrue(hear(SessionState.UP).poll());
        return ours;
    }

    private void say(SessionState state, int yours) {
        test.say(BfdCodec.encode(packet(state, yours)));
    }

    private static Packet packet(SessionState state, int yours) {
        return new Packet(state, Diagnostic.NONE, false, false, 3, THEIRS, yours, 50_000, 50_000);
    }

    private Packet hear() throws IOException {
        DatagramPacket datagram = test.hear();
        assertTrue(datagram.getPort() >= 49_152, () -> "from port " + datagram.getPort());
        return switch (BfdCodec.decode(datagram.getData())) {
            case BfdDecoded.Intact(Packet packet) -> packet;
            case BfdDecoded.Unfit(Discard why) -> throw new AssertionError(why);
        };
    }

    private Packet hear(SessionState state) throws IOException {
        while (true) {
            Packet packet = hear();
            if (packet.state() == state) {
                return packet;
            }
        }
    }

    private BfdStatus status() {
        return requireNonNull(sessions.status(neighbor));
    }

    @Test
    void closingFreesThePortWhateverTheLoopIsDoing() throws IOException {
        int port = 0;
        for (int round = 0; round < 300; round++) {
            Datagrams one = new Datagrams();
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            port = one.listen(address, null, (source, octets) -> {}).getPort();
            one.loop().execute(Thread::onSpinWait);
            one.close();
        }
    }
}
