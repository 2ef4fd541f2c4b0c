package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.server.reload.Faults.Asking;
import org.anycastdns.server.zonefile.ReadingEndedException;
import org.jspecify.annotations.Nullable;

/// One attempt to load a zone, as seen by the thread that loads it and the thread that watches it.
/// The loading thread reports when it waits for a file. An attempt that takes too long is given up.
/// Its thread keeps running, because a thread that waits for a file system cannot be stopped.
final class Attempt {

    /// Extra time for each MiB of zone text, in nanoseconds. A slow machine needs a tenth of it to
    /// read and build that much.
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

    /// Starts an attempt now.
    ///
    /// @param time that a small zone may take
    Attempt(Duration time, Admission.@Nullable Share share, Faults faults) {
        this.timeNanos = time.toNanos();
        this.share = share;
        this.faults = faults;
        this.startNanos = System.nanoTime();
    }

    /// Returns an attempt that nobody watches.
    static Attempt unwatched() {
        return new Attempt(Duration.ofSeconds(Integer.MAX_VALUE), null, Faults.NONE);
    }

    // Called by the thread that makes the attempt.

    /// Reports that the thread waits for a file system from now on.
    void waits(Path file) {
        waitsSince = System.nanoTime();
        waitsFor = file;
        faults.asks(Asking.OPEN, file);
    }

    /// Reports that the file system has answered and that the thread waits for it again.
    void waitsStill() {
        waitsSince = System.nanoTime();
        Path file = waitsFor;
        if (file != null) {
            faults.asks(Asking.READ, file);
        }
    }

    /// Reports that the file system has answered.
    void goesOn() {
        waitsFor = null;
        if (givenUp) {
            throw new GivenUpException();
        }
    }

    /// Reports how much more text will be read, in octets, and waits until there is room for it.
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

    /// Returns whether the attempt was given up.
    boolean givenUp() {
        return givenUp;
    }

    // Called by the thread that watches the attempt.

    /// Returns how long the attempt has been waiting for a file, in nanoseconds; 0 if it does not
    /// wait.
    long waitingNanos(long now) {
        return waitsFor == null ? 0 : Math.max(0, now - waitsSince);
    }

    /// Returns the file that the attempt waits for, or null.
    @Nullable Path waitsFor() {
        return waitsFor;
    }

    /// Returns how far the attempt has exceeded its time, in nanoseconds; negative while it is in
    /// time.
    long lateNanos(long now) {
        long allowed = timeNanos + (octets >> 20) * NANOS_PER_MEBIBYTE;
        return now - startNanos - allowed;
    }

    /// Gives the attempt up: its thread ends as soon as it can.
    void giveUp() {
        givenUp = true;
    }
}
