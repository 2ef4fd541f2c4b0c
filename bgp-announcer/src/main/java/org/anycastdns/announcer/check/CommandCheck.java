package org.anycastdns.announcer.check;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;

/// Runs a program with the exit codes of monitoring plugins. Of its output only the start is kept.
/// A program that does not end in time is killed, with the processes that it started.
final class CommandCheck implements Check {

    private static final File NULL_DEVICE = new File("/dev/null");

    /// How much of the output is kept; only its first line is shown.
    private static final int OUTPUT_BYTES_MAX = 4096;

    /// The time between two looks at the output, so that a program never waits for long because
    /// nobody reads it.
    private static final Duration LOOK = Duration.ofMillis(20);

    private static final int GOOD = 0;
    private static final int WARNING = 1;

    private final List<String> command;

    CommandCheck(CheckConfig.Command config) {
        this.command = config.run();
    }

    @Override
    public CheckResult run(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        Process process;
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectInput(Redirect.from(NULL_DEVICE))
                            .start();
        } catch (IOException e) {
            return new CheckResult.Failed(
                    "cannot run %s: %s".formatted(command.getFirst(), Certificates.words(e)));
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (InputStream in = process.getInputStream()) {
            while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                read(in, output);
                if (System.nanoTime() - start >= timeout.toNanos()) {
                    return new CheckResult.Failed(
                            "%s was killed after %d ms"
                                    .formatted(command.getFirst(), timeout.toMillis()));
                }
            }
            read(in, output);
            return result(process.exitValue(), output, System.nanoTime() - start);
        } catch (IOException e) {
            return new CheckResult.Failed(
                    "cannot read from %s: %s".formatted(command.getFirst(), Certificates.words(e)));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static CheckResult result(int code, ByteArrayOutputStream output, long nanos) {
        String all = output.toString(StandardCharsets.UTF_8);
        String line = Printable.of(all.lines().findFirst().orElse("no output").strip());
        return switch (code) {
            case GOOD -> new CheckResult.Good(nanos);
            case WARNING -> new CheckResult.Warned("exit code 1: " + line);
            default -> new CheckResult.Failed("exit code %d: %s".formatted(code, line));
        };
    }

    /// Reads what there is, and keeps the start of it.
    private static void read(InputStream in, ByteArrayOutputStream output) throws IOException {
        for (int there = in.available(); there > 0; there = in.available()) {
            byte[] some = in.readNBytes(Math.min(there, OUTPUT_BYTES_MAX));
            output.write(some, 0, Math.min(some.length, OUTPUT_BYTES_MAX - output.size()));
        }
    }
}
