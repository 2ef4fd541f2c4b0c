package org.anycastdns.server.rdata;

/// A string without a length, up to the end of the data: the value of CAA (RFC 8659) and the target
/// of URI (RFC 7553).
final class TextField extends RestField {

    TextField(String label) {
        super(label);
    }

    @Override
    boolean read(RdataReader in) {
        return in.string(Integer.MAX_VALUE);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        in.quoted(in.left(), to.append(' '));
    }
}
