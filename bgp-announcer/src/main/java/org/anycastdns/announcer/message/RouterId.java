package org.anycastdns.announcer.message;

import java.net.InetAddress;

/// A BGP Identifier: 32 bits, written like an IPv4 address, compared as an unsigned number (RFC
/// 4271 section 4.2, RFC 6286).
public record RouterId(int bits) implements Comparable<RouterId> {

    /// The identifier written as a dotted quad.
    ///
    /// @throws IllegalArgumentException when it is not one
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

    @Override
    public String toString() {
        InetAddress address =
                Addresses.of(
                        new byte[] {
                            (byte) (bits >>> 24),
                            (byte) (bits >>> 16),
                            (byte) (bits >>> 8),
                            (byte) bits
                        });
        return address.getHostAddress();
    }
}
