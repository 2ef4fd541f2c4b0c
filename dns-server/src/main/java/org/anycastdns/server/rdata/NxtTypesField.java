package org.anycastdns.server.rdata;

/// Record types below 128 up to the end of the data, as one bitmap: NXT (RFC 2535 section 5.2).
final class NxtTypesField extends Field {

    private static final int OCTETS_MAX = 16;
    private static final int TYPES = 8 * OCTETS_MAX;

    @Override
    boolean read(RdataReader in) {
        int start = in.end();
        while (in.more()) {
            int token = in.token();
            int type = in.type();
            if (type <= 0 || type >= TYPES) {
                in.token(token);
                return in.expected("a record type from 1 to 127");
            }
            while (in.end() - start <= type / 8) {
                in.put(0, 1);
            }
            int at = start + type / 8;
            in.octet(at, in.octet(at) | 0x80 >> type % 8);
        }
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        if (in.left() > OCTETS_MAX) {
            return in.refuse("the bitmap of types has more than %d octets".formatted(OCTETS_MAX));
        }
        if (in.left() > 0 && in.peek(in.left() - 1) == 0) {
            return in.refuse("the bitmap of types ends with an octet of zero");
        }
        in.skipAll();
        return true;
    }

    /// If the first bit is set, the data has another format (RFC 2535 section 5.2).
    @Override
    boolean hasText(RdataOctets in) {
        boolean known = in.left() == 0 || in.peek(0) < 0x80;
        in.skipAll();
        return known;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        TypeBitmapField.types(in, 0, in.left(), to);
    }
}
