package org.anycastdns.lab.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/// Runs the command line of the container engine.
public final class Engine {

    /// The result of a command.
    ///
    /// @param code its exit code
    /// @param out its standard output
    /// @param err its standard error
    public record Outcome(int code, String out, String err) {

        /// Returns whether the command succeeded.
        public boolean good() {
            return code == 0;
        }

        /// Returns the last line of the output, where command-line programs print the reason of a
        /// failure.
        public String reason() {
            return Stream.of(err.strip(), out.strip())
                    .filter(text -> !text.isEmpty())
                    .map(text -> text.substring(text.lastIndexOf('\n') + 1))
                    .findFirst()
                    .orElse("exit code " + code);
        }
    }

    /// An engine that takes longer for a single command is stuck.
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Enough to create two dozen containers on a busy machine.
    private static final Duration COMPOSE_LIMIT = Duration.ofMinutes(5);

    /// How long Compose may take to end after it was told to.
    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private final List<String> compose;

    private Engine(List<String> compose) {
        this.compose = compose;
    }

    /// Finds the engine of this machine, with Compose 2 or 1.29.
    ///
    /// @throws LabException if the engine does not respond, or Compose is missing
    public static Engine find() {
        Outcome version = capture(LIMIT, List.of("docker", "version"));
        if (!version.good()) {
            throw new LabException(
                    "the container engine does not answer ("
                            + version.reason()
                            + "); start it first, for example with: systemctl start docker");
        }
        for (List<String> candidate :
                List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
            List<String> command = new ArrayList<>(candidate);
            command.add("version");
            if (capture(LIMIT, command).good()) {
                return new Engine(candidate);
            }
        }
        throw new LabException(
                "Docker Compose is missing: install docker-compose (1.29 or newer) or Docker's compose plugin");
    }

    /// Runs a docker command to completion.
    public Outcome docker(String... arguments) {
        return docker(List.of(arguments));
    }

    /// Runs a docker command to completion.
    public Outcome docker(List<String> arguments) {
        return capture(LIMIT, command(arguments));
    }

    /// Runs a docker command that must succeed.
    ///
    /// @return its standard output
    /// @throws LabException if it fails
    public String must(String... arguments) {
        Outcome outcome = docker(arguments);
        if (!outcome.good()) {
            throw new LabException(
                    "docker " + String.join(" ", arguments) + ": " + outcome.reason());
        }
        return outcome.out();
    }

    /// Starts a docker command whose standard output the caller reads. Its standard error is
    /// discarded.
    public Process start(List<String> arguments) {
        try {
            return new ProcessBuilder(command(arguments))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Runs a Compose command on a file; it must succeed. If this program is terminated meanwhile,
    /// it ends the command too. Otherwise Compose would go on creating containers, unknown to `lab
    /// down`.
    public void compose(Path file, String project, String... arguments) {
        List<String> command = new ArrayList<>(compose);
        command.addAll(List.of("-p", project, "-f", file.toString()));
        command.addAll(List.of(arguments));
        Outcome outcome = capture(COMPOSE_LIMIT, command, Engine::endWithThisProgram);
        if (!outcome.good()) {
            throw new LabException("docker compose: " + outcome.reason());
        }
    }

    private static Runnable endWithThisProgram(Process process) {
        Thread hook = Thread.ofPlatform().unstarted(() -> end(process));
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The shutdown hook is running. It reports, and then the JVM ends, so nothing may
                // continue here.
                while (true) {
                    LockSupport.park();
                }
            }
        };
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns whether an image exists.
    public boolean hasImage(String image) {
        return docker("image", "inspect", image).good();
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        return command;
    }

    private static Outcome capture(Duration limit, List<String> command) {
        return capture(limit, command, _ -> () -> {});
    }

    /// Runs a command to completion.
    ///
    /// @param guard receives the process and returns an action to run when the process has ended
    private static Outcome capture(
            Duration limit, List<String> command, Function<Process, Runnable> guard) {
        Process process;
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .start();
        } catch (IOException missing) {
            return new Outcome(127, "", command.getFirst() + " is not installed");
        }
        CompletableFuture<String> out = read(process.getInputStream());
        CompletableFuture<String> err = read(process.getErrorStream());
        Runnable ended = guard.apply(process);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Outcome(124, "", "no end within " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        } finally {
            ended.run();
        }
        return new Outcome(process.exitValue(), out.join(), err.join());
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (stream) {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException closed) {
                        text.complete("");
                    }
                });
        return text;
    }
}
