package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// A hidden primary and three PoPs with the configurations of docs/operate/zones.md, "A hidden
/// primary and three PoPs". Only addresses and folders are those of the test.
class HiddenPrimaryIT {

    private static final String ZONE = "example.com";
    private static final String PRIMARY = "primary";

    /// The addresses of the page.
    private static final Map<String, String> ADDRESSES =
            Map.of(
                    PRIMARY,
                    "198.51.100.250:53",
                    "ams",
                    "198.51.100.2:53",
                    "nrt",
                    "198.51.100.18:53",
                    "iad",
                    "198.51.100.10:53");

    private static final String ANYCAST = "192.0.2.53:53";
    private static final List<String> POPS = List.of("ams", "nrt", "iad");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir private Path folder = Path.of("");

    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Server> servers = new LinkedHashMap<>();

    @BeforeEach
    void configure() throws Exception {
        for (String name : ADDRESSES.keySet()) {
            ports.put(name, Repository.freePort());
        }
        Document page = Document.read("docs/operate/zones.md");
        write(PRIMARY, page.code("On the primary"));
        for (String pop : POPS) {
            // As the page says: all of a PoP's file but its name and its own address.
            write(
                    pop,
                    page.code("On each PoP")
                            .replace("identity: ams", "identity: " + pop)
                            .replace(address("ams"), address(pop)));
        }
        Path key = folder.resolve("transfer.key");
        run("key", "generate", "transfer", "--file", key.toString());
        for (String name : ADDRESSES.keySet()) {
            Files.copy(
                    key,
                    folder.resolve(name).resolve("transfer.key"),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @AfterEach
    void end() {
        servers.values().forEach(Server::close);
    }

    private void write(String name, String text) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        String here = text.replace("/var/lib/anycast-dns", own.toString());
        for (Map.Entry<String, String> address : ADDRESSES.entrySet()) {
            here =
                    here.replace(
                            '"' + address.getValue() + '"',
                            "\"127.0.0.1:" + ports.get(address.getKey()) + '"');
        }
        here = here.replace(ANYCAST, "127.0.0.1:" + Repository.freePort());
        assertTrue(!here.matches("(?s).*\\b(198\\.51\\.100|192\\.0\\.2)\\..*"), here);
        Files.writeString(own.resolve("server.yaml"), here);
    }

    private static void run(String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(Repository.launcher("dns-server")));
        line.addAll(List.of(words));
        try (Program program = Program.run(LIMIT, line)) {
            assertEquals(0, program.awaitExit(LIMIT), program::tail);
        }
    }

    private static String address(String name) {
        return Objects.requireNonNull(ADDRESSES.get(name));
    }

    private Server server(String name) {
        return Objects.requireNonNull(servers.get(name));
    }

    private Server start(String name) throws IOException, InterruptedException {
        int adminPort = Repository.freePort();
        Program program =
                Program.start(
                        List.of(
                                Repository.launcher("dns-server"),
                                "run",
                                "--config",
                                folder.resolve(name).resolve("server.yaml").toString(),
                                "--admin",
                                "127.0.0.1:" + adminPort,
                                "--warm-up",
                                "0s"));
        Server server = new Server(program, Objects.requireNonNull(ports.get(name)), adminPort);
        servers.put(name, server);
        program.awaitLine("^ready", Server.START_LIMIT);
        return server;
    }

    private void stop(String name) throws IOException, InterruptedException {
        Program program = server(name).program();
        program.signal("KILL");
        program.awaitExit(LIMIT);
        server(name).close();
        servers.remove(name);
    }

    /// Publishes a version of the zone on the primary, by a rename.
    ///
    /// @param serial the serial, which is also the last octet of www's address
    private void publish(int serial) throws IOException {
        Path draft =
                Files.writeString(
                        folder.resolve("draft"),
                        """
                        $TTL 300
                        @ SOA ns1 hostmaster %d 3600 600 1209600 300
                        @ NS ns1
                        ns1 A 192.0.2.53
                        mail A 192.0.2.25
                        mail AAAA 2001:db8::25
                        www A 192.0.2.%1$d
                        """
                                .formatted(serial));
        Files.move(
                draft,
                folder.resolve(PRIMARY).resolve("zones").resolve(ZONE + ".zone"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void assertServed(int serial) throws InterruptedException {
        for (String pop : POPS) {
            Eventually.seen(
                    "version " + serial + " at " + pop,
                    LIMIT,
                    () -> server(pop).answer("www." + ZONE + ".", Type.A),
                    ("NOERROR 192.0.2." + serial)::equals);
        }
    }

    @Test
    void aChangeReachesEveryPopAndPopsLiveWithoutThePrimary() throws Exception {
        Files.createDirectories(folder.resolve(PRIMARY).resolve("zones"));
        publish(1);
        start(PRIMARY);
        for (String pop : POPS) {
            start(pop);
        }
        assertServed(1);

        publish(2);
        assertServed(2);
        for (String pop : POPS) {
            server(pop)
                    .program()
                    .awaitLine(
                            "example.com. transferred: kind=ixfr .* serial=1->2 .* cause=notify",
                            LIMIT);
        }
        try (Program status = server("ams").command("zone", "status", ZONE)) {
            assertEquals(0, status.awaitExit(LIMIT), status::tail);
            assertTrue(status.text(Program.Stream.OUT).contains("ixfr from hidden"), status::tail);
        }

        stop(PRIMARY);
        stop("nrt");
        start("nrt");
        assertServed(2);

        publish(3);
        start(PRIMARY);
        assertServed(3);
    }
}
