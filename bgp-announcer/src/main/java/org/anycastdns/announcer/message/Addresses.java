package org.anycastdns.announcer.message;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Addresses between text, octets and values, without ever asking a resolver.
public final class Addresses {

    private Addresses() {}

    /// The address with these 4 or 16 octets.
    public static InetAddress of(byte[] octets) {
        try {
            // Not InetAddress.getByAddress: it turns ::ffff:192.0.2.1 into an IPv4 address.
            return octets.length == 16
                    ? Inet6Address.getByAddress(null, octets, -1)
                    : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address has " + octets.length + " octets", e);
        }
    }

    /// The octets of an address literal; IPv4 in all four parts, IPv6 without a zone.
    ///
    /// @throws IllegalArgumentException when the text is not such a literal
    public static byte[] parse(String text) {
        boolean six = text.indexOf(':') >= 0;
        boolean whole =
                six ? text.indexOf('%') < 0 : text.chars().filter(c -> c == '.').count() == 3;
        byte[] octets = whole ? literal(text) : new byte[0];
        if (octets.length != (six ? 16 : 4)) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address");
        }
        return octets;
    }

    /// The interface that a link-local address is on, by its number; 0 for every other address.
    /// Without it such an address is none (RFC 4007 section 6).
    public static int link(InetAddress address) {
        return address.isLinkLocalAddress() && address instanceof Inet6Address six
                ? six.getScopeId()
                : 0;
    }

    /// The canonical text of an address: dotted quad, or RFC 5952 section 4 (lower case, the
    /// longest run of at least two zero groups shortened, the first of equals); a link-local one
    /// with its interface, e.g. "fe80::1%eth0" (RFC 4007 section 11).
    public static String text(InetAddress address) {
        if (address instanceof Inet6Address six) {
            String host = six.getHostAddress();
            int zone = host.indexOf('%');
            return text(six) + (link(six) == 0 || zone < 0 ? "" : host.substring(zone));
        }
        return address.getHostAddress();
    }

    private static String text(Inet6Address address) {
        byte[] octets = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = ((octets[2 * i] & 0xff) << 8) | (octets[2 * i + 1] & 0xff);
        }
        int gap = 0;
        int gapLength = 1;
        for (int i = 0, run = 0; i < groups.length; i++) {
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > gapLength) {
                gapLength = run;
                gap = i + 1 - run;
            }
        }
        return gapLength == 1
                ? hex(groups, 0, groups.length)
                : hex(groups, 0, gap) + "::" + hex(groups, gap + gapLength, groups.length);
    }

    private static String hex(int[] groups, int from, int to) {
        return Arrays.stream(groups, from, to)
                .mapToObj(Integer::toHexString)
                .collect(Collectors.joining(":"));
    }

    private static byte[] literal(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
