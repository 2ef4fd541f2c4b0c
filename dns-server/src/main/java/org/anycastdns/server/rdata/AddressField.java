package org.anycastdns.server.rdata;

/// An IPv4 or IPv6 address.
final class AddressField extends Field {

    static final int IPV4_OCTETS = 4;
    static final int IPV6_OCTETS = 16;

    private final int octets;

    private AddressField(int octets) {
        super("address");
        this.octets = octets;
    }

    static AddressField ipv4() {
        return new AddressField(IPV4_OCTETS);
    }

    static AddressField ipv6() {
        return new AddressField(IPV6_OCTETS);
    }

    @Override
    boolean read(RdataReader in) {
        return octets == IPV4_OCTETS ? in.ipv4() : in.ipv6();
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(octets);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ');
        if (octets == IPV4_OCTETS) {
            ipv4(in, to);
        } else {
            ipv6(in, to);
        }
    }

    @Override
    int width() {
        return octets;
    }

    static void ipv4(RdataOctets in, StringBuilder to) {
        for (int i = 0; i < IPV4_OCTETS; i++) {
            to.append(i == 0 ? "" : ".").append(in.next());
        }
    }

    /// Writes an IPv6 address in the form of RFC 5952 section 4.
    static void ipv6(RdataOctets in, StringBuilder to) {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (int) in.next(2);
        }
        int gap = -1;
        int gapEnd = -1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - i > Math.max(1, gapEnd - gap)) {
                gap = i;
                gapEnd = end;
            }
        }
        for (int i = 0; i < groups.length; i++) {
            if (i == gap) {
                to.append("::");
                i = gapEnd - 1;
            } else {
                to.append(i == 0 || i == gapEnd ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
    }
}
