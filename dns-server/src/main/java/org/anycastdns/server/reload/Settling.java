package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.anycastdns.server.files.OpenFile;

/// Determines whether a file is complete, as far as that is visible from outside. No process may
/// have it open for writing. In addition, its last line must be terminated, or the file must not
/// have changed for a while.
///
/// Used by many threads.
final class Settling {

    /// How long a file with an unterminated last line must be unchanged. Programs that write
    /// without pausing have finished by then; zone file generators terminate their lines.
    static final Duration STILL = Duration.ofSeconds(5);

    private final boolean lines;
    private final Clock clock;
    private final Map<Path, Seen> unended = new ConcurrentHashMap<>();

    /// A version of a file with an unterminated last line, and when it was first seen.
    private record Seen(Stamp version, long nanos) {}

    private Settling(boolean lines, Clock clock) {
        this.lines = lines;
        this.clock = clock;
    }

    /// Creates the check for a long-running program, which can come back to a file later.
    static Settling patient(Clock clock) {
        return new Settling(true, clock);
    }

    /// Creates the check for files that the operator declares complete: only an open writer is an
    /// objection.
    static Settling now(Clock clock) {
        return new Settling(false, clock);
    }

    /// Returns why a file must not be read yet; empty if it may be.
    String objection(Path file, Stamp version, OpenFile open) throws IOException {
        if (open.beingWritten()) {
            return "another process has it open for writing";
        }
        if (!lines || endsWithALine(open) || isOld(open) || wasStill(file, version)) {
            unended.remove(file);
            return "";
        }
        return "its last line has no newline, so it may be incomplete: it is read after %d s without a change"
                .formatted(STILL.toSeconds());
    }

    private static boolean endsWithALine(OpenFile open) throws IOException {
        int last = open.last();
        return last < 0 || last == '\n';
    }

    private boolean isOld(OpenFile open) {
        return Duration.between(open.changed(), clock.instant()).compareTo(STILL) >= 0;
    }

    /// Measures by this host's clock, since the file's times may be from another machine whose
    /// clock is ahead.
    private boolean wasStill(Path file, Stamp version) {
        long now = System.nanoTime();
        Seen seen =
                unended.compute(
                        file,
                        (_, before) ->
                                before != null && before.version.equals(version)
                                        ? before
                                        : new Seen(version, now));
        return now - seen.nanos >= STILL.toNanos();
    }
}
