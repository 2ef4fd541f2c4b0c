package org.anycastdns.server.guard;

import java.net.InetAddress;
import java.util.Arrays;

/// The addresses that begin with certain bits, such as `192.0.2.0/24`, `2001:db8::/32`, or one
/// address alone.
public final class AddressPrefix {

    private final byte[] octets;
    private final int length;

    /// Creates the prefix of one address.
    public AddressPrefix(InetAddress address) {
        this(address.getAddress(), Byte.SIZE * address.getAddress().length);
    }

    private AddressPrefix(byte[] octets, int length) {
        this.octets = octets;
        this.length = length;
    }

    /// Parses a prefix, or an address.
    ///
    /// @throws IllegalArgumentException with a message for the operator if it is neither, or if
    ///   bits behind the prefix are set, which mostly is a mistake
    public static AddressPrefix of(String text) {
        int slash = text.indexOf('/');
        byte[] octets = address(text, slash < 0 ? text : text.substring(0, slash));
        int bits = Byte.SIZE * octets.length;
        int length = slash < 0 ? bits : length(text, text.substring(slash + 1), bits);
        AddressPrefix prefix = new AddressPrefix(octets, length);
        if (!Arrays.equals(octets, prefix.masked(octets))) {
            throw new IllegalArgumentException(
                    "'%s' has bits set behind its first %d; write %s/%2$d"
                            .formatted(text, length, address(prefix.masked(octets))));
        }
        return prefix;
    }

    private static byte[] address(String text, String address) {
        try {
            // A literal: no name is looked up.
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "must be an address or prefix, e.g. 192.0.2.0/24 or 2001:db8::53, not '%s'"
                            .formatted(text),
                    e);
        }
    }

    private static int length(String text, String digits, int bits) {
        if (digits.matches("\\d{1,3}") && Integer.parseInt(digits) <= bits) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException(
                "the prefix length in '%s' must be 0 to %d".formatted(text, bits));
    }

    private byte[] masked(byte[] address) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(length - Byte.SIZE * i, 0, Byte.SIZE);
            masked[i] &= (byte) (0xff00 >>> kept);
        }
        return masked;
    }

    private static String address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    /// Returns whether an address is among them. IPv4 addresses are never among IPv6 addresses.
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        return other.length == octets.length && Arrays.equals(masked(other), octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressPrefix that
                && length == that.length
                && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(octets) + length;
    }

    @Override
    public String toString() {
        String address = address(octets);
        return length == Byte.SIZE * octets.length ? address : address + "/" + length;
    }
}
