package org.anycastdns.server.rdata;

/// The prefix length, address suffix and prefix name of A6 (RFC 2874 section 3.1). A prefix length
/// of 0 has no name, and one of 128 has no suffix.
final class A6Field extends Field {

    private static final int BITS = 8 * AddressField.IPV6_OCTETS;

    private static int suffixOctets(int prefix) {
        return (BITS - prefix + 7) / 8;
    }

    @Override
    boolean read(RdataReader in) {
        long prefix = in.word() ? in.decimal(in.start(), in.stop()) : -1;
        if (prefix < 0 || prefix > BITS) {
            return in.expected("a prefix length 0-128");
        }
        in.put(prefix, 1);
        in.taken();
        int start = in.end();
        if (prefix < BITS) {
            if (!in.ipv6()) {
                return false;
            }
            int skipped = AddressField.IPV6_OCTETS - suffixOctets((int) prefix);
            byte[] suffix = new byte[AddressField.IPV6_OCTETS - skipped];
            for (int i = 0; i < suffix.length; i++) {
                suffix[i] = (byte) in.octet(start + skipped + i);
            }
            suffix[0] &= (byte) (0xff >> (int) prefix % 8);
            in.end(start);
            in.put(suffix, suffix.length);
        }
        return prefix == 0 || in.name();
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.has(1)) {
            return false;
        }
        int prefix = in.next();
        if (prefix > BITS) {
            return in.refuse("the prefix length is over 128");
        }
        int octets = suffixOctets(prefix);
        if (!in.has(octets)) {
            return false;
        }
        if (prefix % 8 != 0 && in.peek(0) >> (8 - prefix % 8) != 0) {
            return in.refuse("the address has bits within the prefix");
        }
        in.skip(octets);
        return prefix == 0 || in.name();
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int prefix = in.next();
        to.append(' ').append(prefix);
        int octets = suffixOctets(prefix);
        if (octets > 0) {
            byte[] address = new byte[AddressField.IPV6_OCTETS];
            for (int i = 0; i < octets; i++) {
                address[address.length - octets + i] = (byte) in.next();
            }
            AddressField.ipv6(new RdataOctets(address, 0, address.length), to.append(' '));
        }
        if (prefix > 0) {
            in.name(to.append(' '));
        }
    }

    @Override
    void canonical(RdataOctets in) {
        int prefix = in.next();
        in.skip(suffixOctets(prefix));
        if (prefix > 0) {
            in.foldName();
        }
    }
}
