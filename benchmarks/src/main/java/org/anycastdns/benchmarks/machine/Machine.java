package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.anycastdns.benchmarks.compare.Results;

/// The machine that the comparison runs on.
final class Machine {

    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final int STEAL = 7;

    /// Follows from USER_HZ, which is 100 on all common machines.
    private static final double MICROS_PER_TICK = 10_000;

    private Machine() {}

    /// Adds a description of the machine to the conditions.
    static void describe(Results results) throws IOException {
        results.condition(
                "machine",
                "%s, %d cores, %s, Linux %s"
                        .formatted(
                                line(Path.of("/proc/cpuinfo"), "model name").replaceAll(".*: ", ""),
                                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                                        .filter(line -> line.startsWith("processor"))
                                        .count(),
                                line(Path.of("/proc/meminfo"), "MemTotal").replaceAll(" +", " "),
                                System.getProperty("os.version")));
        results.condition("JDK", System.getProperty("java.runtime.version"));
    }

    private static String line(Path file, String begin) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElse("unknown");
    }

    /// Returns the load averages of 1, 5 and 15 minutes (proc(5)).
    static String load() throws IOException {
        String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ");
        return String.join(" ", words[0], words[1], words[2]);
    }

    /// Returns how all cores spent their time since boot, in ticks (`/proc/stat`, see proc(5)).
    static long[] times() {
        try {
            String[] words = line(Path.of("/proc/stat"), "cpu ").split(" +");
            return Arrays.stream(words, 1, words.length).mapToLong(Long::parseLong).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the share of the time since `before` that the host gave to other guests (steal
    /// time).
    static String stolen(long... before) {
        long[] now = times();
        long total = Arrays.stream(now).sum() - Arrays.stream(before).sum();
        return String.format(
                Locale.ROOT,
                "%.2f %% of the time",
                100.0 * (double) (now[STEAL] - before[STEAL]) / Math.max(1.0, (double) total));
    }

    /// Returns the share of the time since `before` that other processes used. This includes
    /// interrupts that are not charged to any process.
    ///
    /// @param ownMicros CPU time of this run in microseconds
    static String others(long ownMicros, long... before) {
        long[] now = times();
        long total = 0;
        long busy = 0;
        for (int i = 0; i <= STEAL; i++) {
            long ticks = now[i] - before[i];
            total += ticks;
            busy += i == IDLE || i == WAITING || i == STEAL ? 0 : ticks;
        }
        double others = (double) busy - (double) ownMicros / MICROS_PER_TICK;
        return String.format(
                Locale.ROOT,
                "%.1f %% of the time",
                100.0 * Math.max(0, others) / Math.max(1.0, (double) total));
    }
}
