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

/// A process under test. It offers the output as lines with their arrival time, and signals by
/// process ID. {@link #close} guarantees its end. Failure messages include the end of the output.
public final class Program implements AutoCloseable {

    /// The stream that a line was written to.
    public enum Stream {
        /// Standard output.
        OUT,
        /// Standard error.
        ERR
    }

    /// One line of output.
    ///
    /// @param stream the stream that it was written to
    /// @param text the line without a line break
    /// @param nanos {@link System#nanoTime} when it was read
    public record Line(Stream stream, String text, long nanos) {}

    /// The signals that tests send.
    public enum Signal {
        /// Asks the program to end.
        TERM,
        /// Ends the program at once; it cannot refuse.
        KILL,
        /// Hangs the program: it exists but does nothing.
        STOP,
        /// Lets a stopped program continue.
        CONT
    }

    /// Signals that no program of ours gives a meaning: named ones, and the first, one more and the
    /// last real-time signal.
    public static final List<String> MEANINGLESS_SIGNALS =
            List.of(
                    "USR1", "USR2", "PIPE", "ALRM", "VTALRM", "PROF", "IO", "PWR", "STKFLT", "XCPU",
                    "XFSZ", "WINCH", "URG", "CHLD", "34", "50", "64");

    /// How long a killed process may take to end, and its pipes to drain.
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

    /// Starts a process with this test's environment and additional variables.
    public static Program start(List<String> command, Map<String, String> environment)
            throws IOException {
        return new Program(command, environment);
    }

    /// Starts a process and waits for the line by which it says that it serves. A process that does
    /// not say so within the limit is ended, and the test fails.
    ///
    /// @param serving regular expression of the line
    public static Program startServing(List<String> command, String serving, Duration limit)
            throws IOException, InterruptedException {
        Program program = start(command);
        try {
            program.awaitLine(serving, limit);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return program;
    }

    /// Runs a short-lived process to completion and returns it for its exit code and output.
    ///
    /// @param limit time after which the process is killed and the test fails
    public static Program run(Duration limit, List<String> command)
            throws IOException, InterruptedException {
        return run(limit, command, Map.of());
    }

    /// Runs a short-lived process with additional variables of the environment.
    ///
    /// @param limit time after which the process is killed and the test fails
    public static Program run(Duration limit, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        try (Program program = start(command, environment)) {
            program.awaitExit(limit);
            return program;
        }
    }

    /// Returns the process ID. Signals to it reach the program itself, because launchers use
    /// `exec`.
    public long pid() {
        return process.pid();
    }

    /// Returns whether the process is still running.
    public boolean alive() {
        return process.isAlive();
    }

    /// Returns the first line that matches a regular expression, among lines already read and lines
    /// to come.
    public Line awaitLine(String regex, Duration limit) throws InterruptedException {
        return awaitLine(0, regex, limit);
    }

    /// Returns the first matching line from a {@link #mark} on.
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
                // Bounded, because the end of the readers is not signaled under this lock.
                lines.wait(Math.min(left, 100));
            }
        }
    }

    /// Returns the number of lines so far, as a starting point for a later {@link #awaitLine}.
    public int mark() {
        synchronized (lines) {
            return lines.size();
        }
    }

    /// Returns the lines of one stream so far, each with a final newline.
    public String text(Stream stream) {
        return text(stream, 0);
    }

    /// Returns the lines of one stream from a {@link #mark} on, each with a final newline.
    public String text(Stream stream, int mark) {
        synchronized (lines) {
            return lines.subList(mark, lines.size()).stream()
                    .filter(line -> line.stream() == stream)
                    .map(line -> line.text() + "\n")
                    .collect(Collectors.joining());
        }
    }

    /// Sends a signal; returns when it has been sent. KILL takes hardly any time, because it needs
    /// no other program.
    public void signal(Signal signal) throws IOException, InterruptedException {
        if (signal == Signal.KILL) {
            process.destroyForcibly();
            return;
        }
        signal(signal.name());
    }

    /// Sends the signal with this name, such as HUP, or number; returns when it has been sent.
    public void signal(String signal) throws IOException, InterruptedException {
        String kill = Tools.require("kill");
        Process sent =
                new ProcessBuilder(kill, "-" + signal, Long.toString(pid())).inheritIO().start();
        if (sent.waitFor() != 0) {
            throw new AssertionError("cannot send " + signal + tail());
        }
    }

    /// Returns the exit code once the process has ended and its output has been read.
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + tail());
        }
        for (Thread reader : readers) {
            reader.join(END_LIMIT);
        }
        return process.exitValue();
    }

    /// Returns the command line and its last lines of output, for failure messages.
    public String tail() {
        synchronized (lines) {
            int from = Math.max(0, lines.size() - TAIL_LINES);
            return lines.subList(from, lines.size()).stream()
                    .map(line -> line.stream() + " " + line.text())
                    .collect(Collectors.joining("\n", "\n$ " + name + "\n", "\n"));
        }
    }

    /// Kills the process and its children if they are still running, and waits for the end.
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
                        // The pipe was closed because the process ended.
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
