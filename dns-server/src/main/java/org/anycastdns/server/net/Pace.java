package org.anycastdns.server.net;

/// Decides when a thread that answers datagrams waits briefly to fill the next batch.
///
/// ```
///   without a wait:  wake up, receive, answer, send | wake up, receive, answer, send | ...
///   after a wait:    wake up, receive, answer, answer, answer, send                  | wait
/// ```
///
/// A wakeup and the system calls cost more than an answer. If several datagrams arrive within one
/// wait, they share that cost. Network cards delay their interrupts for the same reason. At low
/// load no thread waits; at high load batches are large without a wait.
///
/// This class reads no clock and does not sleep itself; the caller does both.
final class Pace {

    /// Length of a wait. The added latency is less than that of 20 km of fiber. Half of the wait
    /// would save almost nothing, because setting a timer costs as much as a wakeup.
    static final long REST_NANOS = 80_000;

    /// Rate in datagrams per second above which a thread waits. At this rate a wait collects two or
    /// more datagrams.
    private static final double RATE_MIN = 30_000;

    /// Batch size from which a thread does not wait: three system calls per 16 datagrams are cheap
    /// enough.
    private static final int BATCH_ENOUGH = 16;

    /// Weight of the latest batch in the mean rate. The mean covers about ten batches, so that a
    /// burst of a few datagrams has no effect.
    private static final double WEIGHT = 0.1;

    private static final double NANOS = 1e9;

    private double nanosEach = NANOS;
    private long before;

    /// Records a batch.
    ///
    /// @param received number of datagrams in the batch, at least 1
    /// @param nowNanos time at which the batch was received, by a monotonic clock
    /// @return whether to wait after the batch has been answered
    boolean rests(int received, long nowNanos) {
        double nanos = Math.min(NANOS, (double) (nowNanos - before) / received);
        before = nowNanos;
        nanosEach += WEIGHT * (nanos - nanosEach);
        return received < BATCH_ENOUGH && nanosEach * RATE_MIN < NANOS;
    }
}
