package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;

/// A PoP (198.51.100.2, 2001:db8:ffff::2) and its router (`.1`, `::1`) at the two ends of a veth
/// pair. Closing ends every program that was started in the network.
final class RouterNetwork implements AutoCloseable {

    /// Covers the start of a JVM on a busy machine, and ten seconds for a connection attempt.
    static final Duration LIMIT = Programs.LIMIT;

    private final Namespaces network = new Namespaces();
    private final Programs programs;

    /// Creates the network without any program.
    ///
    /// @param folder folder for configurations and sockets
    RouterNetwork(Path folder) throws IOException, InterruptedException {
        programs = new Programs(network, folder);
        network.address(network.left(), "198.51.100.2/24");
        network.address(network.left(), "2001:db8:ffff::2/64");
        network.loopbackAddress(network.left(), "192.0.2.53/32");
        network.address(network.right(), "198.51.100.1/24");
        network.address(network.right(), "2001:db8:ffff::1/64");
    }

    /// Returns the namespace of the PoP.
    String pop() {
        return network.left();
    }

    /// Returns the namespace of the router.
    String router() {
        return network.right();
    }

    /// Returns the programs running in the network.
    Programs programs() {
        return programs;
    }

    /// Returns BIRD's configuration of a session, as AS 65001, that takes every IPv4 route of the
    /// PoP and announces none.
    ///
    /// @param options further options of the session; may be empty
    static String session(String options) {
        return session("pop", "198.51.100.1", "198.51.100.2", options);
    }

    /// Returns the configuration of a session with a name, between addresses.
    static String session(String name, String router, String pop, String options) {
        return """
        protocol bgp %s {
            local %s as 65001;
            neighbor %s as 65010;
            connect delay time 1;
            error wait time 1,2;
            ipv4 { import all; export none; };
            %s
        }
        """
                .formatted(name, router, pop, options);
    }

    /// Adds an address to the router's end of the link.
    void routerAddress(String address) throws IOException, InterruptedException {
        network.address(network.right(), address);
    }

    /// Adds an address to the PoP's end of the link.
    void popAddress(String address) throws IOException, InterruptedException {
        network.address(network.left(), address);
    }

    /// Starts BIRD on the router with these sessions.
    Program bird(String sessions) throws IOException, InterruptedException {
        return programs.bird(network.right(), sessions);
    }

    /// Returns BIRD's description of all its routes.
    String table() throws IOException, InterruptedException {
        return birdc("show", "route", "all");
    }

    /// Gives BIRD a command. Returns its answer.
    String birdc(String... words) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(Tools.require("birdc"), "-s", programs.birdControl()));
        line.addAll(List.of(words));
        return Program.run(Duration.ofSeconds(10), line).text(Program.Stream.OUT);
    }

    /// Replaces the sessions of the running BIRD.
    void configure(String sessions) throws IOException, InterruptedException {
        programs.birdConfiguration(sessions);
        String answer = birdc("configure");
        assertTrue(answer.contains("Reconfigur"), answer);
    }

    /// Starts the PoP's responder at 192.0.2.53; returns when it is ready.
    Program responder(Path zones) throws IOException, InterruptedException {
        Program responder =
                programs.start(
                        network.left(), Pop.responderCommand(zones, "192.0.2.53:53", "ams1"));
        responder.awaitLine("^ready", LIMIT);
        return responder;
    }

    /// Changes the router's link-layer address in the neighbor table of the PoP's host. With an
    /// address that no interface has, all packets of the PoP are lost, and both ends of the link
    /// stay up.
    ///
    /// @param words arguments of `ip neighbor` without address and device
    void linkAddress(String verb, String... words) throws IOException, InterruptedException {
        String left = network.left();
        List<String> line = new ArrayList<>(List.of("ip", "-n", left, "neighbor", verb));
        line.addAll(List.of("198.51.100.1", "dev", left));
        line.addAll(List.of(words));
        Program ip = Program.run(LIMIT, line);
        assertEquals(0, ip.awaitExit(LIMIT), ip::tail);
    }

    /// Starts the PoP's announcer with this configuration.
    Program announcer(String configuration) throws IOException {
        return programs.announcer(network.left(), configuration);
    }

    /// Returns an answer of the announcer's admin HTTP.
    ///
    /// @param path such as `/metrics`
    HttpResponse<String> page(String path) throws Exception {
        return Inside.call(pop(), () -> Site.page(URI.create("http://127.0.0.1:9179" + path)));
    }

    /// Returns what the command `status` says while the announcer is running.
    String status() throws IOException, InterruptedException {
        return command("status").text(Program.Stream.OUT);
    }

    /// Runs a command of the announcer program to completion while the announcer is running.
    Program command(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(Repository.launcher("bgp-announcer")));
        line.addAll(List.of(arguments));
        return programs.ask(network.left(), line);
    }

    @Override
    public void close() {
        network.close();
    }
}
