package org.anycastdns.server.rdata;

/// The next hashed owner name of NSEC3 with its length, in base32 without padding (RFC 5155 section
/// 3.3).
final class HashField extends Field {

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";

    @Override
    boolean read(RdataReader in) {
        int length = in.end();
        in.put(0, 1);
        if (!in.base32Word()) {
            return false;
        }
        int octets = in.end() - length - 1;
        if (octets > COUNTED_OCTETS_MAX) {
            in.token(in.token() - 1);
            return in.expected("a hash of at most 255 octets");
        }
        in.octet(length, octets);
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.has(1)) {
            return false;
        }
        return in.peek(0) == 0 ? in.refuse("the hash is empty") : in.string();
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int octets = in.next();
        to.append(' ');
        int bits = 0;
        int pending = 0;
        for (int i = 0; i < octets; i++) {
            pending = pending << 8 | in.next();
            for (bits += 8; bits >= 5; bits -= 5) {
                to.append(DIGITS.charAt((pending >> (bits - 5)) & 31));
            }
            pending &= (1 << bits) - 1;
        }
        if (bits > 0) {
            to.append(DIGITS.charAt((pending << (5 - bits)) & 31));
        }
    }
}
