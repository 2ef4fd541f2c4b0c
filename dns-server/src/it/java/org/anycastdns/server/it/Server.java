package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.anycastdns.testkit.UdpClient;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// A running `dns-server` on free loopback ports, IPv4 and IPv6.
///
/// @param program its process
/// @param port its port for UDP and TCP
/// @param adminPort its port for admin HTTP
public record Server(Program program, int port, int adminPort) implements AutoCloseable {

    /// A zone with the address 192.0.2.1 for the name www.
    static final String ZONE =
            """
            $TTL 300
            @ IN SOA ns1 hostmaster 1 2h 15m 2w 5m
            @ IN NS ns1
            ns1 IN A 192.0.2.53
            www IN A 192.0.2.1
            """;

    /// What is answered for that name.
    static final String WWW = "NOERROR 192.0.2.1";

    /// How long a start may take on a busy machine with two cores.
    static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /// Starts the server and waits until it is ready.
    public static Server start(Path zones, String... more)
            throws IOException, InterruptedException {
        return startWarm(zones, "0s", more);
    }

    /// Starts the server with a warm-up of some length and waits until it is ready.
    static Server startWarm(Path zones, String warmUp, String... more)
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        List<String> arguments = arguments(zones, port, adminPort);
        arguments.set(arguments.indexOf("--warm-up") + 1, warmUp);
        return start(arguments, port, adminPort, more);
    }

    /// Starts the server on certain ports, e.g. again on those it had, and waits until it is ready.
    static Server startAt(Path zones, int port, int adminPort, String... more)
            throws IOException, InterruptedException {
        return start(arguments(zones, port, adminPort), port, adminPort, more);
    }

    /// Starts the server on certain ports without zone files and waits until it is ready.
    ///
    /// @param configuration its configuration, in the test's folder
    static Server startAt(int port, int adminPort, Path configuration)
            throws IOException, InterruptedException {
        return startAt(
                configuration.resolveSibling("no-zones"),
                port,
                adminPort,
                "--config",
                configuration.toString());
    }

    private static Server start(List<String> arguments, int port, int adminPort, String... more)
            throws IOException, InterruptedException {
        arguments.addAll(List.of(more));
        return new Server(Program.startServing(arguments, "^ready", START_LIMIT), port, adminPort);
    }

    /// Returns the command line that serves a folder of zones, or an image, on both loopback
    /// addresses.
    static List<String> arguments(Path zones, int port, int adminPort) {
        return Repository.dnsServer(
                zones,
                port,
                "--listen",
                "[::1]:" + port,
                "--admin",
                "127.0.0.1:" + adminPort,
                "--identity",
                "it1",
                "--warm-up",
                "0s");
    }

    /// Returns the content of a page of the admin HTTP.
    String page(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /// Returns the RCODE and the data of the answer section over UDP, e.g. `NOERROR 192.0.2.1
    /// 192.0.2.2`.
    String answer(String name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
        byte[] wire = UdpClient.ask(port, List.of(query.toWire()))[0];
        if (wire.length == 0) {
            return "no answer";
        }
        Message answer = new Message(wire);
        return Stream.concat(
                        Stream.of(Rcode.string(answer.getHeader().getRcode())),
                        answer.getSection(Section.ANSWER).stream()
                                .map(Record::rdataToString)
                                .sorted())
                .collect(Collectors.joining(" "));
    }

    /// Runs a client, dig or kdig, and returns what it writes to both streams.
    ///
    /// @param words what follows the server's address and port
    String ask(String client, String... words) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(Tools.require(client), "@127.0.0.1", "-p", "" + port));
        line.addAll(List.of(words));
        try (Program program = Program.run(START_LIMIT, line)) {
            return program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR);
        }
    }

    /// Runs another command of the program against this server's admin HTTP.
    Program command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(Repository.launcher("dns-server")));
        line.addAll(List.of(words));
        line.addAll(List.of("--admin", "127.0.0.1:" + adminPort));
        return Program.run(START_LIMIT, line);
    }

    /// Runs another command of the program against this server's admin HTTP, which must end with an
    /// exit code, and returns what it writes to both streams.
    String output(int exitCode, String... words) throws IOException, InterruptedException {
        try (Program command = command(words)) {
            assertEquals(exitCode, command.awaitExit(START_LIMIT), command::tail);
            return command.text(Program.Stream.OUT) + command.text(Program.Stream.ERR);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
