package org.anycastdns.server.rdata;

/// Address prefixes up to the end of the data, possibly none (RFC 3123).
final class AplField extends Field {

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int NEGATED = 0x80;
    private static final int HEADER_OCTETS = 4;
    private static final String EXPECTED = "an item such as 1:192.0.2.0/24 or !2:2001:db8::/32";

    @Override
    boolean read(RdataReader in) {
        while (in.more()) {
            if (!in.word() || !item(in, in.start(), in.stop())) {
                return in.expected(EXPECTED);
            }
            in.taken();
        }
        return true;
    }

    private static boolean item(RdataReader in, int from, int to) {
        int at = from;
        boolean negated = at < to && in.character(at) == '!';
        at += negated ? 1 : 0;
        int slash = to;
        while (slash > at && in.character(slash - 1) != '/') {
            slash--;
        }
        if (slash - at < 4 || in.character(at + 1) != ':') {
            return false;
        }
        int family = in.character(at) - '0';
        long prefix = in.decimal(slash, to);
        if ((family != IPV4 && family != IPV6) || prefix < 0 || prefix > bits(family)) {
            return false;
        }
        int start = in.end();
        in.put((long) family << 16 | prefix << 8, HEADER_OCTETS);
        boolean read = family == IPV4 ? in.ipv4(at + 2, slash - 1) : in.ipv6(at + 2, slash - 1);
        if (!read) {
            return false;
        }
        int end = in.end();
        while (end > start + HEADER_OCTETS && in.octet(end - 1) == 0) {
            end--;
        }
        in.end(end);
        in.octet(start + 3, (negated ? NEGATED : 0) | end - start - HEADER_OCTETS);
        return true;
    }

    private static int bits(int family) {
        return 8 * (family == IPV4 ? AddressField.IPV4_OCTETS : AddressField.IPV6_OCTETS);
    }

    @Override
    boolean check(RdataOctets in) {
        while (in.left() > 0) {
            if (!in.has(HEADER_OCTETS)) {
                return false;
            }
            int family = (int) in.next(2);
            int prefix = in.next();
            int octets = in.next() & ~NEGATED;
            if (!in.has(octets)) {
                return false;
            }
            boolean known = family == IPV4 || family == IPV6;
            if (known && (prefix > bits(family) || 8 * octets > bits(family))) {
                return in.refuse("a prefix or its length is too long for its family");
            }
            if (octets > 0 && in.peek(octets - 1) == 0) {
                return in.refuse("an address ends with an octet of zero");
            }
            in.skip(octets);
        }
        return true;
    }

    @Override
    boolean hasText(RdataOctets in) {
        while (in.left() > 0) {
            int family = (int) in.next(2);
            in.next();
            in.skip(in.next() & ~NEGATED);
            if (family != IPV4 && family != IPV6) {
                return false;
            }
        }
        return true;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        while (in.left() > 0) {
            int family = (int) in.next(2);
            int prefix = in.next();
            int octets = in.next();
            to.append((octets & NEGATED) == 0 ? " " : " !").append(family).append(':');
            byte[] address = new byte[bits(family) / 8];
            for (int i = 0; i < (octets & ~NEGATED); i++) {
                address[i] = (byte) in.next();
            }
            RdataOctets whole = new RdataOctets(address, 0, address.length);
            if (family == IPV4) {
                AddressField.ipv4(whole, to);
            } else {
                AddressField.ipv6(whole, to);
            }
            to.append('/').append(prefix);
        }
    }
}
