package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.time.Duration;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;
import org.anycastdns.daemon.kernel.Timespec;

/// A short sleep of one thread, precise to a few microseconds. It uses nanosleep(2) and reduces the
/// thread's timer slack (50 us by default, see prctl(2)). Used by one thread.
public final class Nap {

    private static final int PR_SET_TIMERSLACK = 29;

    /// The smallest timer slack; 0 would mean the default.
    private static final int SLACK_NANOS = 1;

    private final MemorySegment state;
    private final MemorySegment time;
    private boolean exact;

    /// Creates a sleep of a fixed length.
    ///
    /// @param nanos length in nanoseconds, less than a second
    public Nap(long nanos) {
        Arena arena = Arena.ofAuto();
        state = SystemCall.state(arena);
        time = Timespec.of(arena, Duration.ofNanos(nanos));
    }

    /// Sleeps; a signal ends the sleep early.
    public void take() {
        if (!exact) {
            exact = true;
            int _ =
                    SystemCall.make(
                            state, CallNumber.PRCTL, PR_SET_TIMERSLACK, SLACK_NANOS, 0, 0, 0);
        }
        try {
            int _ = SystemCall.make(state, CallNumber.NANOSLEEP, time.address(), 0, 0, 0, 0);
        } finally {
            Reference.reachabilityFence(time);
        }
    }
}
