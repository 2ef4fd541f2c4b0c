package org.anycastdns.server.rdata;

/// An address in hexadecimal digits, with optional dots. NSAP (RFC 1706) starts with 0x. ATMA (the
/// ATM Forum's af-saa-0069) also has a second form: + and the digits of E.164.
final class NsapField extends Field {

    private static final int AESA = 0;
    private static final int E164 = 1;

    private final boolean atma;

    private NsapField(boolean atma) {
        super("address");
        this.atma = atma;
    }

    static NsapField nsap() {
        return new NsapField(false);
    }

    static NsapField atma() {
        return new NsapField(true);
    }

    @Override
    boolean read(RdataReader in) {
        if (!in.word()) {
            return bad(in);
        }
        int at = in.start();
        if (atma) {
            boolean e164 = at < in.stop() && in.character(at) == '+';
            in.put(e164 ? E164 : AESA, 1);
            return e164 ? e164(in, at + 1) : hex(in, at);
        }
        boolean marked =
                in.stop() - at > 2
                        && in.character(at) == '0'
                        && (in.character(at + 1) | 0x20) == 'x';
        return (marked && hex(in, at + 2)) || bad(in);
    }

    private boolean bad(RdataReader in) {
        return in.expected(
                atma ? "hexadecimal digits, or '+' and digits" : "0x and hexadecimal digits");
    }

    private boolean e164(RdataReader in, int from) {
        int start = in.end();
        boolean dotted = true;
        for (int at = from; at < in.stop(); at++) {
            byte c = in.character(at);
            if (c == '.' && !dotted) {
                dotted = true;
            } else if (c >= '0' && c <= '9') {
                in.put(c, 1);
                dotted = false;
            } else {
                return bad(in);
            }
        }
        boolean whole = in.end() > start && !dotted;
        return whole ? in.taken() : bad(in);
    }

    private boolean hex(RdataReader in, int from) {
        int start = in.end();
        int half = -1;
        for (int at = from; at < in.stop(); at++) {
            int digit = RdataReader.hexDigit(in.character(at));
            if (in.character(at) == '.') {
                continue;
            }
            if (digit < 0) {
                return bad(in);
            }
            if (half >= 0) {
                in.put(half << 4 | digit, 1);
            }
            half = half < 0 ? digit : -1;
        }
        boolean whole = half < 0 && in.end() > start;
        return whole ? in.taken() : bad(in);
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.has(atma ? 2 : 1)) {
            return false;
        }
        if (atma) {
            int format = in.next();
            while (format == E164 && in.left() > 0) {
                int digit = in.next();
                if (digit < '0' || digit > '9') {
                    return in.refuse("expected digits of E.164");
                }
            }
        }
        in.skipAll();
        return true;
    }

    @Override
    boolean hasText(RdataOctets in) {
        boolean known = !atma || in.peek(0) == AESA || in.peek(0) == E164;
        in.skipAll();
        return known;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ');
        if (atma && in.next() == E164) {
            to.append('+');
            while (in.left() > 0) {
                to.append((char) in.next());
            }
        } else {
            in.hex(in.left(), to.append(atma ? "" : "0x"));
        }
    }
}
