package org.anycastdns.server.rdata;

/// Names up to the end of the data, possibly none: the rendezvous servers of HIP (RFC 8005).
final class NameListField extends Field {

    NameListField(String label) {
        super(label);
    }

    @Override
    boolean read(RdataReader in) {
        while (in.more()) {
            if (!in.name()) {
                return false;
            }
        }
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        while (in.left() > 0) {
            if (!in.name()) {
                return false;
            }
        }
        return true;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        while (in.left() > 0) {
            in.name(to.append(' '));
        }
    }
}
