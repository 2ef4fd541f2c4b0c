package org.anycastdns.server.rdata;

/// The digest of DS (RFC 4509, RFC 6605), CDS, DLV and TA, in hexadecimal digits. The digest type
/// in the octet before determines the length, if the type is known.
final class DigestField extends Field {

    /// Octets of SHA-1, SHA-256 and SHA-384 digests, by digest type; 0 allows any length.
    private static final int[] LENGTHS = {0, 20, 32, 0, 48};

    private static int octets(int kind) {
        return kind < LENGTHS.length ? LENGTHS[kind] : 0;
    }

    @Override
    boolean read(RdataReader in) {
        int from = in.end();
        int kind = in.octet(from - 1);
        int token = in.token();
        if (!in.hex(true)) {
            return false;
        }
        int expected = octets(kind);
        if (expected > 0 && in.end() - from != expected) {
            in.token(token);
            return in.refuse(wrong(kind, in.end() - from));
        }
        return true;
    }

    private static String wrong(int kind, int octets) {
        return "a digest of type %d has %d octets, not %d".formatted(kind, octets(kind), octets);
    }

    @Override
    boolean check(RdataOctets in) {
        int kind = in.before(in.position() - 1);
        int expected = octets(kind);
        if (!in.has(1)) {
            return false;
        }
        if (expected > 0 && in.left() != expected) {
            return in.refuse(wrong(kind, in.left()));
        }
        in.skipAll();
        return true;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        in.hex(in.left(), to.append(' '));
    }
}
