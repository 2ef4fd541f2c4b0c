package org.anycastdns.server.reload;

import java.util.concurrent.atomic.AtomicLong;

/// Shows whether the reload thread makes progress. A long load may take its time, because each of
/// its zones has a time limit of its own ({@link Attempt}).
///
/// Written by the reload thread and its helpers, read by any thread.
final class Progress {

    private final AtomicLong steps = new AtomicLong();
    private volatile boolean busy;

    /// Marks the beginning of work.
    void begins() {
        goesOn();
        busy = true;
    }

    /// Counts one more step of the work.
    void goesOn() {
        steps.incrementAndGet();
    }

    /// Marks the end of the work.
    void ends() {
        busy = false;
    }

    /// Returns whether the thread is at work, so that its steps must advance.
    boolean busy() {
        return busy;
    }

    /// Returns the number of steps so far.
    long steps() {
        return steps.get();
    }
}
