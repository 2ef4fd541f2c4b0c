package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ZoneSet;
import org.junit.jupiter.api.Test;

/// What the image has ready is, octet for octet, what is written name by name.
class ReadyMadeTest {

    private static final long SEED = Long.getLong("anycastdns.readymade.seed", 20_261_122L);
    private static final int ZONES = Integer.getInteger("anycastdns.readymade.zones", 300);
    private static final int QUESTIONS = 400;
    private static final int HEADER_OCTETS = 12;
    private static final String[] APEXES = {"example.", "Sub.example.com.", ".", "com."};

    private final MemorySegment request = Arena.ofAuto().allocate(65_535);
    private final MemorySegment ready = Arena.ofAuto().allocate(65_535);
    private final MemorySegment written = Arena.ofAuto().allocate(65_535);

    @Test
    void aCopiedAnswerEqualsAWrittenOne() {
        SplittableRandom random = new SplittableRandom(SEED);
        int copied = 0;
        for (int i = 0; i < ZONES; i++) {
            Name apex = Name.of(APEXES[random.nextInt(APEXES.length)]);
            RandomZone zone = new RandomZone(apex, random.nextLong());
            ServedZones zones = new ServedZones(new ZoneSet(List.of(zone.build())));
            Responder copying = responder(zones, true);
            Responder writing = responder(zones, false);
            for (int j = 0; j < QUESTIONS; j++) {
                int length = ask(zone.question(), zone.type(), random);
                Client client = new Client().ipv4(1).at(1);
                client = random.nextInt(8) == 0 ? client.tcp(1) : client.udp();
                int octets = copying.respond(request, length, ready, client);
                copied += copying.readyMade() ? 1 : 0;
                assertEquals(
                        hex(written, writing.respond(request, length, written, client)),
                        hex(ready, octets),
                        "seed %d, zone %d, %s, query %s"
                                .formatted(SEED, i, apex, hex(request, length)));
            }
        }
        int all = ZONES * QUESTIONS;
        assertTrue(copied > all / 3, "only " + copied + " of " + all + " answers were copied");
    }

    private static Responder responder(ServedZones zones, boolean readyMade) {
        return new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS, readyMade);
    }

    /// Writes a query; returns its length.
    private int ask(Name name, int type, SplittableRandom random) {
        ByteBuffer query = request.asByteBuffer();
        boolean edns = random.nextInt(4) > 0;
        query.putLong(1L << 32 | 1L << 16).putShort((short) 0).putShort((short) (edns ? 1 : 0));
        for (byte octet : name.wire()) {
            boolean letter = octet >= 'a' && octet <= 'z';
            query.put(letter && random.nextInt(9) == 0 ? (byte) (octet - 0x20) : octet);
        }
        query.putShort((short) type).putShort((short) RecordClass.IN);
        if (edns) {
            int size = random.nextBoolean() ? Edns.UDP_SIZE : random.nextInt(512, Edns.UDP_SIZE);
            query.put((byte) 0).putShort((short) RecordType.OPT).putShort((short) size);
            query.putInt(random.nextBoolean() ? 0x8000 : 0).putShort((short) 0);
        }
        assertTrue(query.position() > HEADER_OCTETS);
        return query.position();
    }

    private static String hex(MemorySegment message, int length) {
        return HexFormat.of().formatHex(message.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
