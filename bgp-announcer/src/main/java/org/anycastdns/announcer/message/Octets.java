package org.anycastdns.announcer.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable value of octets that are carried without interpretation.
public final class Octets {

    /// The empty value.
    public static final Octets EMPTY = new Octets();

    private final byte[] octets;

    private Octets(byte... octets) {
        this.octets = octets;
    }

    /// Returns a value with a copy of these octets.
    public static Octets of(byte... octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets.clone());
    }

    /// Returns a number as two octets, as in NOTIFICATION data.
    public static Octets ofShort(int number) {
        return new Octets((byte) (number >>> 8), (byte) number);
    }

    /// Returns a copy of the rest of a buffer and advances the buffer to its end.
    static Octets remaining(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        return octets.length == 0 ? EMPTY : new Octets(octets);
    }

    /// Returns the number of octets.
    public int length() {
        return octets.length;
    }

    /// Returns a copy as an array.
    public byte[] toArray() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /// Returns the octets in hexadecimal.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(octets);
    }
}
