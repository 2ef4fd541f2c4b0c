package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.util.Comparator;

/// An IPv4 or IPv6 prefix: an address with no bit set beyond the first `length` bits.
///
/// @param family the address family
/// @param high the first 64 bits of the address in network order; an IPv4 address is in the upper
///   half
/// @param low the last 64 bits of an IPv6 address, 0 for IPv4
/// @param length the prefix length: 0 to 32 for IPv4, 0 to 128 for IPv6
public record Prefix(Family family, long high, long low, int length) implements Comparable<Prefix> {

    private static final Comparator<Prefix> ORDER =
            Comparator.comparing(Prefix::family)
                    .thenComparing(Prefix::high, Long::compareUnsigned)
                    .thenComparing(Prefix::low, Long::compareUnsigned)
                    .thenComparingInt(Prefix::length);

    public Prefix {
        if (length < 0 || length > family.addressOctets() * 8) {
            throw new IllegalArgumentException(
                    "prefix length "
                            + length
                            + " is not within 0 to "
                            + family.addressOctets() * 8);
        }
        if ((high & ~highMask(length)) != 0 || (low & ~lowMask(length)) != 0) {
            throw new IllegalArgumentException(
                    text(family, high, low)
                            + "/"
                            + length
                            + " has bits set behind the prefix length");
        }
    }

    /// Parses a prefix written as "192.0.2.0/24" or "2001:db8:53::/48".
    ///
    /// @throws IllegalArgumentException when it is not a prefix or has host bits set; the message
    ///   is fit for the operator
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        String bits = text.substring(slash + 1);
        if (slash < 0 || !bits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a prefix such as 192.0.2.0/24");
        }
        byte[] address = Addresses.parse(text.substring(0, slash));
        return of(address, Integer.parseInt(bits));
    }

    /// Returns the prefix with an address of 4 or 16 octets and a length.
    ///
    /// @throws IllegalArgumentException when host bits are set or the length is out of range
    public static Prefix of(byte[] address, int length) {
        return new Prefix(
                Family.ofAddress(address), bits(address, 0), bits(address, Long.BYTES), length);
    }

    /// Returns the prefix of one address.
    public static Prefix host(InetAddress address) {
        byte[] octets = address.getAddress();
        return of(octets, octets.length * 8);
    }

    /// Returns whether the prefix holds one address only.
    public boolean isHost() {
        return length == family.addressOctets() * 8;
    }

    /// Returns the network address.
    public InetAddress address() {
        return address(family, high, low);
    }

    /// Returns whether an address lies in the prefix.
    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        return Family.ofAddress(octets) == family && covering(octets, length).equals(this);
    }

    /// Returns whether another prefix is this one or lies in it.
    public boolean contains(Prefix other) {
        return other.family == family
                && other.length >= length
                && (other.high & highMask(length)) == high
                && (other.low & lowMask(length)) == low;
    }

    /// Returns the prefix of this length that contains the address. Host bits are cleared.
    static Prefix covering(byte[] address, int length) {
        return new Prefix(
                Family.ofAddress(address),
                bits(address, 0) & highMask(length),
                bits(address, Long.BYTES) & lowMask(length),
                length);
    }

    @Override
    public int compareTo(Prefix other) {
        return ORDER.compare(this, other);
    }

    /// Returns the canonical text (RFC 5952 for IPv6), e.g. "2001:db8:53::/48".
    @Override
    public String toString() {
        return text(family, high, low) + "/" + length;
    }

    private static long bits(byte[] address, int from) {
        long bits = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            bits = (bits << 8) | (i < address.length ? address[i] & 0xff : 0);
        }
        return bits;
    }

    private static long highMask(int length) {
        return length == 0 ? 0 : -1L << Math.max(0, Long.SIZE - length);
    }

    private static long lowMask(int length) {
        return length <= Long.SIZE ? 0 : -1L << (2 * Long.SIZE - length);
    }

    private static InetAddress address(Family family, long high, long low) {
        byte[] octets = new byte[family.addressOctets()];
        for (int i = 0; i < octets.length; i++) {
            long half = i < Long.BYTES ? high : low;
            octets[i] = (byte) (half >>> (Long.SIZE - 8 - 8 * (i % Long.BYTES)));
        }
        return Addresses.of(octets);
    }

    private static String text(Family family, long high, long low) {
        return Addresses.text(address(family, high, low));
    }
}
