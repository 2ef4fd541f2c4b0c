package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// Moves memory that is read at random to large pages. Otherwise each lookup in a large zone would
/// miss the TLB several times.
public final class LargePages {

    /// Size of a huge page on x86-64 and on most aarch64 kernels.
    private static final long PAGE_OCTETS = 2 << 20;

    private static final int MADV_HUGEPAGE = 14;

    /// Available since Linux 6.1. Older kernels collapse pages gradually, because of MADV_HUGEPAGE.
    private static final int MADV_COLLAPSE = 25;

    private LargePages() {}

    /// Moves memory to large pages if the kernel has them and allows it (transparent_hugepage
    /// "madvise" or "always"). Otherwise nothing changes. The call takes about a millisecond per
    /// large page; other threads may read the memory meanwhile.
    ///
    /// @param memory native memory that has been written to
    /// @return number of octets that are on large pages now, as far as the kernel reported it
    public static long use(MemorySegment memory) {
        long from = memory.address() + PAGE_OCTETS - 1 & -PAGE_OCTETS;
        long octets = (memory.address() + memory.byteSize() & -PAGE_OCTETS) - from;
        if (octets <= 0) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            int advised =
                    SystemCall.make(state, CallNumber.MADVISE, from, octets, MADV_HUGEPAGE, 0, 0);
            int moved =
                    SystemCall.make(state, CallNumber.MADVISE, from, octets, MADV_COLLAPSE, 0, 0);
            return advised == 0 && moved == 0 ? octets : 0;
        }
    }
}
