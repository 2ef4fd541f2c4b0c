package org.anycastdns.announcer.message;

import java.net.InetAddress;

/// A BGP Identifier (RFC 4271 section 4.2, RFC 6286). It has 32 bits, is written like an IPv4
/// address, and is compared as an unsigned number.
public record RouterId(int bits) implements Comparable<RouterId> {

    /// Parses an identifier written as a dotted quad.
    ///
    /// @throws IllegalArgumentException when the text is not a dotted quad
    public static RouterId parse(String text) {
        byte[] octets = Addresses.parse(text);
        if (octets.length != 4) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a router id such as 192.0.2.1");
        }
        int bits = 0;
        for (byte octet : octets) {
            bits = (bits << 8) | (octet & 0xff);
        }
        return new RouterId(bits);
    }

    @Override
    public int compareTo(RouterId other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    /// Returns the IPv4 address that is written like the identifier.
    public InetAddress address() {
        return Addresses.of(
                new byte[] {
                    (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
                });
    }

    @Override
    public String toString() {
        return address().getHostAddress();
    }
}
