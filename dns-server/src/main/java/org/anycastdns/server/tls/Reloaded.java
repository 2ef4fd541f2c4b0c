package org.anycastdns.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that is made from files, and made again when they change. Files that cannot be used
/// leave the last good version in use, with one log line for each state of the files.
///
/// {@link #look} is for one thread; everything else is for any.
///
/// @param <T> what is made; immutable
final class Reloaded<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);

    private final String option;
    private final List<Path> files;
    private final Loader<T> loader;
    private List<Stamp> tried;
    private List<Stamp> seen;
    private volatile T current;
    private volatile String fault = "";
    private final LongAdder failures = new LongAdder();

    /// Makes something from files.
    ///
    /// @param <T> what is made
    @FunctionalInterface
    interface Loader<T> {

        /// Reads the files.
        ///
        /// @throws TlsFileException if one of them cannot be used
        T load() throws TlsFileException;
    }

    /// By what a change of a file is noticed. A file that was replaced has another key, even if it
    /// has the same time; symbolic links are followed.
    private record Stamp(@Nullable FileTime modified, long size, @Nullable Object key) {

        private static final Stamp NONE = new Stamp(null, 0, null);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
            } catch (IOException e) {
                return NONE;
            }
        }
    }

    /// Reads the files for the first time.
    ///
    /// @param option the option that names the files, for messages
    Reloaded(String option, List<Path> files, Loader<T> loader) throws TlsFileException {
        this.option = option;
        this.files = List.copyOf(files);
        this.loader = loader;
        this.tried = stamps();
        this.seen = tried;
        this.current = loader.load();
    }

    /// Returns what the last good files gave.
    T current() {
        return current;
    }

    /// Returns why the newest files are not used; empty if they are.
    String fault() {
        return fault;
    }

    /// Returns how many states of the files could not be used.
    long failures() {
        return failures.sum();
    }

    /// Looks whether the files changed. They are read when two looks in a row find the same change:
    /// certificate and key are rarely written at one time.
    void look() {
        List<Stamp> now = stamps();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(tried)) {
            return;
        }
        tried = now;
        try {
            current = loader.load();
            fault = "";
            LOG.info("{}: the changed files are in use", option);
        } catch (TlsFileException e) {
            failures.increment();
            fault = String.valueOf(e.getMessage());
            LOG.error(
                    "{}: the changed files cannot be used, the former ones stay in use: {}",
                    option,
                    fault);
        }
    }

    private List<Stamp> stamps() {
        return files.stream().map(Stamp::of).toList();
    }
}
