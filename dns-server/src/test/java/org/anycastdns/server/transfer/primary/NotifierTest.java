package org.anycastdns.server.transfer.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.guard.AccessList;
import org.anycastdns.server.transfer.out.NotifyMessage;
import org.anycastdns.server.transfer.out.OutgoingSamples;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.testkit.Eventually;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// NOTIFY over sockets (cases 59 to 61), with the test as the secondary.
class NotifierTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final AccessList NOBODY = new AccessList(List.of());

    private static DatagramSocket secondary(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address));
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    private static NotifyTarget target(@Nullable TsigKey key, DatagramSocket... sockets) {
        return new NotifyTarget(
                "ams",
                Arrays.stream(sockets)
                        .map(each -> (InetSocketAddress) each.getLocalSocketAddress())
                        .toList(),
                key);
    }

    private static DatagramPacket received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        socket.receive(packet);
        return packet;
    }

    /// Receives NOTIFYs up to one with a serial; others may have been sent again before.
    private static DatagramPacket received(DatagramSocket socket, int serial) throws IOException {
        DatagramPacket packet = received(socket);
        while (serial(packet) != serial) {
            packet = received(socket);
        }
        return packet;
    }

    private static byte[] octets(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static int serial(DatagramPacket packet) {
        NotifyMessage message = NotifyMessage.of(octets(packet));
        return message == null ? -1 : message.serial().orElse(-1);
    }

    private static void reply(DatagramSocket socket, DatagramPacket request, int rcode)
            throws IOException {
        byte[] reply = octets(request);
        reply[2] |= (byte) 0x80;
        reply[3] = (byte) rcode;
        socket.send(new DatagramPacket(reply, reply.length, request.getSocketAddress()));
    }

    private static void awaitStatus(PrimaryZones zones, String what) throws InterruptedException {
        var _ =
                Eventually.seen(
                        what,
                        LIMIT,
                        () -> zones.status().iterator().next().toString(),
                        status -> status.contains(what));
    }

    @Test
    void aNewVersionIsToldToSecondariesOfBothFamilies() throws Exception {
        for (String address : List.of("127.0.0.1", "::1")) {
            try (DatagramSocket socket = secondary(address);
                    PrimaryZones zones = PrimarySamples.zones(NOBODY, target(null, socket))) {
                PrimarySamples.load(zones, 1, List.of());
                zones.start();
                reply(socket, received(socket, 1), 0);
                awaitStatus(zones, "state=answered, serial=1,");
                PrimarySamples.load(zones, 2, List.of());
                reply(socket, received(socket, 2), 5);
                awaitStatus(zones, "reply=REFUSED");
                assertEquals(1, zones.counters().notified().get("accepted"));
                assertEquals(1, zones.counters().notified().get("refused"));
            }
        }
    }

    /// All of 127.0.0.0/8 is on a Linux host.
    @Test
    void notifyComesFromTheSourceOfItsTarget() throws Exception {
        InetAddress source = InetAddress.ofLiteral("127.0.0.2");
        try (DatagramSocket socket = secondary("127.0.0.1");
                DatagramSocket other = secondary("127.0.0.1");
                PrimaryZones zones =
                        PrimarySamples.zones(
                                NOBODY,
                                new NotifyTarget(
                                        "ams",
                                        List.of((InetSocketAddress) socket.getLocalSocketAddress()),
                                        null,
                                        _ -> source),
                                target(null, other))) {
            PrimarySamples.load(zones, 1, List.of());
            zones.start();
            DatagramPacket packet = received(socket, 1);
            assertEquals(source, packet.getAddress());
            assertEquals(InetAddress.ofLiteral("127.0.0.1"), received(other, 1).getAddress());
            reply(socket, packet, 0);
            awaitStatus(zones, "state=answered, serial=1,");
        }
    }

    @Test
    void aSourceThatIsNotOnTheHostCostsItsTargetAlone() throws Exception {
        try (DatagramSocket socket = secondary("127.0.0.1");
                PrimaryZones zones =
                        PrimarySamples.zones(
                                NOBODY,
                                new NotifyTarget(
                                        "gone",
                                        List.of(new InetSocketAddress("192.0.2.1", 53)),
                                        null,
                                        _ -> InetAddress.ofLiteral("192.0.2.77")),
                                target(null, socket))) {
            PrimarySamples.load(zones, 1, List.of());
            zones.start();
            reply(socket, received(socket, 1), 0);
            awaitStatus(zones, "state=answered, serial=1,");
        }
    }

    @Test
    void withoutReplyTheNextAddressGetsItAndForeignRepliesDoNotCount() throws Exception {
        try (DatagramSocket socket = secondary("127.0.0.1");
                DatagramSocket other = secondary("127.0.0.1");
                PrimaryZones zones = PrimarySamples.zones(NOBODY, target(null, socket, other))) {
            zones.start();
            PrimarySamples.load(zones, 1, List.of());
            DatagramPacket first = received(socket);
            // From another port, with another ID, and cut off.
            reply(other, first, 0);
            DatagramPacket wrong = received(other);
            assertEquals(1, serial(wrong));
            wrong.getData()[0] ^= 1;
            reply(other, wrong, 0);
            byte[] cut = Arrays.copyOf(octets(wrong), 5);
            other.send(new DatagramPacket(cut, cut.length, wrong.getSocketAddress()));
            DatagramPacket third = received(socket);
            reply(socket, third, 0);
            awaitStatus(zones, "state=answered, serial=1,");
        }
    }

    @Test
    void changesInQuickSuccessionAreToldTogether() throws Exception {
        try (DatagramSocket socket = secondary("127.0.0.1");
                PrimaryZones zones = PrimarySamples.zones(NOBODY, target(null, socket))) {
            zones.start();
            for (int serial = 1; serial <= 50; serial++) {
                zones.loaded(PrimarySamples.ZONE, OutgoingSamples.records(serial, List.of()));
            }
            int serial = 0;
            int count = 0;
            while (serial != 50) {
                DatagramPacket packet = received(socket);
                assertTrue(serial(packet) >= serial);
                serial = serial(packet);
                count++;
            }
            assertTrue(count < 25, count + " NOTIFYs");
        }
    }

    @Test
    void itIsSignedWithTheKeyOfTheTarget() throws Exception {
        TsigKey key = OutgoingSamples.KEY;
        try (DatagramSocket socket = secondary("127.0.0.1");
                PrimaryZones zones = PrimarySamples.zones(NOBODY, target(key, socket))) {
            zones.start();
            PrimarySamples.load(zones, 1, List.of());
            DatagramPacket packet = received(socket);
            byte[] octets = octets(packet);
            TsigVerdict verdict =
                    TsigRequests.check(
                            new TsigKeys(List.of(key)),
                            octets,
                            octets.length,
                            System.currentTimeMillis() / 1_000);
            assertTrue(verdict instanceof TsigVerdict.Verified, verdict::toString);
            byte[] unsigned = Arrays.copyOf(octets, 12);
            unsigned[2] |= (byte) 0x80;
            Arrays.fill(unsigned, 4, 12, (byte) 0);
            socket.send(new DatagramPacket(unsigned, unsigned.length, packet.getSocketAddress()));
            awaitStatus(zones, "the response is not signed");
        }
    }
}
