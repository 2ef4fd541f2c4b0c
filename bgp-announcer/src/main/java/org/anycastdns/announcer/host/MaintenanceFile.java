package org.anycastdns.announcer.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;
import org.jspecify.annotations.Nullable;

/// Watches a file whose existence drains the site. Scripts and configuration management can create
/// it.
public final class MaintenanceFile extends Loop {

    /// The time between two checks: immediate for people, and negligible load for the system.
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /// The maximum length of a reason in characters, because it appears in log lines.
    private static final int REASON_LENGTH_MAX = 200;

    private final Path file;
    private final Consumer<@Nullable String> sink;
    private @Nullable String last;

    /// Creates a watch that has not started.
    ///
    /// @param present the reason if the file is known to exist, otherwise null
    /// @param sink receives the reason when the file appears or its first line changes, and null
    ///   when it disappears. If it throws IllegalStateException, it is called again later.
    public MaintenanceFile(Path file, @Nullable String present, Consumer<@Nullable String> sink) {
        super("maintenance-file", LongLived::restarted);
        this.file = file;
        this.last = present;
        this.sink = sink;
    }

    /// Returns the reason, from the first line of the file. Returns null if the file does not
    /// exist.
    public static @Nullable String reason(Path file) {
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

    @Override
    protected void round() {
        String now = reason(file);
        if (now == null ? last != null : !now.equals(last)) {
            try {
                sink.accept(now);
                last = now;
            } catch (IllegalStateException _) {
                // The health loop does not keep up, so the next check tries again.
            }
        }
        pause(INTERVAL.toNanos());
    }
}
