package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Runs external programs to completion.
final class Commands {

    private static final int SHOWN_MAX = 600;

    private Commands() {}

    /// The result of a command.
    ///
    /// @param exit its exit code
    /// @param output its standard output and standard error together
    record Ended(int exit, String output) {}

    /// Runs a command and returns its result, whatever its exit code is.
    ///
    /// @throws IOException if it cannot be started
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

    /// Runs a command and returns its standard output and standard error together.
    ///
    /// @throws IOException if it fails; the message has the end of its output
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

    /// Runs a command given as words separated by spaces.
    static String run(String command) throws IOException {
        return run(List.of(command.split(" ")));
    }

    /// Finds a program: by its path, on the PATH, or where Debian keeps daemons.
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
