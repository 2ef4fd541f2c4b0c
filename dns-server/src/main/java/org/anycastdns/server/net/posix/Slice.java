package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// Shortens the scheduler time slice of a thread (sched_setattr(2)): the time for which it may run
/// before the kernel considers other threads. A thread with a short slice runs soon after it is
/// woken. It need not wait until another thread's slice of some milliseconds ends. Its share of the
/// core stays the same.
///
/// ```
/// struct sched_attr {
///   0  __u32 size;             16 __s32 sched_nice;       32 __u64 sched_deadline;
///   4  __u32 sched_policy;     20 __u32 sched_priority;   40 __u64 sched_period;
///   8  __u64 sched_flags;      24 __u64 sched_runtime;   // the slice, in nanoseconds
/// };
/// ```
public final class Slice {

    private static final int ATTR_OCTETS = 48;
    private static final int RUNTIME = 24;

    /// The shortest slice that Linux allows. Kernels before 6.12 accept it without effect.
    private static final long NANOS = 100_000;

    private static final int CALLING_THREAD = 0;

    private Slice() {}

    /// Gives the calling thread the shortest slice. Errors are ignored.
    ///
    /// @return whether the kernel accepted it
    public static boolean shorten() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            MemorySegment attr = arena.allocate(ATTR_OCTETS, Long.BYTES);
            int asked =
                    SystemCall.make(
                            state,
                            CallNumber.SCHED_GETATTR,
                            CALLING_THREAD,
                            attr.address(),
                            ATTR_OCTETS,
                            0,
                            0);
            if (asked < 0) {
                return false;
            }
            attr.set(ValueLayout.JAVA_LONG, RUNTIME, NANOS);
            return SystemCall.make(
                            state,
                            CallNumber.SCHED_SETATTR,
                            CALLING_THREAD,
                            attr.address(),
                            0,
                            0,
                            0)
                    == 0;
        }
    }
}
