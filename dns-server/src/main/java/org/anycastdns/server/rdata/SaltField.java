package org.anycastdns.server.rdata;

/// The salt of NSEC3 with its length, or "-" if it is empty (RFC 5155 section 3.3).
final class SaltField extends Field {

    private static final String EXPECTED = "'-' or up to 255 octets in hexadecimal digits";

    @Override
    boolean read(RdataReader in) {
        int characters = in.word() ? in.stop() - in.start() : 0;
        if (characters == 1 && in.character(in.start()) == '-') {
            return in.put(0, 1) && in.taken();
        }
        if (characters == 0 || characters > 2 * COUNTED_OCTETS_MAX) {
            return in.expected(EXPECTED);
        }
        in.put(characters / 2, 1);
        return in.hexWord() || in.expected(EXPECTED);
    }

    @Override
    boolean check(RdataOctets in) {
        return in.string();
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int octets = in.next();
        in.hex(octets, to.append(octets == 0 ? " -" : " "));
    }
}
