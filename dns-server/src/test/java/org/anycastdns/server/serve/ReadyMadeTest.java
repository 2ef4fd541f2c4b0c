package org.anycastdns.server.serve;

import static org.anycastdns.server.serve.RandomRequests.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.utils.base32;

/// What the image has ready is, octet for octet, what is written name by name.
class ReadyMadeTest {

    private static final Seeded RUN = Seeded.of("readymade", 20_261_122L, "zones", 300);
    private static final int QUESTIONS = 400;
    private static final int HEADER_OCTETS = 12;
    private static final int DO = 0x8000;
    private static final String[] APEXES = {"example.", "Sub.example.com.", ".", "com."};

    private final MemorySegment request = Arena.ofAuto().allocate(65_535);
    private final MemorySegment ready = Arena.ofAuto().allocate(65_535);
    private final MemorySegment written = Arena.ofAuto().allocate(65_535);

    @Test
    void aCopiedAnswerEqualsAWrittenOne() {
        SplittableRandom random = RUN.random();
        int copied = 0;
        for (int i = 0; i < RUN.count(); i++) {
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
                                .formatted(RUN.seed(), i, apex, hex(request, length)));
            }
        }
        int all = RUN.count() * QUESTIONS;
        assertTrue(copied > all / 3, "only " + copied + " of " + all + " answers were copied");
    }

    /// The only record of the chain covers what a wildcard stands for, and matches the host of a
    /// service that has no IPv6 address: its second owner is a pointer, which copies cannot have.
    @Test
    void aProofThatIsThereTwiceIsWrittenAnew() {
        Name host = Name.of("example.");
        byte[] hash = new Nsec3Hash().of(host.folded(), 0, host.length(), new byte[0], 0).clone();
        String label = new base32("0123456789ABCDEFGHIJKLMNOPQRSTUV", false, true).toString(hash);
        byte[] parameters = {1, 0, 0, 0, 0};
        ByteBuffer nsec3 = ByteBuffer.allocate(parameters.length + 1 + hash.length);
        nsec3.put(parameters).put((byte) hash.length).put(hash);
        ByteBuffer soa = ByteBuffer.allocate(2 * host.length() + 20);
        soa.put(host.wire()).put(host.wire());
        ByteBuffer https = ByteBuffer.allocate(2 + host.length());
        https.putShort((short) 1).put(host.wire());
        byte[] signature = new byte[20];
        signature[1] = RecordType.SOA;
        ZoneBuilder zone = new ZoneBuilder(host);
        zone.add(new ResourceRecord(host, RecordType.SOA, 300, soa.array()));
        zone.add(new ResourceRecord(host, RecordType.RRSIG, 300, signature));
        zone.add(new ResourceRecord(host, RecordType.NS, 300, host.wire()));
        zone.add(new ResourceRecord(host, RecordType.NSEC3PARAM, 300, parameters));
        zone.add(new ResourceRecord(host, RecordType.A, 300, new byte[4]));
        zone.add(new ResourceRecord(Name.of("*", host), RecordType.HTTPS, 300, https.array()));
        zone.add(new ResourceRecord(Name.of(label, host), RecordType.NSEC3, 300, nsec3.array()));
        ServedZones zones = new ServedZones(new ZoneSet(List.of(zone.build(2))));
        int length =
                RandomRequests.write(
                        request, Name.of("www", host), RecordType.HTTPS, Edns.UDP_SIZE, DO);
        Client client = new Client().ipv4(1).at(1).udp();
        Responder copying = responder(zones, true);
        String copied = hex(ready, copying.respond(request, length, ready, client));
        String anew =
                hex(written, responder(zones, false).respond(request, length, written, client));
        assertEquals(anew, copied);
        assertFalse(copying.readyMade());
        assertEquals(2, copied.split(HexFormat.of().formatHex(nsec3.array()), -1).length - 1);
    }

    private static Responder responder(ServedZones zones, boolean readyMade) {
        return SampleZone.responder(zones, readyMade, false);
    }

    /// Writes a query, its letters in any case, with EDNS or without; returns its length.
    private int ask(Name name, int type, SplittableRandom random) {
        boolean edns = random.nextInt(4) > 0;
        int size = random.nextBoolean() ? Edns.UDP_SIZE : random.nextInt(512, Edns.UDP_SIZE);
        int flags = random.nextBoolean() ? DO : 0;
        int length = RandomRequests.write(request, name, type, edns ? size : 0, flags);
        for (int i = HEADER_OCTETS; i < HEADER_OCTETS + name.length(); i++) {
            byte octet = request.get(ValueLayout.JAVA_BYTE, i);
            boolean letter = octet >= 'a' && octet <= 'z';
            if (letter && random.nextInt(9) == 0) {
                request.set(ValueLayout.JAVA_BYTE, i, (byte) (octet - 0x20));
            }
        }
        return length;
    }
}
