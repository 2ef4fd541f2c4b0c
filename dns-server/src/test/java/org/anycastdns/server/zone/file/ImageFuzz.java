package org.anycastdns.server.zone.file;

import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;

/// Any octets as an image of zones, with the size and the SHA-256 that they should have: the file
/// is refused, or whatever is asked of its zones gets a response.
public final class ImageFuzz {

    private static final int HEAD_OCTETS = 64;
    private static final int OCTETS_AT = 16;
    private static final List<String> LABELS = List.of("a", "ns", "www.b", "*", "no.such");
    private static final int[] TYPES = {
        RecordType.A,
        RecordType.NS,
        RecordType.SOA,
        RecordType.MX,
        RecordType.DS,
        RecordType.CNAME,
        RecordType.HTTPS,
        RecordType.RRSIG,
        RecordType.ANY
    };

    private ImageFuzz() {}

    /// Reads once.
    public static void fuzzerTestOneInput(byte[] data) {
        MemorySegment file = MemorySegment.ofArray(data);
        if (data.length >= HEAD_OCTETS) {
            file.set(I64, OCTETS_AT, data.length);
            ImageFile.seal(file);
        }
        List<Zone> zones;
        try {
            zones = ImageFile.zones(file, ImageMemory.collected());
        } catch (BadImageException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
            return;
        }
        ServedZones served = new ServedZones(new ZoneSet(zones));
        Responder responder = new Responder(served, SampleZone.IDENTITY, SampleZone.SECRETS);
        for (Zone zone : zones) {
            ask(responder, zone.apex());
            for (String label : LABELS) {
                try {
                    ask(responder, Name.of(label, zone.apex()));
                } catch (IllegalArgumentException tooLong) {
                    // There is no such name to ask for.
                }
            }
        }
    }

    private static void ask(Responder responder, Name name) {
        MemorySegment request = MemorySegment.ofArray(new byte[512]);
        MemorySegment response = MemorySegment.ofArray(new byte[65_535]);
        for (int type : TYPES) {
            request.asByteBuffer()
                    .putLong(1L << 16)
                    .putInt(1)
                    .put(name.wire())
                    .putShort((short) type)
                    .putShort((short) RecordClass.IN)
                    .put(new byte[] {0, 0, 41, 16, 0, 0, 0, (byte) 0x80, 0, 0, 0});
            int length = 12 + name.length() + 4 + 11;
            for (Client client : List.of(new Client().udp(), new Client().tcp(1))) {
                int octets = responder.respond(request, length, response, client.at(1));
                if (octets < length || response.get(U8, 2) >= 0) {
                    throw new AssertionError("no response for " + name + ", type " + type);
                }
            }
        }
    }
}
