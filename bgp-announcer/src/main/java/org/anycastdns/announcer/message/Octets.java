package org.anycastdns.announcer.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// Octets that are carried and not looked into: an immutable value.
public final class Octets {

    /// No octets.
    public static final Octets EMPTY = new Octets();

    private final byte[] octets;

    private Octets(byte... octets) {
        this.octets = octets;
    }

    /// These octets, copied.
    public static Octets of(byte... octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets.clone());
    }

    /// A number as two octets, as NOTIFICATION data carries it.
    public static Octets ofShort(int number) {
        return new Octets((byte) (number >>> 8), (byte) number);
    }

    /// What is left in a buffer, copied; the buffer is at its end afterwards.
    static Octets remaining(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        return octets.length == 0 ? EMPTY : new Octets(octets);
    }

    /// How many there are.
    public int length() {
        return octets.length;
    }

    /// A copy as an array.
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

    /// The octets in hexadecimal.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(octets);
    }
}
