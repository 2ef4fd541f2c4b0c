package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.SCALE_SHIFT;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;

/// Writes numbers and octets into an image, which is initially zero.
///
/// @param memory the whole image, already allocated
record ImageWriter(MemorySegment memory) {

    /// Maximum size of an image in octets: the range of a reference.
    static final long OCTETS_MAX = 1L << (32 + SCALE_SHIFT);

    /// Returns the next offset that a reference can point to.
    static long aligned(long offset) {
        return (offset + (1 << SCALE_SHIFT) - 1) >> SCALE_SHIFT << SCALE_SHIFT;
    }

    static int reference(long offset) {
        return (int) (offset >>> SCALE_SHIFT);
    }

    /// Returns the end of the image.
    long end() {
        return memory.byteSize();
    }

    void u16(long at, int value) {
        memory.set(U16, at, (short) value);
    }

    void i32(long at, int value) {
        memory.set(I32, at, value);
    }

    void i64(long at, long value) {
        memory.set(I64, at, value);
    }

    void octets(long at, byte[] octets) {
        MemorySegment.copy(octets, 0, memory, U8, at, octets.length);
    }
}
