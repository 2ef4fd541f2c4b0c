package org.anycastdns.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A process under test: its output as lines with their time of arrival, signals by process id, and
/// an end that {@link #close} guarantees. Every failure message carries the tail of the output.
public final class Program implements AutoCloseable {

    /// The output stream a line was written to.
    public enum Stream {
        /// Standard output.
        OUT,
        /// Standard error.
        ERR
    }

    /// One line of output.
    ///
    /// @param stream where the program wrote it
    /// @param text the line without its end
    /// @param nanos {@link System#nanoTime} when it was read
    public record Line(Stream stream, String text, long nanos) {}

    /// The signals tests send.
    public enum Signal {
        /// The polite end.
        TERM,
        /// The end no program can refuse.
        KILL,
        /// Hangs the program: it exists and does nothing.
        STOP,
        /// Lets a stopped program go on.
        CONT
    }

    /// How long a process may take to end after it has been killed, and its pipes to drain.
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    /// Lines of output shown in a failure message.
    private static final int TAIL_LINES = 60;

    private final String name;
    private final Process process;
    private final List<Line> lines = new ArrayList<>();
    private final List<Thread> readers;
    private final Runnable closer = this::close;

    private Program(List<String> command, Map<String, String> environment) throws IOException {
        name = String.join(" ", command);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.start();
        Leftovers.remember(closer);
        readers =
                List.of(
                        read(process.getInputStream(), Stream.OUT),
                        read(process.getErrorStream(), Stream.ERR));
    }

    /// Starts a process with this test's environment.
    public static Program start(List<String> command) throws IOException {
        return new Program(command, Map.of());
    }

    /// Starts a process with these variables added to this test's environment.
    public static Program start(List<String> command, Map<String, String> environment)
            throws IOException {
        return new Program(command, environment);
    }

    /// Runs a short-lived process to its end and gives it back for its exit code and output.
    ///
    /// @param limit after which the process is killed and the test fails
    public static Program run(Duration limit, List<String> command)
            throws IOException, InterruptedException {
        try (Program program = start(command)) {
            program.awaitExit(limit);
            return program;
        }
    }

    /// The process id; signals sent to it reach the program itself, for launchers `exec`.
    public long pid() {
        return process.pid();
    }

    /// Whether the process is still there.
    public boolean alive() {
        return process.isAlive();
    }

    /// The first line, of those already read or yet to come, that a regular expression finds.
    public Line awaitLine(String regex, Duration limit) throws InterruptedException {
        return awaitLine(0, regex, limit);
    }

    /// The same among the lines from a {@link #mark} on.
    public Line awaitLine(int mark, String regex, Duration limit) throws InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lines) {
            int next = mark;
            while (true) {
                for (; next < lines.size(); next++) {
                    if (pattern.matcher(lines.get(next).text()).find()) {
                        return lines.get(next);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || readers.stream().noneMatch(Thread::isAlive)) {
                    throw new AssertionError("no line /" + regex + "/ in " + limit + tail());
                }
                // Bounded, because the end of the readers is not announced under this lock.
                lines.wait(Math.min(left, 100));
            }
        }
    }

    /// The number of lines so far: where a later {@link #awaitLine} begins to look.
    public int mark() {
        synchronized (lines) {
            return lines.size();
        }
    }

    /// The lines of one stream so far, each ended by a newline.
    public String text(Stream stream) {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.stream() == stream)
                    .map(line -> line.text() + "\n")
                    .collect(Collectors.joining());
        }
    }

    /// Sends a signal and returns when it has been sent. KILL needs no program of its own to be
    /// sent, and so hardly any time.
    public void signal(Signal signal) throws IOException, InterruptedException {
        if (signal == Signal.KILL) {
            process.destroyForcibly();
            return;
        }
        Process kill =
                new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("cannot send " + signal + tail());
        }
    }

    /// The exit code, once the process has ended and its output has been read.
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + tail());
        }
        for (Thread reader : readers) {
            reader.join(END_LIMIT);
        }
        return process.exitValue();
    }

    /// The command line and its last lines of output, for failure messages.
    public String tail() {
        synchronized (lines) {
            int from = Math.max(0, lines.size() - TAIL_LINES);
            return lines.subList(from, lines.size()).stream()
                    .map(line -> line.stream() + " " + line.text())
                    .collect(Collectors.joining("\n", "\n$ " + name + "\n", "\n"));
        }
    }

    /// Kills what still runs, with its children, and waits for the end.
    @Override
    public void close() {
        Leftovers.forget(closer);
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not ended by SIGKILL" + tail());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread read(InputStream input, Stream stream) {
        return Thread.ofPlatform()
                .daemon()
                .name("output of " + name)
                .start(() -> {
                    try (var reader =
                            new BufferedReader(
                                    new InputStreamReader(input, StandardCharsets.UTF_8))) {
                        for (String text; (text = reader.readLine()) != null; ) {
                            add(new Line(stream, text, System.nanoTime()));
                        }
                    } catch (IOException _) {
                        // The pipe was closed by the end of the process.
                    }
                });
    }

    private void add(Line line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }
}
