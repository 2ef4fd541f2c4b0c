package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.SCALE_SHIFT;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;

/// An image while it is written: zero where nothing was written.
///
/// @param memory all of it, set aside already
record ImageWriter(MemorySegment memory) {

    /// What references can reach.
    static final long OCTETS_MAX = 1L << (32 + SCALE_SHIFT);

    /// The next offset that references can point to.
    static long aligned(long offset) {
        return (offset + (1 << SCALE_SHIFT) - 1) >> SCALE_SHIFT << SCALE_SHIFT;
    }

    static int reference(long offset) {
        return (int) (offset >>> SCALE_SHIFT);
    }

    /// The end of the image.
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
