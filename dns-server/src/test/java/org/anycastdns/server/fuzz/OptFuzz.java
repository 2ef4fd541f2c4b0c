package org.anycastdns.server.fuzz;

import static org.anycastdns.server.fuzz.Asked.require;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;

/// Any octets as the OPT record of a sound query, read here a second time in the plainest way.
///
/// ```
///   1 octet: transport | CLASS (2): UDP size | TTL (4): RCODE, VERSION, flags | RDATA
/// ```
public final class OptFuzz {

    /// ID 1, one question, one additional record: www.example.com. A IN, then the root and OPT.
    private static final byte[] QUERY =
            HexFormat.of()
                    .parseHex(
                            "000100000001000000000001"
                                    + "03777777076578616d706c6503636f6d0000010001"
                                    + "000029");

    private static final Asked SAMPLES = Asked.samples();
    private static final int HEAD_OCTETS = 7;
    private static final int COOKIE = 10;
    private static final int ZONEVERSION = 19;

    private OptFuzz() {}

    /// Asks once.
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < HEAD_OCTETS || data.length > 65_000) {
            return;
        }
        int octets = data.length - HEAD_OCTETS;
        ByteBuffer packet = ByteBuffer.allocate(QUERY.length + 8 + octets);
        packet.put(QUERY).put(data, 1, 6).putShort((short) octets).put(data, HEAD_OCTETS, octets);
        Message reply = SAMPLES.ask(packet.array(), new Asked.Way((data[0] & 1) != 0, 65_535));
        int rcode = rcode(ByteBuffer.wrap(data, HEAD_OCTETS, octets), data[4]);
        require(reply != null, "no reply");
        check(reply, rcode);
    }

    private static void check(@Nullable Message reply, int rcode) {
        if (reply == null) {
            return;
        }
        require(
                reply.getRcode() == rcode,
                Rcode.string(reply.getRcode()) + ", not " + Rcode.string(rcode));
        OPTRecord opt = reply.getOPT();
        require(rcode == Rcode.FORMERR || opt != null, "no OPT");
        if (opt != null) {
            require(opt.getVersion() == 0, "version " + opt.getVersion());
            // RFC 6891 section 6.1.4: of the flags only DO comes back.
            require((opt.getFlags() & ~0x8000) == 0, "flags " + opt.getFlags());
        }
    }

    /// RFC 6891 section 6.1: the options must fill the RDATA; then the version counts, then what is
    /// in the options.
    private static int rcode(ByteBuffer options, int version) {
        boolean malformed = false;
        boolean hasCookie = false;
        while (options.hasRemaining()) {
            if (options.remaining() < 4) {
                return Rcode.FORMERR;
            }
            int code = options.getShort() & 0xffff;
            int size = options.getShort() & 0xffff;
            if (size > options.remaining()) {
                return Rcode.FORMERR;
            }
            options.position(options.position() + size);
            if (code == COOKIE && !hasCookie) {
                // RFC 7873 section 5.2.2.
                boolean sound = size == 8 || (size >= 16 && size <= 40);
                malformed |= !sound;
                hasCookie = sound;
            }
            malformed |= code == ZONEVERSION && size > 0;
        }
        return version != 0 ? Rcode.BADVERS : malformed ? Rcode.FORMERR : Rcode.NOERROR;
    }
}
