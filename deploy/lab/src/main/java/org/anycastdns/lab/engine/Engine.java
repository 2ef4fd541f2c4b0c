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

    /// What a command left.
    ///
    /// @param code its exit code
    /// @param out its standard output
    /// @param err its standard error
    public record Outcome(int code, String out, String err) {

        /// Whether it worked.
        public boolean good() {
            return code == 0;
        }

        /// The last line of what it said, which is where command lines put the reason.
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

    /// Creating two dozen containers on a busy machine.
    private static final Duration COMPOSE_LIMIT = Duration.ofMinutes(5);

    /// How long Compose may take to end when it is told to.
    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private final List<String> compose;

    private Engine(List<String> compose) {
        this.compose = compose;
    }

    /// The engine of this machine, with Compose 2 or 1.29.
    ///
    /// @throws LabException when the engine does not answer, or there is no Compose
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

    /// Runs a docker command to its end.
    public Outcome docker(String... arguments) {
        return docker(List.of(arguments));
    }

    /// Runs a docker command to its end.
    public Outcome docker(List<String> arguments) {
        return capture(LIMIT, command(arguments));
    }

    /// Runs a docker command that has to work.
    ///
    /// @return its standard output
    public String must(String... arguments) {
        Outcome outcome = docker(arguments);
        if (!outcome.good()) {
            throw new LabException(
                    "docker " + String.join(" ", arguments) + ": " + outcome.reason());
        }
        return outcome.out();
    }

    /// Starts a docker command whose output the caller reads; what it says on standard error is
    /// lost.
    public Process start(List<String> arguments) {
        try {
            return new ProcessBuilder(command(arguments))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Runs a Compose command on a file; it has to work. When this program is told to end
    /// meanwhile, so is the command: it would go on making containers behind the back of `lab
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
                // The hook says what there is to say, and then the program ends: nothing goes on.
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

    /// Whether an image is there.
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

    /// Runs a command to its end.
    ///
    /// @param guard is given the process, and what it gives back is run when the process has ended
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
