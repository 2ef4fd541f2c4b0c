package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Zones that come over TLS from BIND, which gives them over nothing else (cases 93 and 94).
class XotIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAME = "ns0.example.com";

    @TempDir private Path folder;
    private Path files;
    private int port;
    private Document page;
    private TestCertificate certificate;

    @BeforeEach
    void files() throws Exception {
        page = Document.read("docs/operate/tls.md");
        files = Files.createDirectories(folder.resolve("tls"));
        port = Repository.freePort();
        certificate = TestCertificate.make(folder, NAME, "-1d", 30);
        Files.copy(certificate.pem(), files.resolve("fullchain.pem"));
        Files.copy(certificate.keyPem(), files.resolve("privkey.pem"));
        Files.writeString(folder.resolve("example.com.zone"), Server.ZONE);
    }

    private String here(String text) {
        return text.replace("/etc/anycast-dns/tls", files.toString())
                .replace("198.51.100.9", "127.0.0.1")
                .replaceAll("port 853\\b", "port " + port);
    }

    /// Starts BIND as the page says.
    private Peer bind() throws IOException, InterruptedException {
        String more =
                """
                options { directory "%s"; pid-file none; session-keyfile none;
                  listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no;\
                """
                        .formatted(folder);
        String config =
                here(page.code("A primary with BIND")).replace("options {", more)
                        + "controls { };\n";
        return Peer.start(Peer.Kind.BIND, folder, port, config);
    }

    /// Returns the configuration of a secondary that speaks to BIND in a certain way.
    private Path config(String tls) throws IOException {
        return Files.writeString(
                folder.resolve("server.yaml"),
                """
                state: state
                remotes: {hidden: {address: "127.0.0.1:%d", tls: {%s}}}
                secondary: [{zone: example.com, primaries: [hidden]}]
                """
                        .formatted(port, tls));
    }

    private Program start(Path config, int dns, int admin) throws IOException {
        Path zones = Files.createDirectories(folder.resolve("zones"));
        List<String> command = Server.arguments(zones, dns, admin);
        command.addAll(List.of("--config", config.toString()));
        return Program.start(command);
    }

    private void assertServed(Path config) throws IOException, InterruptedException {
        int dns = Repository.freePort();
        int admin = Repository.freePort();
        try (Peer named = bind();
                Program program = start(config, dns, admin)) {
            program.awaitLine("transferred: .*transport=tls", LIMIT);
            program.awaitLine("^ready", LIMIT);
            Server server = new Server(program, dns, admin);
            assertEquals(
                    Server.WWW, server.answer("www.example.com.", Type.A), named.program()::tail);
        }
    }

    private void assertRefused(Path config, String reason)
            throws IOException, InterruptedException {
        int dns = Repository.freePort();
        int admin = Repository.freePort();
        try (Peer named = bind();
                Program program = start(config, dns, admin)) {
            program.awaitLine("no TLS: .*" + reason, LIMIT);
            Server server = new Server(program, dns, admin);
            String status =
                    Eventually.seen(
                            "the reason in the status",
                            LIMIT,
                            () -> server.page("/status"),
                            text -> text.contains("no TLS: "));
            assertFalse(status.contains("\"serial\""), status);
            assertTrue(named.program().alive());
        }
    }

    @Test
    void case93AZoneComesAsThePageSays() throws Exception {
        String remotes =
                here(page.code("Take zones over TLS")).replace("127.0.0.1", "127.0.0.1:" + port);
        Path config =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        remotes
                                + "state: state\nsecondary: [{zone: example.com, primaries: [hidden]}]\n");
        assertServed(config);
    }

    @Test
    void case94APinIsEnough() throws Exception {
        String pin =
                java.util.Base64.getEncoder()
                        .encodeToString(
                                java.security.MessageDigest.getInstance("SHA-256")
                                        .digest(
                                                certificate
                                                        .certificate()
                                                        .getPublicKey()
                                                        .getEncoded()));
        assertServed(config("pins: \"" + pin + "\""));
    }

    @Test
    void case94OpportunisticTakesAnyCertificate() throws Exception {
        assertServed(config("profile: opportunistic"));
    }

    @Test
    void case94AnotherNameIsRefused() throws Exception {
        assertRefused(
                config("name: other.example.com, authorities: \"%s\"".formatted(certificate.pem())),
                "other.example.com");
    }

    @Test
    void case94AnUnknownAuthorityIsRefused() throws Exception {
        assertRefused(config("name: " + NAME), "certification path");
    }

    @Test
    void case93AServerWithoutTlsIsNotSpokenTo() throws Exception {
        int dns = Repository.freePort();
        int admin = Repository.freePort();
        // Our own TCP port speaks DNS, and would give an answer to a request in plain text.
        port = dns;
        try (Program program = start(config("profile: opportunistic"), dns, admin)) {
            program.awaitLine("no TLS: ", LIMIT);
        }
    }
}
