package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.anycastdns.server.files.OpenFile;

/// Tells whether a file is complete, as far as that can be told from outside: nobody has it open
/// for writing, and it ends with a line, or has not changed for a while.
///
/// Used by many threads.
final class Settling {

    /// How long a file whose last line has no end must have been still: programs that write without
    /// pausing are done by then, and those that make zone files end their lines.
    static final Duration STILL = Duration.ofSeconds(5);

    private final boolean lines;
    private final Clock clock;
    private final Map<Path, Seen> unended = new ConcurrentHashMap<>();

    /// A version of a file whose last line has no end, and when it was seen first.
    private record Seen(Stamp version, long nanos) {}

    private Settling(boolean lines, Clock clock) {
        this.lines = lines;
        this.clock = clock;
    }

    /// For a program that runs on and may come back to a file later.
    static Settling patient(Clock clock) {
        return new Settling(true, clock);
    }

    /// For an operator who says that the files are complete: only an open writer is an objection.
    static Settling now(Clock clock) {
        return new Settling(false, clock);
    }

    /// Why a file is not to be read yet; empty when it may.
    String objection(Path file, Stamp version, OpenFile open) throws IOException {
        if (open.beingWritten()) {
            return "another process has it open for writing";
        }
        if (!lines || endsWithALine(open) || isOld(open) || wasStill(file, version)) {
            unended.remove(file);
            return "";
        }
        return "its last line has no end, so more may come: it is read when it has not changed for %d s"
                .formatted(STILL.toSeconds());
    }

    private static boolean endsWithALine(OpenFile open) throws IOException {
        int last = open.last();
        return last < 0 || last == '\n';
    }

    private boolean isOld(OpenFile open) {
        return Duration.between(open.changed(), clock.instant()).compareTo(STILL) >= 0;
    }

    /// The file's times may be another machine's, ahead of ours.
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
