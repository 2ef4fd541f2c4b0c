package org.anycastdns.announcer.driver;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.bfd.BfdAuthentication;
import org.anycastdns.announcer.bfd.BfdCodec;
import org.anycastdns.announcer.bfd.BfdDecoded;
import org.anycastdns.announcer.bfd.BfdSeal;
import org.anycastdns.announcer.bfd.BfdSession;
import org.anycastdns.announcer.bfd.Diagnostic;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.Packet;
import org.anycastdns.announcer.bfd.SessionState;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.anycastdns.announcer.transport.LocalEnd;
import org.junit.jupiter.api.Test;

/// A signed BFD session over loopback; the neighbor is this test, packet by packet.
class BfdAuthenticationTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int WAIT_MILLIS = 30_000;
    private static final int THEIRS = 0x0b;

    /// Long, so that a busy machine does not end the session.
    private static final int INTERVAL_MILLIS = 10_000;

    private static final BfdAuthentication HOW =
            new BfdAuthentication(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 1, "a secret");
    private static final BfdTerms TERMS = new BfdTerms(INTERVAL_MILLIS, 3, HOW);
    private static final BfdSession SESSION = new BfdSession(THEIRS, 10_000_000, 10_000_000, 3);

    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
    private final Observer observer =
            new Observer() {
                @Override
                public void bfdChanged(Neighbor neighbor, SessionState state) {
                    happened.add(state.toString());
                }

                @Override
                public void bfdDiscarded(Discard why) {
                    happened.add(why.toString());
                }
            };
    private final BfdSeal seal = new BfdSeal(HOW, 42);

    @Test
    void b15ForgedAndReplayedPacketsDoNotEndASignedSession() throws Exception {
        Neighbor neighbor = new Neighbor(LOOPBACK, 65001);
        InetSocketAddress local;
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            local = new InetSocketAddress(LOOPBACK, free.getLocalPort());
        }
        try (DatagramSocket ear = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                Datagrams datagrams = new Datagrams();
                BfdSessions sessions =
                        new BfdSessions(
                                Map.of(neighbor, TERMS),
                                observer,
                                (_, why) -> happened.add(why),
                                local,
                                ear.getLocalPort())) {
            ear.setSoTimeout(WAIT_MILLIS);
            Datagrams.Outgoing mouth = datagrams.open(local, LocalEnd.ANY);
            sessions.follow(Map.of(neighbor, TERMS));
            int ours = hear(ear).myDiscriminator();
            byte[] down = seal.signed(BfdCodec.encode(packet(SessionState.DOWN, 0)));
            mouth.send(down);
            mouth.send(seal.signed(BfdCodec.encode(packet(SessionState.UP, ours))));
            awaitEvent("Up");
            mouth.send(BfdCodec.encode(packet(SessionState.DOWN, ours)));
            awaitEvent("UNAUTHENTICATED");
            mouth.send(down);
            awaitEvent("REPLAYED");
            assertEquals("Up", requireNonNull(sessions.status(neighbor)).state());
            mouth.send(seal.signed(BfdCodec.encode(packet(SessionState.DOWN, ours))));
            awaitEvent("Down");
        }
    }

    private static Packet packet(SessionState state, int yours) {
        return new Packet(
                state, Diagnostic.NONE, false, false, 3, THEIRS, yours, 10_000_000, 10_000_000);
    }

    /// Returns the next packet, which must be signed.
    private static Packet hear(DatagramSocket ear) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[100], 100);
        ear.receive(datagram);
        byte[] octets = Arrays.copyOf(datagram.getData(), datagram.getLength());
        return switch (BfdCodec.decode(octets, true)) {
            case BfdDecoded.Intact(Packet packet) -> {
                assertNull(new BfdSeal(HOW, 0).check(octets, packet, SESSION, 0));
                yield packet;
            }
            case BfdDecoded.Unfit(Discard why) -> throw new AssertionError(why);
        };
    }

    private void awaitEvent(String wanted) throws InterruptedException {
        String next;
        do {
            next = happened.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            assertNotNull(next, () -> "no " + wanted);
        } while (!wanted.equals(next));
    }
}
