package org.anycastdns.daemon.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// The kernel's form of a length of time, for calls that wait.
///
/// ```
/// struct timespec { 0 time_t tv_sec; 8 long tv_nsec; };
/// ```
public final class Timespec {

    private static final int OCTETS = 16;
    private static final int NANOS_AT = 8;

    private Timespec() {}

    /// Allocates a length of time.
    public static MemorySegment of(Arena arena, Duration time) {
        MemorySegment written = arena.allocate(OCTETS, JAVA_LONG.byteSize());
        written.set(JAVA_LONG, 0, time.toSeconds());
        written.set(JAVA_LONG, NANOS_AT, time.toNanosPart());
        return written;
    }
}
