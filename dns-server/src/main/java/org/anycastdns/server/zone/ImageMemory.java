package org.anycastdns.server.zone;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Off-heap memory of zones that were built together; all of it is given back at once.
///
/// Many zones may be built at the same time by different threads. Closing is only right when no
/// {@link ZoneSet} that any worker may still read has a zone in it.
public final class ImageMemory implements AutoCloseable {

    /// A zone, and its first bucket, begin at a multiple of this many octets: with a line of the
    /// processor's caches.
    private static final int ALIGNMENT = Buckets.LINE_OCTETS;

    /// Pieces from this size on, in octets, are worth large pages.
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

    /// Memory that {@link #close} gives back.
    public static ImageMemory closeable() {
        return closeable(MemoryBudget.unlimited());
    }

    /// Memory that {@link #close} gives back.
    ///
    /// @param budget what it may take, together with others
    @SuppressWarnings("MustBeClosedChecker") // This object closes it.
    public static ImageMemory closeable(MemoryBudget budget) {
        return new ImageMemory(Arena.ofShared(), true, budget);
    }

    /// Memory that the garbage collector gives back when no zone in it is reachable.
    public static ImageMemory collected() {
        return new ImageMemory(Arena.ofAuto(), false, MemoryBudget.unlimited());
    }

    /// The next offset at which a zone or a bucket may begin.
    static long aligned(long octets) {
        return (octets + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /// Fresh memory for one zone.
    ///
    /// @param size more than 0, in octets
    /// @throws OverBudgetException when there is no room for it in the budget
    public MemorySegment allocate(long size) {
        return allocate(size, true);
    }

    /// Fresh memory for many zones.
    ///
    /// @param size more than 0, in octets
    /// @throws OverBudgetException when there is no room for it in the budget
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

    /// The large pieces that were allocated.
    public List<MemorySegment> large() {
        return List.copyOf(large);
    }

    /// Octets that were allocated.
    public long octets() {
        return octets.get();
    }

    /// Gives the memory back; reading a zone in it fails from now on.
    @Override
    public void close() {
        if (closeable) {
            arena.close();
            budget.giveBack(octets.getAndSet(0));
        }
    }
}
