package org.anycastdns.announcer;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;

/// A file whose presence drains the site: what configuration management and scripts can make.
final class MaintenanceFile implements AutoCloseable {

    /// Between two looks: at once for people, nothing for the system.
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /// A reason is a remark, not a document; it stands in log lines.
    private static final int REASON_LENGTH_MAX = 200;

    private final Path file;
    private final Consumer<@Nullable String> sink;
    private final Thread thread;
    private @Nullable String last;
    private volatile boolean closed;

    /// Watches from a thread that has not started.
    ///
    /// @param present the reason when the file is known to be there; null when not
    /// @param sink is given the reason when the file comes or its first line changes, null when it
    ///   goes; throws IllegalStateException when it cannot take it, and is given it again
    MaintenanceFile(Path file, @Nullable String present, Consumer<@Nullable String> sink) {
        this.file = file;
        this.last = present;
        this.sink = sink;
        this.thread = LongLived.restarted("maintenance-file", this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /// The reason in the file, in its first line; null when there is no such file.
    static @Nullable String reason(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        String why = "no reason given";
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            char[] start = new char[REASON_LENGTH_MAX];
            int length = in.read(start);
            String line = length < 1 ? "" : new String(start, 0, length).lines().findFirst().get();
            why = line.isBlank() ? why : line.replaceAll("\\p{Cntrl}", " ").strip();
        } catch (MalformedInputException _) {
            why = "no readable reason given";
        } catch (IOException e) {
            why = "it cannot be read: " + e;
        }
        return "maintenance file " + file + ": " + why;
    }

    private void run() {
        while (!closed) {
            String now = reason(file);
            if (now == null ? last != null : !now.equals(last)) {
                try {
                    sink.accept(now);
                    last = now;
                } catch (IllegalStateException _) {
                    // The health loop does not keep up: the next look tells it again.
                }
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }
}
