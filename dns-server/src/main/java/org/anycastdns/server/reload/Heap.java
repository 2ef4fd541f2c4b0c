package org.anycastdns.server.reload;

/// Gives memory of the Java heap back to the system. Reading zones leaves garbage, which a server
/// that allocates nothing would never collect. A collection pauses all threads, so it is done only
/// when needed.
final class Heap {

    /// A heap up to this size, in octets, is not collected: it has that size from the start.
    private static final long HEAP_OCTETS = 128 << 20;

    // Octets of the heap that were in use after the last collection.
    private long liveOctets;

    /// Shrinks the heap if it pays off.
    void giveBack() {
        Runtime runtime = Runtime.getRuntime();
        if (runtime.totalMemory() > Math.max(HEAP_OCTETS, 2 * liveOctets)) {
            collect();
        }
    }

    /// Shrinks the heap.
    void collect() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        liveOctets = runtime.totalMemory() - runtime.freeMemory();
    }
}
