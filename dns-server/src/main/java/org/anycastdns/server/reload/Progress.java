package org.anycastdns.server.reload;

import java.util.concurrent.atomic.AtomicLong;

/// How far the reload thread is, for those who look from outside whether it gets on. A long load
/// goes on as long as it is watched: each of its zones has a time of its own ({@link Attempt}).
///
/// Written by that thread and those that work for it, read by all.
final class Progress {

    private final AtomicLong steps = new AtomicLong();
    private volatile boolean busy;

    /// Work begins.
    void begins() {
        goesOn();
        busy = true;
    }

    /// One more step of the work is done.
    void goesOn() {
        steps.incrementAndGet();
    }

    /// The work is done.
    void ends() {
        busy = false;
    }

    /// Whether there is work, so that steps must follow each other.
    boolean busy() {
        return busy;
    }

    /// Steps so far.
    long steps() {
        return steps.get();
    }
}
