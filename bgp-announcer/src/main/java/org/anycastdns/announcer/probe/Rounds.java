package org.anycastdns.announcer.probe;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.daemon.LongLived;

/// A thread of its own that does something again and again, at regular intervals. An interval
/// begins with the start of a round. A round that takes longer is followed by the next at once.
final class Rounds implements AutoCloseable {

    private final Runnable round;
    private final long intervalNanos;
    private final Thread thread;
    private volatile boolean closed;

    /// Creates rounds that have not started.
    ///
    /// @param name of the thread
    /// @param interval from the start of a round to the start of the next
    Rounds(String name, Duration interval, Runnable round) {
        this.round = round;
        intervalNanos = interval.toNanos();
        thread = LongLived.restarted(name, this::run);
    }

    void start() {
        thread.start();
    }

    /// Ends them after the current round.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            long next = System.nanoTime() + intervalNanos;
            round.run();
            for (long rest = next - System.nanoTime(); rest > 0 && !closed; ) {
                LockSupport.parkNanos(rest);
                rest = next - System.nanoTime();
            }
        }
    }
}
