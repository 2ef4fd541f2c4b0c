package org.anycastdns.server.reload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.file.Path;
import java.time.Duration;

/// The files whose last line is unterminated, and since when each has had its version. Thread-safe.
///
/// Time is measured by this host's clock, since the file's times may be from another machine whose
/// clock is ahead. Files may vanish unseen and whoever writes the folder chooses their names, so
/// number and time are bounded.
final class UnendedFiles {

    /// Files that are remembered at most. A forgotten one counts as just seen, so it waits again,
    /// unless its own time already shows that it is old. All of them take some 20 MiB.
    static final int FILES_MAX = 100_000;

    /// How long a file is remembered after the last look at it. An operator who reloads by hand
    /// tries again within an hour.
    static final Duration REMEMBERED = Duration.ofHours(1);

    private final Ticker ticker;
    private final Cache<Path, Seen> files;

    /// A version of a file, and when it was first seen.
    private record Seen(Stamp version, long nanos) {}

    /// Creates a memory without files.
    UnendedFiles(Ticker ticker) {
        this.ticker = ticker;
        this.files =
                Caffeine.newBuilder()
                        .maximumSize(FILES_MAX)
                        .expireAfterAccess(REMEMBERED)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
    }

    /// Notes a version of a file. Returns whether it was first seen that long ago.
    boolean hasBeenSeenFor(Duration time, Path file, Stamp version) {
        long now = ticker.read();
        Seen seen =
                files.asMap()
                        .compute(
                                file,
                                (_, before) ->
                                        before != null && before.version.equals(version)
                                                ? before
                                                : new Seen(version, now));
        return now - seen.nanos >= time.toNanos();
    }

    /// Forgets a file that is complete.
    void forget(Path file) {
        files.invalidate(file);
    }

    /// Returns how many files are remembered.
    long size() {
        files.cleanUp();
        return files.estimatedSize();
    }
}
