package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Whatever comes, the responder neither throws nor sends what it must not.
class HostileInputTest {

    private static final int PACKETS = 200_000;
    private static final List<String> NAMES =
            Stream.concat(
                            """
                            .
                            example.
                            www.example.
                            WwW.eXaMpLe.
                            no.such.example.
                            empty.example.
                            alias.example.
                            loop.example.
                            a.b.tree.example.
                            tree.example.
                            x.wild.example.
                            host.sub.example.
                            sub.example.
                            large.example.
                            _sip._udp.example.
                            id.server.
                            version.bind.
                            www.broken.
                            elsewhere.test.
                            """
                                    .lines(),
                            Stream.of("a".repeat(63), "1.".repeat(112) + "1")
                                    .map(labels -> labels + ".tree.example."))
                    .toList();
    private static final int[] TYPES = {
        1, 2, 5, 6, 15, 16, 28, 33, 39, 43, 47, 0, 41, 128, 250, 251, 252, 255, 65280, 65535
    };
    private static final int[] CLASSES = {1, 1, 1, 1, 3, 254, 255, 0};

    private final MemorySegment request = Arena.ofAuto().allocate(65_535);
    private final MemorySegment response = Arena.ofAuto().allocate(65_535);
    private final Responder responder = SampleZone.responder();

    @Test
    void randomAndMutatedPacketsNeverThrowAndRepliesAreSound() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        int replies = 0;
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = packet(random);
            Transport transport = random.nextInt(4) == 0 ? Transport.TCP : Transport.UDP;
            int capacity = random.nextBoolean() ? 65_535 : random.nextInt(512, 4_097);
            try {
                replies += check(packet, transport, capacity);
            } catch (IOException | RuntimeException | AssertionError e) {
                fail(
                        "seed %d, packet %d over %s into %d octets: %s"
                                .formatted(
                                        seed,
                                        i,
                                        transport,
                                        capacity,
                                        HexFormat.of().formatHex(packet)),
                        e);
            }
        }
        int answered = replies;
        assertTrue(answered > PACKETS / 2, () -> "only " + answered + " replies");
    }

    private int check(byte[] packet, Transport transport, int capacity) throws IOException {
        MemorySegment.copy(packet, 0, request, ValueLayout.JAVA_BYTE, 0, packet.length);
        // What follows the message in the buffer is not part of it.
        request.asSlice(packet.length, Math.min(300, 65_535 - packet.length)).fill((byte) 0xff);
        Client client = transport == Transport.TCP ? new Client().tcp(100) : new Client().udp();
        int length =
                responder.respond(request, packet.length, response.asSlice(0, capacity), client);
        if (packet.length < Header.OCTETS || (packet[2] & 0x80) != 0) {
            assertEquals(0, length, "replies to what is no request");
            return 0;
        }
        byte[] octets = response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        Message reply = new Message(octets);
        assertEquals(((packet[0] & 0xff) << 8) | (packet[1] & 0xff), reply.getHeader().getID());
        assertTrue(reply.getHeader().getFlag(Flags.QR), "QR");
        assertTrue(length <= capacity, () -> length + " octets into " + capacity);
        if (transport == Transport.UDP) {
            int limit = Math.min(Edns.UDP_SIZE, advertised(packet, reply));
            assertTrue(length <= limit, () -> length + " octets, limit " + limit);
        }
        return 1;
    }

    /// What the client takes over UDP; a reply without OPT is held to 512 octets.
    private static int advertised(byte[] packet, Message reply) {
        if (reply.getOPT() == null) {
            return Edns.UDP_SIZE_MIN;
        }
        try {
            OPTRecord opt = new Message(packet).getOPT();
            return opt == null ? Edns.UDP_SIZE : Math.max(512, opt.getPayloadSize());
        } catch (IOException | RuntimeException unreadable) {
            // dnsjava is stricter about trailing octets and options than RFC 6891 is.
            return Edns.UDP_SIZE;
        }
    }

    private static byte[] packet(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> noise(random, random.nextInt(0, 80));
            case 1 -> noise(random, random.nextInt(0, 1_500));
            case 2 -> query(random);
            case 3 -> cut(query(random), random);
            case 4 -> counted(query(random), random);
            default -> mutated(query(random), random);
        };
    }

    private static byte[] noise(SplittableRandom random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        if (length > 2 && random.nextInt(4) > 0) {
            octets[2] &= 0x07;
        }
        return octets;
    }

    private static byte[] query(SplittableRandom random) {
        Message message = new Message(random.nextInt(0x10000));
        message.getHeader().setOpcode(random.nextInt(20) == 0 ? random.nextInt(16) : 0);
        if (random.nextBoolean()) {
            message.getHeader().setFlag(Flags.RD);
        }
        int questions = random.nextInt(20) == 0 ? random.nextInt(3) : 1;
        for (int i = 0; i < questions; i++) {
            message.addRecord(question(random), Section.QUESTION);
        }
        if (random.nextInt(3) > 0) {
            message.addRecord(opt(random), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    private static Record question(SplittableRandom random) {
        Name name = Name.fromConstantString(NAMES.get(random.nextInt(NAMES.size())));
        int type = TYPES[random.nextInt(TYPES.length)];
        int recordClass = CLASSES[random.nextInt(CLASSES.length)];
        // Record.newRecord refuses numbers out of its range, type 0 among them.
        return Record.newRecord(
                name, type == 0 ? 65_534 : type, recordClass == 0 ? DClass.IN : recordClass);
    }

    private static OPTRecord opt(SplittableRandom random) {
        int size = random.nextBoolean() ? 1_232 : random.nextInt(0, 65_536);
        int version = random.nextInt(10) == 0 ? random.nextInt(256) : 0;
        List<EDNSOption> options =
                random.nextBoolean() ? List.of() : List.of(new NSIDOption(new byte[0]));
        return new OPTRecord(size, 0, version, random.nextBoolean() ? 0x8000 : 0, options);
    }

    private static byte[] cut(byte[] packet, SplittableRandom random) {
        return Arrays.copyOf(packet, random.nextInt(packet.length + 20));
    }

    /// Wrong section counts.
    private static byte[] counted(byte[] packet, SplittableRandom random) {
        packet[5 + 2 * random.nextInt(4)] = (byte) random.nextInt(0, 20);
        return packet;
    }

    private static byte[] mutated(byte[] packet, SplittableRandom random) {
        int changes = random.nextInt(1, 6);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(packet.length);
            packet[at] =
                    random.nextBoolean()
                            ? (byte) random.nextInt(256)
                            : (byte) (packet[at] ^ (1 << random.nextInt(8)));
        }
        return packet;
    }
}
