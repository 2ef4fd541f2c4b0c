package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;

/// A PoP (198.51.100.2, 2001:db8:ffff::2) and its router (`.1`, `::1`), which runs BIRD 2, at the
/// two ends of a cable; whatever was started in it ends with it.
final class BirdNetwork implements AutoCloseable {

    /// The start of a JVM on a busy machine, and a connection attempt's ten seconds.
    static final Duration LIMIT = Duration.ofSeconds(60);

    /// The router's own part of its configuration; the sessions come behind.
    private static final String GENERAL =
            """
            router id 198.51.100.1;
            log stderr all;
            debug protocols { states, routes };
            protocol device { }
            """;

    private final Path folder;
    private final Namespaces network = new Namespaces();
    private final List<Program> started = new ArrayList<>();

    /// The network, with nothing running in it.
    ///
    /// @param folder for configurations and sockets
    BirdNetwork(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        network.address(network.left(), "198.51.100.2/24");
        network.address(network.left(), "2001:db8:ffff::2/64");
        network.loopbackAddress(network.left(), "192.0.2.53/32");
        network.address(network.right(), "198.51.100.1/24");
        network.address(network.right(), "2001:db8:ffff::1/64");
    }

    /// BIRD with these sessions.
    Program bird(String sessions) throws IOException, InterruptedException {
        Path configuration = Files.writeString(folder.resolve("bird.conf"), GENERAL + sessions);
        Program bird =
                start(
                        network.right(),
                        List.of(
                                Tools.require("bird"),
                                "-f",
                                "-c",
                                configuration.toString(),
                                "-s",
                                folder.resolve("bird.ctl").toString(),
                                "-P",
                                folder.resolve("bird.pid").toString()));
        bird.awaitLine("Started", LIMIT);
        return bird;
    }

    /// All that BIRD says about its routes.
    String table() throws IOException, InterruptedException {
        Program client =
                Program.run(
                        Duration.ofSeconds(10),
                        List.of(
                                Tools.require("birdc"),
                                "-s",
                                folder.resolve("bird.ctl").toString(),
                                "show",
                                "route",
                                "all"));
        return client.text(Program.Stream.OUT);
    }

    /// The responder of the PoP, at 192.0.2.53, once it is ready.
    Program responder(Path zones) throws IOException, InterruptedException {
        Program responder =
                start(network.left(), Pop.responderCommand(zones, "192.0.2.53:53", "ams1"));
        responder.awaitLine("^ready", LIMIT);
        return responder;
    }

    /// Changes what the PoP's host takes for the router's link address: with one that is nobody's,
    /// nothing of what it sends arrives any more, and neither end's cable tells.
    ///
    /// @param words of `ip neighbor`, without address and device
    void linkAddress(String verb, String... words) throws IOException, InterruptedException {
        String left = network.left();
        List<String> line = new ArrayList<>(List.of("ip", "-n", left, "neighbor", verb));
        line.addAll(List.of("198.51.100.1", "dev", left));
        line.addAll(List.of(words));
        Program ip = Program.run(LIMIT, line);
        assertEquals(0, ip.awaitExit(LIMIT), ip::tail);
    }

    /// The announcer of the PoP with this configuration.
    Program announcer(String configuration) throws IOException {
        Path file = Files.writeString(folder.resolve("announcer.yaml"), configuration);
        return start(
                network.left(),
                List.of(Repository.launcher("bgp-announcer"), "run", "--config", file.toString()));
    }

    /// Runs a command of the announcer beside the running one, to its end.
    Program command(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(Repository.launcher("bgp-announcer")));
        line.addAll(List.of(arguments));
        return Program.run(LIMIT, network.inside(network.left(), line));
    }

    @Override
    public void close() {
        started.reversed().forEach(Program::close);
        network.close();
    }

    private Program start(String namespace, List<String> command) throws IOException {
        Program program = Program.start(network.inside(namespace, command));
        started.add(program);
        return program;
    }
}
