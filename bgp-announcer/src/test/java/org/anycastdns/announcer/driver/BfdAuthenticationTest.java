package org.anycastdns.announcer.driver;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
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
import org.junit.jupiter.api.Test;

/// A signed BFD session over loopback; the neighbor is this test, packet by packet.
class BfdAuthenticationTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int THEIRS = 0x0b;

    /// Long, so that a busy machine does not end the session.
    private static final int INTERVAL_MILLIS = 10_000;

    private static final BfdAuthentication HOW =
            new BfdAuthentication(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 1, "a secret");
    private static final BfdTerms TERMS = new BfdTerms(INTERVAL_MILLIS, 3, HOW);
    private static final BfdSession SESSION = new BfdSession(THEIRS, 10_000_000, 10_000_000, 3);

    private final BfdSeal seal = new BfdSeal(HOW, 42);

    @Test
    void b15ForgedAndReplayedPacketsDoNotEndASignedSession() throws Exception {
        Neighbor neighbor = new Neighbor(LOOPBACK, 65001);
        try (BfdNeighbor test = new BfdNeighbor(LOOPBACK);
                BfdSessions sessions =
                        new BfdSessions(
                                Map.of(neighbor, TERMS),
                                test,
                                (_, why) -> test.happened.add(why),
                                test.local,
                                test.port())) {
            sessions.follow(Map.of(neighbor, TERMS));
            int ours = hear(test).myDiscriminator();
            byte[] down = seal.signed(BfdCodec.encode(packet(SessionState.DOWN, 0)));
            test.say(down);
            test.say(seal.signed(BfdCodec.encode(packet(SessionState.UP, ours))));
            test.await("Up");
            test.say(BfdCodec.encode(packet(SessionState.DOWN, ours)));
            test.await("UNAUTHENTICATED");
            test.say(down);
            test.await("REPLAYED");
            assertEquals("Up", requireNonNull(sessions.status(neighbor)).state());
            test.say(seal.signed(BfdCodec.encode(packet(SessionState.DOWN, ours))));
            test.await("Down");
        }
    }

    private static Packet packet(SessionState state, int yours) {
        return new Packet(
                state, Diagnostic.NONE, false, false, 3, THEIRS, yours, 10_000_000, 10_000_000);
    }

    /// Returns the next packet, which must be signed.
    private static Packet hear(BfdNeighbor test) throws IOException {
        byte[] octets = test.hear().getData();
        return switch (BfdCodec.decode(octets, true)) {
            case BfdDecoded.Intact(Packet packet) -> {
                assertNull(new BfdSeal(HOW, 0).check(octets, packet, SESSION, 0));
                yield packet;
            }
            case BfdDecoded.Unfit(Discard why) -> throw new AssertionError(why);
        };
    }
}
