package org.anycastdns.daemon;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Work that a thread of its own does again and again, until it is closed.
public abstract class Loop implements AutoCloseable {

    private final String name;
    private final BiFunction<String, Runnable, Thread> kind;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /// Creates a loop that has not started.
    ///
    /// @param name of the thread
    /// @param kind what an exception does: {@link LongLived#vital} or {@link LongLived#restarted}
    protected Loop(String name, BiFunction<String, Runnable, Thread> kind) {
        this.name = name;
        this.kind = kind;
    }

    /// Starts the thread.
    public final void start() {
        Thread started = kind.apply(name, this::run);
        thread = started;
        started.start();
    }

    /// Ends the loop after the current round. A pause ends at once.
    @Override
    public final void close() {
        closed = true;
        LockSupport.unpark(thread);
        stopWaiting();
    }

    /// Does the work once, and pauses before it is done again.
    protected abstract void round();

    /// Ends what a round may wait for besides a pause, such as a response. Closing calls it.
    protected void stopWaiting() {}

    /// Returns whether the loop is closed.
    protected final boolean isClosed() {
        return closed;
    }

    /// Pauses. Returns earlier only when the loop is closed.
    protected final void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long rest = nanos; rest > 0 && !closed; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    private void run() {
        while (!closed) {
            round();
        }
    }
}
