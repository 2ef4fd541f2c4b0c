package org.anycastdns.announcer.message;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Converts IP addresses between text, octets and values. It never uses a name resolver.
public final class Addresses {

    /// The interface index of a link-local address whose interface is not on this host. The kernel
    /// gives no interface this index.
    private static final int LINK_MISSING = Integer.MAX_VALUE;

    private Addresses() {}

    /// Returns the address with the given 4 or 16 octets.
    public static InetAddress of(byte[] octets) {
        try {
            // InetAddress.getByAddress would turn ::ffff:192.0.2.1 into an IPv4 address.
            return octets.length == 16
                    ? Inet6Address.getByAddress(null, octets, -1)
                    : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address has " + octets.length + " octets", e);
        }
    }

    /// Returns the address of a literal. A link-local IPv6 address may name its interface, e.g.
    /// "fe80::1%eth0", which does not have to be on this host, see [#missesLink].
    ///
    /// @throws IllegalArgumentException when the text is not such a literal
    public static InetAddress ofLiteral(String text) {
        int zone = text.indexOf('%');
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            byte[] octets = zone < 0 ? new byte[0] : literal(text.substring(0, zone));
            boolean named = text.substring(zone + 1).matches("[!-~&&[^%/]]{1,15}");
            if (octets.length != 16 || !named || !of(octets).isLinkLocalAddress()) {
                throw e;
            }
            return missing(text, octets);
        }
    }

    /// Returns the address that stands for a link as a whole: fe80:: with this interface, which
    /// does not have to be on this host, see [#missesLink]. No host has it (RFC 4291 section
    /// 2.6.1).
    public static InetAddress ofLink(String device) {
        String text = "fe80::%" + device;
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return missing(text, literal("fe80::"));
        }
    }

    private static InetAddress missing(String text, byte[] octets) {
        try {
            return Inet6Address.getByAddress(text, octets, LINK_MISSING);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /// Returns whether an address names an interface that was not on this host, or had no
    /// link-local address, when its text was read. Nothing can be sent to it.
    public static boolean missesLink(InetAddress address) {
        return link(address) == LINK_MISSING;
    }

    /// Returns the octets of an address literal. IPv4 needs all four parts; IPv6 must not have a
    /// zone.
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

    /// Returns the interface index (the zone) of a link-local address, or 0 for any other address.
    /// A link-local address is ambiguous without its zone (RFC 4007 section 6).
    public static int link(InetAddress address) {
        return address.isLinkLocalAddress() && address instanceof Inet6Address six
                ? six.getScopeId()
                : 0;
    }

    /// Returns the canonical text of an address. IPv4 is a dotted quad. IPv6 follows RFC 5952
    /// section 4: lower case, with the longest run of at least two zero groups shortened, and the
    /// first one of equally long runs. A link-local address includes its interface, e.g.
    /// "fe80::1%eth0" (RFC 4007 section 11).
    public static String text(InetAddress address) {
        if (address instanceof Inet6Address six) {
            // The name of a missing interface is only in the text that the address was made from.
            String host = missesLink(six) ? six.getHostName() : six.getHostAddress();
            int zone = host.indexOf('%');
            return text(six) + (link(six) == 0 || zone < 0 ? "" : host.substring(zone));
        }
        return address.getHostAddress();
    }

    /// Returns an address and a port as `127.0.0.1:9179` or `[::1]:9179`.
    public static String text(InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        String host = address == null ? endpoint.getHostString() : text(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + endpoint.getPort();
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
