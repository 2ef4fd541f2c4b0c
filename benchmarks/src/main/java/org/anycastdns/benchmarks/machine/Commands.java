package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of others that run to their end.
final class Commands {

    private static final int SHOWN_MAX = 600;

    private Commands() {}

    /// How one ended.
    ///
    /// @param exit its exit code
    /// @param output what it printed, both streams
    record Ended(int exit, String output) {}

    /// Runs one, however it ends.
    ///
    /// @throws IOException when it cannot be started
    static Ended ended(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }

    /// Runs one and gives what it printed, both streams.
    ///
    /// @throws IOException with the end of its output when it fails
    static String run(List<String> command) throws IOException {
        Ended ended = ended(command);
        if (ended.exit() != 0) {
            String output = ended.output();
            throw new IOException(
                    "'%s' ended with %d: %s"
                            .formatted(
                                    String.join(" ", command),
                                    ended.exit(),
                                    output.substring(Math.max(0, output.length() - SHOWN_MAX))
                                            .strip()));
        }
        return ended.output();
    }

    /// The same with blanks between the words.
    static String run(String command) throws IOException {
        return run(List.of(command.split(" ")));
    }

    /// Where a program is: a path itself, or on the PATH, or where Debian keeps daemons.
    static Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.concat(Arrays.stream(path.split(":")), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
