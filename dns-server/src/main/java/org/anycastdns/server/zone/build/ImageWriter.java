package org.anycastdns.server.zone.build;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;

/// Writes numbers and octets into an image, which is initially zero.
///
/// @param memory the whole image, already allocated
record ImageWriter(MemorySegment memory) {

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
