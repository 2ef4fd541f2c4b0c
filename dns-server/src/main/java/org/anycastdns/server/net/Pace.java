package org.anycastdns.server.net;

/// When a thread that answers datagrams rests for a moment before it looks for the next ones.
///
/// ```
///   one by one:      wake, fetch, answer, send | wake, fetch, answer, send | ...
///   after a rest:    wake, fetch, answer, answer, answer, send             | rest
/// ```
///
/// Being woken and the system calls cost more than an answer. Where datagrams come so fast that
/// several arrive within a rest, they share that cost; network cards delay their interrupts for the
/// same reason. When they are few, nobody waits; when they are many, batches are large without a
/// rest. Pure: the caller has the clock and does the resting.
final class Pace {

    /// How long a rest lasts. What it adds to an answer is less than a datagram needs for 20 km of
    /// fibre; half of it saves nearly nothing, for setting a timer costs as much as being woken.
    static final long REST_NANOS = 80_000;

    /// Datagrams a second above which a thread rests: then a rest brings two or more.
    private static final double RATE_MIN = 30_000;

    /// A batch of so many has the system calls paid: three for 16 datagrams.
    private static final int BATCH_ENOUGH = 16;

    /// Weight of the last batch in the mean rate: some ten batches are remembered, so that a burst
    /// of a few datagrams changes nothing.
    private static final double WEIGHT = 0.1;

    private static final double NANOS = 1e9;

    private double nanosEach = NANOS;
    private long before;

    /// Notes a batch.
    ///
    /// @param received datagrams of the batch, at least 1
    /// @param nowNanos when it had come, by a clock that only goes forward
    /// @return whether to rest after it has been answered
    boolean rests(int received, long nowNanos) {
        double nanos = Math.min(NANOS, (double) (nowNanos - before) / received);
        before = nowNanos;
        nanosEach += WEIGHT * (nanos - nanosEach);
        return received < BATCH_ENOUGH && nanosEach * RATE_MIN < NANOS;
    }
}
