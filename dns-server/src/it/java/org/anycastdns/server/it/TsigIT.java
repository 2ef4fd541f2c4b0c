package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signed queries and updates by the clients of BIND and Knot, with keys that `key generate` made.
class TsigIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> ALGORITHMS =
            List.of(
                    "hmac-md5",
                    "hmac-sha1",
                    "hmac-sha224",
                    "hmac-sha256",
                    "hmac-sha384",
                    "hmac-sha512");
    private static final Pattern SECRET = Pattern.compile("secret \"([^\"]+)\"");

    @TempDir private Path folder;

    private static Program launcher(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(Repository.launcher("dns-server")));
        line.addAll(List.of(words));
        return Program.run(Server.START_LIMIT, line);
    }

    private Path generate(String algorithm) throws IOException, InterruptedException {
        Path file = folder.resolve(algorithm + ".key");
        try (Program made =
                launcher(
                        "key",
                        "generate",
                        algorithm + ".example",
                        "--algorithm",
                        algorithm,
                        "--file",
                        file.toString())) {
            assertEquals(0, made.awaitExit(LIMIT), made::tail);
        }
        return file;
    }

    private static String secret(Path file) throws IOException {
        Matcher matcher = SECRET.matcher(Files.readString(file));
        assertTrue(matcher.find(), file::toString);
        return matcher.group(1);
    }

    private Server server(List<String> algorithms) throws IOException, InterruptedException {
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Files.writeString(zones.resolve("a.test.zone"), Server.ZONE);
        StringBuilder config = new StringBuilder("keys:\n");
        for (String algorithm : algorithms) {
            generate(algorithm);
            config.append("  %1$s.example: {secret-file: %1$s.key}\n".formatted(algorithm));
        }
        Path file = Files.writeString(folder.resolve("server.yaml"), config);
        return Server.start(zones, "--config", file.toString());
    }

    private static void assertVerified(String output) {
        assertTrue(output.contains("192.0.2.1") && output.contains("TSIG PSEUDOSECTION"), output);
        assertFalse(output.contains("validated") || output.contains("verif"), output);
    }

    @Test
    void digAndKdigVerifyResponsesOfEveryAlgorithm() throws IOException, InterruptedException {
        try (Server server = server(ALGORITHMS)) {
            for (String algorithm : ALGORITHMS) {
                Path file = folder.resolve(algorithm + ".key");
                String key = "%1$s:%1$s.example:%2$s".formatted(algorithm, secret(file));
                for (String transport : List.of("+notcp", "+tcp")) {
                    assertVerified(
                            server.ask("dig", "-k", file.toString(), transport, "www.a.test"));
                    assertVerified(server.ask("dig", "-y", key, transport, "www.a.test"));
                    assertVerified(server.ask("kdig", "-y", key, transport, "www.a.test"));
                }
            }
        }
    }

    @Test
    void wrongKeysAreToldByName() throws IOException, InterruptedException {
        try (Server server = server(List.of("hmac-sha256"))) {
            String unknown = server.ask("dig", "-y", "hmac-sha256:other:AAAA", "www.a.test");
            assertTrue(unknown.contains("NOTAUTH") && unknown.contains("BADKEY"), unknown);
            assertTrue(unknown.contains("TSIG key or its algorithm is not known"), unknown);
            String wrong =
                    server.ask("dig", "-y", "hmac-sha256:hmac-sha256.example:AAAA", "www.a.test");
            assertTrue(wrong.contains("NOTAUTH") && wrong.contains("BADSIG"), wrong);
            String kdig = server.ask("kdig", "-y", "hmac-sha256:other:AAAA", "www.a.test");
            // kdig shows the error of TSIG in place of the RCODE.
            assertTrue(kdig.contains("status: BADKEY"), kdig);
            String metrics = server.page("/metrics");
            assertTrue(metrics.contains("dns_tsig_total{result=\"badkey\"} 2.0"), metrics);
            assertTrue(metrics.contains("dns_tsig_total{result=\"badsig\"} 1.0"), metrics);
            assertEquals(Server.WWW, server.answer("www.a.test.", org.xbill.DNS.Type.A));
        }
    }

    /// Updates are refused, with a signature that both clients accept.
    @Test
    void nsupdateAndKnsupdateVerifyTheRefusal() throws IOException, InterruptedException {
        try (Server server = server(List.of("hmac-sha256"))) {
            Path file = folder.resolve("hmac-sha256.key");
            Path script =
                    Files.writeString(
                            folder.resolve("update"),
                            """
                            server 127.0.0.1 %d
                            zone a.test.
                            update add new.a.test. 300 A 192.0.2.9
                            send
                            """
                                    .formatted(server.port()));
            List<List<String>> clients =
                    List.of(
                            List.of("nsupdate", "-k", file.toString(), script.toString()),
                            List.of(
                                    "knsupdate",
                                    "-y",
                                    "hmac-sha256:hmac-sha256.example:" + secret(file),
                                    script.toString()));
            for (List<String> client : clients) {
                try (Program program = Program.run(LIMIT, client)) {
                    String output = program.tail();
                    assertTrue(output.contains("REFUSED"), output);
                    assertFalse(output.contains("verif") || output.contains("tsig"), output);
                }
            }
        }
    }

    @Test
    void aKeyFileIsItsOwnersAndIsNeverReplaced() throws IOException, InterruptedException {
        Path file = generate("hmac-sha512");
        String before = Files.readString(file);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Program again = launcher("key", "generate", "other", "--file", file.toString())) {
            assertEquals(1, again.awaitExit(LIMIT));
            assertTrue(again.tail().contains("exists"), again::tail);
        }
        assertEquals(before, Files.readString(file));
        try (Program wrong = launcher("key", "generate", "k", "--algorithm", "md5")) {
            assertEquals(2, wrong.awaitExit(LIMIT));
        }
        try (Program printed = launcher("key", "generate", "k")) {
            assertTrue(printed.text(Program.Stream.OUT).startsWith("key \"k\" {"), printed::tail);
        }
    }

    /// A key file that others can read is a warning at the start.
    @Test
    void aReadableKeyFileIsAWarning() throws IOException, InterruptedException {
        Path file = generate("hmac-sha256");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Files.writeString(zones.resolve("a.test.zone"), Server.ZONE);
        Path config =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        "zones: zones\nkeys: {hmac-sha256.example: {secret-file: hmac-sha256.key}}\n");
        try (Program check = launcher("check", "--config", config.toString())) {
            assertEquals(0, check.awaitExit(LIMIT), check::tail);
            assertTrue(check.tail().contains("can read the secret in"), check::tail);
        }
    }
}
