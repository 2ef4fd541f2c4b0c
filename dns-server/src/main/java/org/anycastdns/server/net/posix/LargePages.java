package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Large pages for memory that is read at random: each look at a zone of a hundred megabytes would
/// otherwise miss the processor's table of pages several times.
public final class LargePages {

    /// What x86-64 and most aarch64 kernels call huge.
    private static final long PAGE_OCTETS = 2 << 20;

    private static final int MADV_HUGEPAGE = 14;

    /// Since Linux 6.1; older kernels do it by and by, because of the other advice.
    private static final int MADV_COLLAPSE = 25;

    private LargePages() {}

    /// Moves what already lies in memory to large pages, where the kernel has them and is allowed
    /// to (transparent_hugepage "madvise" or "always"); otherwise nothing changes. Takes about a
    /// millisecond for each of them; the memory may be read meanwhile.
    ///
    /// @param memory native, written to before
    /// @return octets that lie on large pages now, as far as the kernel said so
    public static long use(MemorySegment memory) {
        long from = memory.address() + PAGE_OCTETS - 1 & -PAGE_OCTETS;
        long octets = (memory.address() + memory.byteSize() & -PAGE_OCTETS) - from;
        if (octets <= 0) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Kernel.callState(arena);
            int advised = Kernel.call(state, Kernel.MADVISE, from, octets, MADV_HUGEPAGE, 0, 0);
            int moved = Kernel.call(state, Kernel.MADVISE, from, octets, MADV_COLLAPSE, 0, 0);
            return advised == 0 && moved == 0 ? octets : 0;
        }
    }
}
