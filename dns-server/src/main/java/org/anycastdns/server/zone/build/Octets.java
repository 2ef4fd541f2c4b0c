package org.anycastdns.server.zone.build;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.anycastdns.server.zone.Layout;

/// A growing buffer for a part of an image, initially zero; numbers are in network byte order. It
/// is a plain array, which is fast to fill even before the JIT compiler has compiled the code.
final class Octets {

    private static final int OCTETS_MIN = 512;

    private byte[] array;
    private int end;

    Octets() {
        this(OCTETS_MIN);
    }

    /// Creates an empty buffer.
    ///
    /// @param octets initial capacity, at least 1
    Octets(int octets) {
        array = new byte[octets];
    }

    /// Returns the backing array; {@link #reserve} may replace it.
    byte[] array() {
        return array;
    }

    /// Returns the end of the reserved octets.
    int end() {
        return end;
    }

    /// Removes and zeroes all octets.
    void clear() {
        Arrays.fill(array, 0, end, (byte) 0);
        end = 0;
    }

    /// Reserves octets at the end; returns their offset.
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

    /// Copies some octets into the image.
    void copyInto(MemorySegment image, long at, int from, int count) {
        MemorySegment.copy(array, from, image, Layout.U8, at, count);
    }

    /// Copies all octets into the image.
    void copyInto(MemorySegment image, long at) {
        copyInto(image, at, 0, end);
    }
}
