package org.anycastdns.announcer.it;

import java.util.concurrent.locks.LockSupport;

/// The times at which a client sends, a fixed number of queries each second whether or not it gets
/// answers.
///
/// @param startNanos when the first is due, by [System#nanoTime]
/// @param stepNanos the time from one to the next
record Cadence(long startNanos, long stepNanos) {

    /// The query `example.com. SOA` after the ID: one question, RD clear.
    static final String QUESTION =
            "00000001000000000000" + "076578616d706c6503636f6d00" + "00060001";

    /// Returns a cadence that starts now.
    static Cadence of(int perSecond) {
        return new Cadence(System.nanoTime(), 1_000_000_000L / perSecond);
    }

    /// Waits until a query is due.
    ///
    /// @param number how many were due before
    void await(int number) {
        long due = startNanos + number * stepNanos;
        for (long now; (now = System.nanoTime()) < due; ) {
            LockSupport.parkNanos(due - now);
        }
    }
}
