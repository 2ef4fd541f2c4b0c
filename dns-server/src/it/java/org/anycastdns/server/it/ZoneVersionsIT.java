package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.Json;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Versions of a zone as an operator sees them: digests, history and differences.
class ZoneVersionsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ZONE = "example.org";
    private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA==";

    @TempDir private Path folder;

    private static final List<String> FIRST =
            List.of("www 60 A 192.0.2.1", "old 60 TXT \"a b\" \"c;d\"", "mail 60 MX 10 www");
    private static final List<String> SECOND =
            List.of("www 60 A 192.0.2.2", "mail 60 MX 10 www", "new 60 AAAA 2001:db8::1");

    /// Publishes a version of the zone in a folder.
    private static Path write(Path zones, int serial, List<String> records) throws IOException {
        Files.createDirectories(zones);
        Path draft = Files.createTempFile(zones, "draft", ".tmp");
        Files.writeString(
                draft,
                """
                $TTL 300
                @ IN SOA ns1 hostmaster %d 3600 600 1209600 300
                @ IN NS ns1
                ns1 IN A 192.0.2.53
                """
                                .formatted(serial)
                        + String.join("\n", records)
                        + "\n");
        return Files.move(
                draft, zones.resolve(ZONE + ".zone"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Server server(String name, String primary) throws IOException, InterruptedException {
        Path own = folder.resolve(name);
        Files.writeString(own.resolve("ddns.key"), SECRET + "\n");
        Path configuration =
                Files.writeString(
                        own.resolve("server.yaml"),
                        """
                        state: state
                        keys:
                          ddns: {algorithm: hmac-sha256, secret-file: ddns.key}
                        primary:
                          - zone: example.org
                            allow-transfer: [{key: ddns}]
                        """
                                + primary);
        return Server.start(own.resolve("zones"), "--config", configuration.toString());
    }

    private static String run(Server server, int exit, String... words)
            throws IOException, InterruptedException {
        try (Program command = server.command(words)) {
            String text = command.text(Program.Stream.OUT) + command.text(Program.Stream.ERR);
            assertEquals(exit, command.awaitExit(LIMIT), text);
            return text;
        }
    }

    private static Map<?, ?> zone(Server server) throws IOException, InterruptedException {
        Map<?, ?> status = Objects.requireNonNull(Json.read(server.page("/status")));
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(status.get("zones"))).getFirst();
    }

    private static String digest(Server server, long serial) throws InterruptedException {
        Map<?, ?> zone =
                Eventually.seen(
                        "the digest of serial " + serial,
                        LIMIT,
                        () -> zone(server),
                        seen ->
                                ((Number) Objects.requireNonNull(seen.get("serial"))).longValue() == serial
                                        && seen.get("digest") != null);
        return String.valueOf(zone.get("digest"));
    }

    @Test
    void anOperatorSeesVersionsAndTheirDifference() throws Exception {
        write(folder.resolve("a/zones"), 1, FIRST);
        try (Server server = server("a", "")) {
            String first = digest(server, 1);
            write(folder.resolve("a/zones"), 2, SECOND);
            String second = digest(server, 2);
            assertFalse(first.equals(second));
            write(folder.resolve("a/zones"), 3, List.of());
            String third = digest(server, 3);
            String history =
                    Eventually.seen(
                            "three versions",
                            LIMIT,
                            () -> run(server, 0, "zone", "history", ZONE),
                            text ->
                                    text.lines().count() == 5
                                            && text.contains(third.substring(0, 16)));
            List<String> lines = history.lines().toList();
            assertTrue(
                    lines.get(2).matches("1 .* " + first.substring(0, 16) + " .*whole.*"), history);
            assertTrue(
                    lines.get(3)
                            .matches("2 .* " + second.substring(0, 16) + " +change +2 +2 +\\d+"),
                    history);
            assertTrue(lines.get(4).matches("3 .*change +3 +0 +\\d+"), history);
            assertEquals(
                    """
                    zone example.org. from serial 1 to 2: 2 records deleted, 2 added
                    - example.org. 300 IN SOA ns1.example.org. hostmaster.example.org. 1 3600 600 1209600 300
                    - www.example.org. 60 IN A 192.0.2.1
                    - old.example.org. 60 IN TXT "a b" "c;d"
                    + example.org. 300 IN SOA ns1.example.org. hostmaster.example.org. 2 3600 600 1209600 300
                    + www.example.org. 60 IN A 192.0.2.2
                    + new.example.org. 60 IN AAAA 2001:db8::1
                    """
                            .lines()
                            .sorted()
                            .toList(),
                    run(server, 0, "zone", "diff", ZONE, "1", "2").lines().sorted().toList());
            String all = run(server, 0, "zone", "diff", ZONE, "1");
            assertTrue(
                    all.startsWith(
                            "zone example.org. from serial 1 to 3: 3 records deleted, 0 added"),
                    all);
            String json = run(server, 0, "zone", "diff", ZONE, "--json");
            assertEquals(
                    2L, ((Number) Objects.requireNonNull(Objects.requireNonNull(Json.read(json)).get("from"))).longValue());

            String unknown = run(server, 1, "zone", "diff", ZONE, "9");
            assertEquals(
                    "dns-server: no change of zone example.org. that begins at version 9 is kept; the"
                            + " versions are 1, 2, 3",
                    unknown.strip());
            assertEquals(
                    "dns-server: there is no zone other.test.",
                    run(server, 1, "zone", "history", "other.test").strip());
            assertTrue(run(server, 1, "zone", "diff", ZONE, "x").contains("x is no serial"));
            assertTrue(run(server, 2, "zone", "diff", ZONE, "1", "--file", "x").contains("--file"));

            Path next = write(folder.resolve("next"), 4, SECOND);
            String file = run(server, 0, "zone", "diff", ZONE, "--file", next.toString());
            assertTrue(
                    file.startsWith(
                            "zone example.org. from serial 3 to 4: 0 records deleted, 3 added"),
                    file);
            Path same = write(folder.resolve("same"), 3, List.of());
            assertEquals(
                    "zone example.org.: no difference",
                    run(server, 0, "zone", "diff", ZONE, "--file", same.toString()).strip());
        }
    }

    /// The script of one server makes the same zone of another one: both show the same digest.
    @ParameterizedTest
    @ValueSource(strings = {"nsupdate", "knsupdate"})
    void theScriptMakesTheChangeElsewhere(String client) throws Exception {
        write(folder.resolve("a/zones"), 1, FIRST);
        write(folder.resolve("b/zones"), 1, FIRST);
        String update = "    allow-update: [{key: ddns, types: [ANY]}]\n";
        try (Server one = server("a", "");
                Server other = server("b", update)) {
            assertEquals(digest(one, 1), digest(other, 1));
            write(folder.resolve("a/zones"), 2, SECOND);
            String wanted = digest(one, 2);
            String script =
                    Eventually.seen(
                            "a change",
                            LIMIT,
                            () -> {
                                try (Program diff = one.command("zone", "diff", ZONE, "--update")) {
                                    return diff.text(Program.Stream.OUT);
                                }
                            },
                            text -> text.contains("update add"));
            Path file =
                    Files.writeString(
                            folder.resolve("script"),
                            "server 127.0.0.1 %d\n%s".formatted(other.port(), script));
            List<String> line = new ArrayList<>(List.of(Tools.require(client)));
            line.addAll(List.of("-y", "hmac-sha256:ddns:" + SECRET, file.toString()));
            try (Program program = Program.run(LIMIT, line)) {
                assertEquals(
                        "",
                        program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR),
                        script);
            }
            assertEquals(wanted, digest(other, 2));
            assertEquals(summary(one), summary(other));
            // The server has another version now.
            try (Program again = Program.run(LIMIT, line)) {
                String text = again.text(Program.Stream.OUT) + again.text(Program.Stream.ERR);
                assertTrue(text.contains("NXRRSET"), text);
            }
        }
    }

    /// Returns the digests over all zones, which follow soon after that of each.
    private static Object summary(Server server) throws InterruptedException {
        return Eventually.seen(
                "digests of all zones",
                LIMIT,
                () -> {
                    Map<?, ?> status = Objects.requireNonNull(Json.read(server.page("/status")));
                    return List.of(
                            String.valueOf(status.get("serials")),
                            String.valueOf(status.get("content")));
                },
                seen -> !seen.contains("null"));
    }
}
