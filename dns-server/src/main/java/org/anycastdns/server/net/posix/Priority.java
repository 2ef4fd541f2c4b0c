package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// The priority of threads whose work may wait (setpriority(2)).
public final class Priority {

    /// The nice value (nice(2)): on a shared core such a thread gets a tenth of another thread's
    /// time.
    private static final int NICE = 10;

    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    private Priority() {}

    /// Lowers the priority of the calling thread, so that it uses only the time that other threads
    /// leave. Call it only where {@link Support#missing} has found nothing. Errors are ignored.
    ///
    /// @return whether the kernel accepted it
    public static boolean lower() {
        return lower(CALLING_THREAD);
    }

    /// Lowers the priority of a thread.
    static boolean lower(long thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            return SystemCall.make(state, CallNumber.SETPRIORITY, PRIO_PROCESS, thread, NICE, 0, 0)
                    == 0;
        }
    }
}
