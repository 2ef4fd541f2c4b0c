package org.anycastdns.server.rdata;

/// The tag of a CAA record: a short string of letters and digits (RFC 8659 section 4.1).
final class TagField extends Field {

    private static final String EXPECTED = "letters and digits, such as issue";

    TagField() {
        super("tag");
    }

    @Override
    boolean read(RdataReader in) {
        int from = in.end();
        int token = in.token();
        if (!in.more() || !in.string() || in.objection(this, from) != null) {
            in.token(token);
            return in.expected(EXPECTED);
        }
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.has(1) || !in.has(1 + in.peek(0))) {
            return false;
        }
        int octets = in.next();
        boolean sound = octets > 0;
        for (int i = 0; i < octets; i++) {
            int c = in.next();
            int lower = c | 0x20;
            sound &= (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
        }
        return sound || in.refuse("expected " + EXPECTED);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int octets = in.next();
        to.append(' ');
        for (int i = 0; i < octets; i++) {
            to.append((char) in.next());
        }
    }
}
