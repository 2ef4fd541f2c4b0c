package org.anycastdns.server.reload;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.anycastdns.server.files.OpenFile;
import org.jspecify.annotations.Nullable;

/// Determines whether a file is complete, as far as that is visible from outside. No process may
/// have it open for writing. In addition, its last line must be terminated, or the file must not
/// have changed for a while.
///
/// Used by many threads.
final class Settling {

    /// How long a file with an unterminated last line must be unchanged. Programs that write
    /// without pausing have finished by then; zone file generators terminate their lines.
    static final Duration STILL = Duration.ofSeconds(5);

    private final @Nullable UnendedFiles unended;
    private final Clock clock;

    /// @param unended null if an unterminated last line is no objection
    private Settling(@Nullable UnendedFiles unended, Clock clock) {
        this.unended = unended;
        this.clock = clock;
    }

    /// Creates the check for a long-running program, which can come back to a file later.
    static Settling patient(Clock clock) {
        return new Settling(new UnendedFiles(Ticker.systemTicker()), clock);
    }

    /// Creates the check for files that the operator declares complete: only an open writer is an
    /// objection.
    static Settling now(Clock clock) {
        return new Settling(null, clock);
    }

    /// Returns why a file must not be read yet; empty if it may be.
    String objection(Path file, Stamp version, OpenFile open) throws IOException {
        if (open.beingWritten()) {
            return "another process has it open for writing";
        }
        if (unended == null) {
            return "";
        }
        if (endsWithALine(open) || isOld(open) || unended.hasBeenSeenFor(STILL, file, version)) {
            unended.forget(file);
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
}
