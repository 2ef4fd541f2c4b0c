package org.anycastdns.server.rdata;

/// The discovery bit and the relay type of AMTRELAY, which share an octet (RFC 8777 section 4.2).
final class RelayKindField extends Field {

    private static final int DISCOVERY = 0x80;

    @Override
    boolean read(RdataReader in) {
        if (!in.number(1, 1, null)) {
            return false;
        }
        int discovery = in.octet(in.end() - 1);
        in.end(in.end() - 1);
        if (!in.number(1, DISCOVERY - 1, null)) {
            return false;
        }
        int at = in.end() - 1;
        in.octet(at, discovery * DISCOVERY | in.octet(at));
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(1);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int octet = in.next();
        to.append(' ').append(octet / DISCOVERY).append(' ').append(octet % DISCOVERY);
    }

    @Override
    int width() {
        return 1;
    }
}
