package org.anycastdns.daemon.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// File descriptors to wait for by ppoll(2), until one of them can be read. The descriptor of a
/// process can be read when the process has ended.
///
/// ```
/// struct pollfd { 0 int fd; 4 short events; 6 short revents; };
/// ```
public final class PollSet {

    private static final int OCTETS = 8;
    private static final int EVENTS_AT = 4;
    private static final int RETURNED_AT = 6;
    private static final short POLLIN = 1;

    private final MemorySegment entries;

    /// Creates a set in the memory of an arena.
    public PollSet(Arena arena, int... descriptors) {
        entries = arena.allocate((long) OCTETS * descriptors.length, Long.BYTES);
        for (int i = 0; i < descriptors.length; i++) {
            entries.set(JAVA_INT, (long) i * OCTETS, descriptors[i]);
            entries.set(JAVA_SHORT, (long) i * OCTETS + EVENTS_AT, POLLIN);
        }
    }

    /// Returns the address for the call.
    public long address() {
        return entries.address();
    }

    /// Returns whether the call has reported an event of a descriptor.
    ///
    /// @param number the place of the descriptor in the set
    public boolean isReady(int number) {
        return entries.get(JAVA_SHORT, (long) number * OCTETS + RETURNED_AT) != 0;
    }
}
