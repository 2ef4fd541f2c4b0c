package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;

/// The programs that a test runs in its network namespaces. They end in reverse order, before the
/// namespaces are deleted or when this is closed.
final class Programs implements AutoCloseable {

    /// Covers the start of a JVM on a busy machine, and ten seconds for a connection attempt.
    static final Duration LIMIT = Duration.ofSeconds(60);

    /// The common part of BIRD's configuration.
    private static final String BIRD =
            """
            router id 198.51.100.1;
            log stderr all;
            debug protocols { states, routes, events };
            protocol device { }
            """;

    private final Namespaces network;
    private final Path folder;
    private final List<Program> started = new ArrayList<>();

    /// Creates an empty set of programs.
    ///
    /// @param folder folder for configurations and sockets
    Programs(Namespaces network, Path folder) {
        this.network = network;
        this.folder = folder;
        network.beforeClose(this::close);
    }

    /// Starts a command in a namespace.
    Program start(String namespace, List<String> command) throws IOException {
        Program program = Program.start(network.inside(namespace, command), environment(folder));
        started.add(program);
        return program;
    }

    /// Returns the variables by which our programs keep their tokens in a folder of this test. They
    /// have the same admin ports in the namespaces of every test.
    static Map<String, String> environment(Path folder) {
        return Map.of("RUNTIME_DIRECTORY", folder.resolve("run").toString());
    }

    /// Runs a command in a namespace to completion; it must succeed.
    void run(String namespace, String... command) throws IOException, InterruptedException {
        Program program = ask(namespace, List.of(command));
        assertEquals(0, program.awaitExit(LIMIT), program::tail);
    }

    /// Runs a command in a namespace to completion.
    Program ask(String namespace, List<String> command) throws IOException, InterruptedException {
        return Program.run(LIMIT, network.inside(namespace, command), environment(folder));
    }

    /// Returns all programs that were started and not ended, in order.
    List<Program> started() {
        return List.copyOf(started);
    }

    /// Starts BIRD; returns when it has read its configuration.
    ///
    /// @param protocols its configuration after the common part
    Program bird(String namespace, String protocols) throws IOException, InterruptedException {
        Path configuration = birdConfiguration(protocols);
        Program bird = start(namespace, birdCommand(configuration, birdSocket()));
        bird.awaitLine("Started", LIMIT);
        return bird;
    }

    /// Returns the command that runs BIRD in the foreground.
    ///
    /// @param control its control socket; the file with its process ID is beside it
    static List<String> birdCommand(Path configuration, Path control) {
        return List.of(
                Tools.require("bird"),
                "-f",
                "-c",
                configuration.toString(),
                "-s",
                control.toString(),
                "-P",
                control.resolveSibling(control.getFileName() + ".pid").toString());
    }

    /// Writes the configuration of [#bird], after the common part. Returns the file.
    Path birdConfiguration(String protocols) throws IOException {
        return Files.writeString(folder.resolve("bird.conf"), BIRD + protocols);
    }

    /// Returns the control socket of [#bird].
    String birdControl() {
        return birdSocket().toString();
    }

    /// Returns the control socket of [#bird].
    Path birdSocket() {
        return folder.resolve("bird.ctl");
    }

    /// Starts an announcer with this configuration. It may not be ready yet on return.
    Program announcer(String namespace, String configuration) throws IOException {
        Path file = Files.createTempFile(folder, "announcer", ".yaml");
        return start(namespace, announcerCommand(Files.writeString(file, configuration)));
    }

    /// Returns the command that runs an announcer.
    static List<String> announcerCommand(Path configuration) {
        return List.of(
                Repository.launcher("bgp-announcer"), "run", "--config", configuration.toString());
    }

    @Override
    public void close() {
        started.reversed().forEach(Program::close);
        started.clear();
    }
}
