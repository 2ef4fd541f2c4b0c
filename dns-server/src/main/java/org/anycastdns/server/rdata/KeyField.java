package org.anycastdns.server.rdata;

/// The public key of KEY, in base64. It may be missing if the first two bits of the flags, at the
/// start of the data, are set (RFC 2535 section 3.1.2).
final class KeyField extends RestField {

    private static final int NO_KEY = 0xc0;

    KeyField() {
        super("public key");
    }

    @Override
    boolean read(RdataReader in) {
        return in.base64((in.octet(0) & NO_KEY) != NO_KEY);
    }

    @Override
    int octetsMin(RdataOctets in) {
        return (in.before(0) & NO_KEY) == NO_KEY ? 0 : 1;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        if (in.left() > 0) {
            in.base64(in.left(), to.append(' '));
        }
    }
}
