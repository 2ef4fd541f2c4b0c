package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.SCALE_SHIFT;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Off-heap memory that grows while an image is written into it, and that is zero where nothing was
/// written.
final class ImageWriter implements AutoCloseable {

    private static final long OCTETS_MIN = 4096;

    /// What references can reach.
    private static final long OCTETS_MAX = 1L << (32 + SCALE_SHIFT);

    private Arena arena = Arena.ofConfined();
    private MemorySegment memory = arena.allocate(OCTETS_MIN);
    private long end;

    /// The octets so far; of no use any more after the next {@link #reserve}.
    MemorySegment memory() {
        return memory;
    }

    /// The end of what was reserved.
    long end() {
        return end;
    }

    /// Sets room aside at the end, beginning where references can point to.
    ///
    /// @return the offset of the room
    /// @throws IllegalStateException when the image becomes too large
    @SuppressWarnings("MustBeClosedChecker") // This object closes it.
    long reserve(long octets) {
        long start = (end + (1 << SCALE_SHIFT) - 1) >> SCALE_SHIFT << SCALE_SHIFT;
        end = start + octets;
        if (end > OCTETS_MAX) {
            throw new IllegalStateException("an image has at most %d octets".formatted(OCTETS_MAX));
        }
        if (end > memory.byteSize()) {
            Arena larger = Arena.ofConfined();
            MemorySegment grown = larger.allocate(Math.max(end, 2 * memory.byteSize()));
            grown.asSlice(0, start).copyFrom(memory.asSlice(0, Math.min(start, memory.byteSize())));
            arena.close();
            arena = larger;
            memory = grown;
        }
        return start;
    }

    /// Gives back the end of what was reserved.
    void truncate(long newEnd) {
        memory.asSlice(newEnd, end - newEnd).fill((byte) 0);
        end = newEnd;
    }

    void u8(long at, int value) {
        memory.set(U8, at, (byte) value);
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

    /// What was written, in memory of its own.
    MemorySegment copy(ImageMemory into) {
        MemorySegment image = into.allocate(end);
        MemorySegment.copy(memory, 0, image, 0, end);
        return image;
    }

    static int reference(long offset) {
        return (int) (offset >>> SCALE_SHIFT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
