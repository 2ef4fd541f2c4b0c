package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.server.reload.Faults.Asking;
import org.anycastdns.server.zonefile.ReadingEndedException;
import org.jspecify.annotations.Nullable;

/// One attempt to load a zone, as those see it who wait for it. The thread that makes it says when
/// it waits for a file; when that takes too long, it is given up and goes on alone, for a thread
/// that waits for a file system cannot be stopped.
final class Attempt {

    /// What large zones get beside the time of a small one: a slow machine reads and builds a
    /// megabyte in a tenth of that.
    private static final long NANOS_PER_MEBIBYTE = 1_000_000_000;

    private final long timeNanos;
    private final Admission.@Nullable Share share;
    private final Faults faults;
    private volatile boolean givenUp;
    private volatile long startNanos;
    private volatile long octets;
    private volatile long waitsSince;
    private volatile @Nullable Path waitsFor;

    /// Ends the work of a thread whose attempt was given up.
    private static final class GivenUpException extends ReadingEndedException {
        private static final long serialVersionUID = 1;

        GivenUpException() {
            super("it took too long");
        }
    }

    /// An attempt that begins now.
    ///
    /// @param time that a small zone may take
    Attempt(Duration time, Admission.@Nullable Share share, Faults faults) {
        this.timeNanos = time.toNanos();
        this.share = share;
        this.faults = faults;
        this.startNanos = System.nanoTime();
    }

    /// An attempt that nobody watches.
    static Attempt unwatched() {
        return new Attempt(Duration.ofSeconds(Integer.MAX_VALUE), null, Faults.NONE);
    }

    // By the thread that makes the attempt.

    /// A file system is waited for from now on.
    void waits(Path file) {
        waitsSince = System.nanoTime();
        waitsFor = file;
        faults.asks(Asking.OPEN, file);
    }

    /// It has answered, and is waited for again.
    void waitsStill() {
        waitsSince = System.nanoTime();
        Path file = waitsFor;
        if (file != null) {
            faults.asks(Asking.READ, file);
        }
    }

    /// It has answered.
    void goesOn() {
        waitsFor = null;
        if (givenUp) {
            throw new GivenUpException();
        }
    }

    /// So much text comes next.
    void takes(long more) {
        long before = octets;
        octets = before + more;
        if (share != null) {
            Path file = waitsFor;
            waitsFor = null;
            share.take(more);
            startNanos = System.nanoTime();
            waitsSince = startNanos;
            waitsFor = file;
        }
    }

    /// Whether nobody waits for it any more.
    boolean givenUp() {
        return givenUp;
    }

    // By those who wait.

    /// How long a file has been waited for, in nanoseconds; 0 when none is.
    long waitingNanos(long now) {
        return waitsFor == null ? 0 : Math.max(0, now - waitsSince);
    }

    /// What is waited for, or null.
    @Nullable Path waitsFor() {
        return waitsFor;
    }

    /// How long the attempt has been going on beyond the time that it has, in nanoseconds.
    long lateNanos(long now) {
        long allowed = timeNanos + (octets >> 20) * NANOS_PER_MEBIBYTE;
        return now - startNanos - allowed;
    }

    /// Lets its thread end as soon as that can.
    void giveUp() {
        givenUp = true;
    }
}
