package org.anycastdns.server.zone;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Octets of a part of an image while they are written: zero where nothing was written, numbers in
/// network order. A plain array, which is fast to fill before the compiler has seen the code.
final class Octets {

    private static final int OCTETS_MIN = 512;

    private byte[] array;
    private int end;

    Octets() {
        this(OCTETS_MIN);
    }

    /// @param octets that there is room for at first, at least one
    Octets(int octets) {
        array = new byte[octets];
    }

    /// The octets from offset 0 on; another array after the next {@link #reserve}.
    byte[] array() {
        return array;
    }

    /// The end of what was reserved.
    int end() {
        return end;
    }

    /// Begins anew.
    void clear() {
        Arrays.fill(array, 0, end, (byte) 0);
        end = 0;
    }

    /// Sets room aside at the end; returns its offset.
    int reserve(int octets) {
        int start = end;
        end = Math.addExact(start, octets);
        if (end > array.length) {
            array = Arrays.copyOf(array, Math.max(end, Math.multiplyExact(2, array.length)));
        }
        return start;
    }

    void u8(int at, int value) {
        array[at] = (byte) value;
    }

    void orU8(int at, int value) {
        array[at] |= (byte) value;
    }

    void u16(int at, int value) {
        array[at] = (byte) (value >>> 8);
        array[at + 1] = (byte) value;
    }

    void i32(int at, int value) {
        array[at] = (byte) (value >>> 24);
        array[at + 1] = (byte) (value >>> 16);
        array[at + 2] = (byte) (value >>> 8);
        array[at + 3] = (byte) value;
    }

    void octets(int at, byte[] from, int offset, int count) {
        System.arraycopy(from, offset, array, at, count);
    }

    void octets(int at, MemorySegment from, long offset, int count) {
        MemorySegment.copy(from, Layout.U8, offset, array, at, count);
    }

    /// Copies some of it to a place in the image.
    void copyInto(MemorySegment image, long at, int from, int count) {
        MemorySegment.copy(array, from, image, Layout.U8, at, count);
    }

    /// Copies all of it to its place in the image.
    void copyInto(MemorySegment image, long at) {
        copyInto(image, at, 0, end);
    }
}
