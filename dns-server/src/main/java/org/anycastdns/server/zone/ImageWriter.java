package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.SCALE_SHIFT;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A part of an image while it is written: zero where nothing was written. All offsets are those in
/// the image.
final class ImageWriter implements AutoCloseable {

    private static final long OCTETS_MIN = 4096;

    /// Memory grows by no more than this at once: copying so much costs little, a half of it unused
    /// would cost more.
    private static final long GROWTH_OCTETS_MAX = 16 << 20;

    /// What references can reach.
    private static final long OCTETS_MAX = 1L << (32 + SCALE_SHIFT);

    private final long base;
    private final boolean shared;
    private @Nullable Arena arena;
    private MemorySegment memory;
    private long end;

    /// Memory that grows.
    ///
    /// @param base offset in the image of the first octet that is written here
    /// @param shared whether several threads write here, one after the other; that costs a
    ///   handshake with all threads each time memory is given back
    @SuppressWarnings("MustBeClosedChecker") // This object closes it.
    ImageWriter(long base, boolean shared) {
        this.base = base;
        this.shared = shared;
        end = base;
        Arena first = shared ? Arena.ofShared() : Arena.ofConfined();
        arena = first;
        memory = first.allocate(OCTETS_MIN);
    }

    /// The whole of a memory, all of it set aside already.
    ImageWriter(MemorySegment memory) {
        this.base = 0;
        this.shared = true;
        this.memory = memory;
        end = memory.byteSize();
    }

    /// The octets so far, from the first one here on; of no use any more after the next {@link
    /// #reserve}.
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
        long start = aligned(end);
        end = start + octets;
        if (end > OCTETS_MAX) {
            throw new IllegalStateException("an image has at most %d octets".formatted(OCTETS_MAX));
        }
        if (end - base > memory.byteSize()) {
            grow(start - base);
        }
        return start;
    }

    @SuppressWarnings("MustBeClosedChecker") // This object closes it.
    private void grow(long used) {
        long size = memory.byteSize();
        long wanted = size + Math.clamp(size, 0, GROWTH_OCTETS_MAX);
        Arena larger = shared ? Arena.ofShared() : Arena.ofConfined();
        MemorySegment grown = larger.allocate(Math.max(end - base, wanted));
        long kept = Math.min(used, size);
        grown.asSlice(0, kept).copyFrom(memory.asSlice(0, kept));
        close();
        arena = larger;
        memory = grown;
    }

    /// The next offset that references can point to.
    static long aligned(long offset) {
        return (offset + (1 << SCALE_SHIFT) - 1) >> SCALE_SHIFT << SCALE_SHIFT;
    }

    /// Gives back the end of what was reserved.
    void truncate(long newEnd) {
        memory.asSlice(newEnd - base, end - newEnd).fill((byte) 0);
        end = newEnd;
    }

    void u8(long at, int value) {
        memory.set(U8, at - base, (byte) value);
    }

    void u16(long at, int value) {
        memory.set(U16, at - base, (short) value);
    }

    void i32(long at, int value) {
        memory.set(I32, at - base, value);
    }

    void i64(long at, long value) {
        memory.set(I64, at - base, value);
    }

    void octets(long at, byte[] octets) {
        octets(at, octets, 0, octets.length);
    }

    void octets(long at, byte[] octets, int from, int count) {
        MemorySegment.copy(octets, from, memory, U8, at - base, count);
    }

    /// Adds a copy of octets that lie elsewhere; returns its offset.
    long append(MemorySegment from, long offset, long count) {
        long start = reserve(count);
        MemorySegment.copy(from, offset, memory, start - base, count);
        return start;
    }

    /// Copies all that was written to its place in the image.
    void copyInto(MemorySegment image) {
        MemorySegment.copy(memory, 0, image, base, end - base);
    }

    static int reference(long offset) {
        return (int) (offset >>> SCALE_SHIFT);
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
