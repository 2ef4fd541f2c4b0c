package org.anycastdns.server.zone;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Off-heap memory of zones that were built together; all of it is freed at once.
///
/// Several threads may build zones in it at the same time. Close it only when no {@link ZoneSet}
/// that a worker thread may still read contains a zone in it.
public final class ImageMemory implements AutoCloseable {

    /// Alignment of a zone and of its first bucket, in octets: one cache line of the processor.
    private static final int ALIGNMENT = Buckets.LINE_OCTETS;

    /// Size in octets from which an allocation benefits from large pages.
    private static final long LARGE_OCTETS = 4 << 20;

    private final Arena arena;
    private final Queue<MemorySegment> large = new ConcurrentLinkedQueue<>();
    private final AtomicLong octets = new AtomicLong();
    private final boolean closeable;
    private final MemoryBudget budget;

    private ImageMemory(Arena arena, boolean closeable, MemoryBudget budget) {
        this.arena = arena;
        this.closeable = closeable;
        this.budget = budget;
    }

    /// Returns memory that {@link #close} frees.
    public static ImageMemory closeable() {
        return closeable(MemoryBudget.unlimited());
    }

    /// Returns memory that {@link #close} frees.
    ///
    /// @param budget limit that this memory shares with others
    @SuppressWarnings("MustBeClosedChecker") // This object closes it.
    public static ImageMemory closeable(MemoryBudget budget) {
        return new ImageMemory(Arena.ofShared(), true, budget);
    }

    /// Returns memory that the garbage collector frees once no zone in it is reachable.
    public static ImageMemory collected() {
        return new ImageMemory(Arena.ofAuto(), false, MemoryBudget.unlimited());
    }

    /// Returns the next aligned offset, at which a zone or a bucket may begin.
    public static long aligned(long octets) {
        return (octets + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /// Allocates memory for one zone.
    ///
    /// @param size size in octets, more than 0
    /// @throws OverBudgetException if the budget has no room for it
    public MemorySegment allocate(long size) {
        return allocate(size, true);
    }

    /// Allocates memory for many zones.
    ///
    /// @param size size in octets, more than 0
    /// @throws OverBudgetException if the budget has no room for it
    public MemorySegment allocateAll(long size) {
        return allocate(size, false);
    }

    private MemorySegment allocate(long size, boolean forOne) {
        budget.take(size, forOne);
        MemorySegment memory;
        try {
            memory = arena.allocate(size, ALIGNMENT);
        } catch (OutOfMemoryError | IllegalStateException e) {
            budget.giveBack(size);
            throw e;
        }
        octets.addAndGet(size);
        if (size >= LARGE_OCTETS) {
            large.add(memory);
        }
        return memory;
    }

    /// Returns the large allocations.
    public List<MemorySegment> large() {
        return List.copyOf(large);
    }

    /// Returns the number of allocated octets.
    public long octets() {
        return octets.get();
    }

    /// Frees the memory; reading a zone in it fails from then on.
    @Override
    public void close() {
        if (closeable) {
            arena.close();
            budget.giveBack(octets.getAndSet(0));
        }
    }
}
