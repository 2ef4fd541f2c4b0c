package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.TestCertificate;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DNS over TLS with the clients of others: kdig (GnuTLS), dig and dnsperf (OpenSSL), and `openssl
/// s_client`.
class TlsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NAME = "ns1.example.com";
    private static final Document PAGE = page();

    @TempDir private Path folder;
    private Path files;
    private int port;
    private Server server;

    private static Document page() {
        try {
            return Document.read("docs/operate/tls.md");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Makes the certificate and the configuration as the page says.
    @BeforeEach
    void start() throws Exception {
        files = Files.createDirectories(folder.resolve("tls"));
        port = Repository.freePort();
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        Tools.require("openssl");
        for (String command : commands("Make a certificate")) {
            assertEquals(0, shell(command).exit(), command);
        }
        Path config =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        here(PAGE.code("Serve TLS")).replace("2001:db8::53", "::1"));
        server = Server.start(zones, "--config", config.toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// Returns text of the page for this server.
    private String here(String text) {
        return text.replace("/etc/anycast-dns/tls", files.toString())
                .replace("192.0.2.53", "127.0.0.1")
                .replaceAll("\\b853\\b", Integer.toString(port));
    }

    private List<String> commands(String heading) {
        String code =
                here(PAGE.code(heading)).replaceAll("(\\\\|\\|)\n +", "$1 ").replace("\\ ", "");
        assertFalse(code.isBlank(), heading);
        return code.lines().toList();
    }

    private record Result(int exit, String text) {}

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Tools.require(command.getFirst());
        try (Program program = Program.run(LIMIT, command)) {
            int exit = program.awaitExit(LIMIT);
            return new Result(
                    exit, program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR));
        }
    }

    private static Result shell(String command) throws IOException, InterruptedException {
        return run(List.of("sh", "-c", command));
    }

    private String kdig(String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("kdig", "@127.0.0.1", "-p", "" + port, "+retry=0"));
        command.addAll(List.of(options));
        command.add("www.example.com");
        return run(command).text();
    }

    private String authority(Path certificate) {
        return "+tls-ca=" + certificate;
    }

    private long handshakes(String result) throws IOException, InterruptedException {
        String row = "dns_tls_handshakes_total{result=\"%s\"} ".formatted(result);
        return server.page("/metrics")
                .lines()
                .filter(line -> line.startsWith(row))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(row.length())))
                .sum();
    }

    private void awaitHandshakes(String result, long least) throws InterruptedException {
        var _ = Eventually.seen(result, LIMIT, () -> handshakes(result), count -> count >= least);
    }

    private static void assertAnswered(String text) {
        assertTrue(text.contains("NOERROR") && text.contains("192.0.2.1"), text);
    }

    @Test
    void theCommandsOfThePageWork() throws Exception {
        for (String command : commands("Ask it")) {
            Tools.require(command.split(" ", 2)[0]);
            Result result = shell(command);
            assertEquals(0, result.exit(), result::text);
            if (command.startsWith("openssl")) {
                assertTrue(result.text().contains("Verification: OK"), result::text);
                assertTrue(result.text().contains("TLSv1.3"), result::text);
            } else {
                assertAnswered(result.text());
            }
        }
        Result pinned = null;
        for (String command : commands("Pin its key")) {
            pinned = shell(command);
            assertEquals(0, pinned.exit(), pinned::text);
        }
        assertAnswered(String.valueOf(pinned));
        String metrics = server.page("/metrics");
        assertTrue(metrics.contains("transport=\"tls\""), metrics);
        assertTrue(
                server.page("/status").contains("\"certificate-names\":[\"" + NAME + "\"]"),
                server.page("/status"));
        try (Program status = server.command("status")) {
            assertTrue(status.tail().contains("(tls)"), status::tail);
        }
    }

    @Test
    void clientsThatVerifyRefuseWhatIsWrong() throws Exception {
        TestCertificate other = TestCertificate.make(folder, NAME, "-1d", 30);
        Path ours = files.resolve("fullchain.pem");
        assertAnswered(kdig(authority(ours), "+tls-hostname=" + NAME));
        String name = kdig(authority(ours), "+tls-hostname=other.example.com");
        assertFalse(name.contains("192.0.2.1"), name);
        String unknown = kdig(authority(other.pem()), "+tls-hostname=" + NAME);
        assertFalse(unknown.contains("192.0.2.1"), unknown);
        // An opportunistic client believes any certificate.
        assertAnswered(kdig("+tls"));
        // Padding (RFC 7830): the response is a multiple of 468 octets.
        String padded = kdig("+tls", "+padding=128");
        assertAnswered(padded);
        assertTrue(padded.contains("Received 468 B"), padded);
    }

    @Test
    void sessionsAreResumedAndProtocolsAreChecked() throws Exception {
        String connect = "openssl s_client -connect 127.0.0.1:%d ".formatted(port);
        Path session = folder.resolve("session");
        // The ticket comes after the handshake, so the first client waits for an answer.
        Result first =
                shell(
                        "(printf '\\000\\021\\000\\001\\000\\000\\000\\001\\000\\000\\000\\000\\000\\000\\000\\000\\006\\000\\001'; cat) < /dev/null | %s -ign_eof -sess_out %s -alpn dot"
                                .formatted("timeout 10 " + connect, session));
        assertTrue(first.text().contains("ALPN protocol: dot"), first::text);
        assertTrue(Files.exists(session), first::text);
        Result again = shell(connect + "-sess_in %s -alpn dot </dev/null".formatted(session));
        assertTrue(again.text().contains("Reused, TLSv1.3"), again::text);
        Result none = shell(connect + "</dev/null");
        assertTrue(none.text().contains("No ALPN negotiated"), none::text);
        Result other = shell(connect + "-alpn h2 </dev/null");
        assertTrue(other.text().contains("no application protocol"), other::text);
        Result old = shell(connect + "-tls1_2 </dev/null");
        assertTrue(old.exit() != 0 && old.text().contains("protocol version"), old::text);
        awaitHandshakes("resumed", 1);
        awaitHandshakes("refused", 2);
    }

    @Test
    void handshakesThatNeverEndDoNotStopOthers() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                silent.add(socket);
                socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            }
            assertAnswered(kdig("+tls"));
            assertAnswered(kdig("+tls"));
            // 20 of one client at a time: the oldest made room.
            awaitHandshakes("client_limit", 10);
            awaitHandshakes("timeout", 15);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        assertEquals("0", metric("dns_failures_total"));
    }

    private String metric(String name) throws IOException, InterruptedException {
        return server.page("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).replaceFirst("\\.0$", ""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void garbageHarmsNobody() throws Exception {
        long seed = 853;
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] octets = new byte[1 + random.nextInt(600)];
            random.nextBytes(octets);
            if (i % 2 == 0) {
                octets[0] = 22;
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    OutputStream out = socket.getOutputStream()) {
                out.write(octets);
            }
        }
        assertAnswered(kdig("+tls"));
        awaitHandshakes("not_tls", 1);
        assertEquals("0", metric("dns_failures_total"), "seed " + seed);
    }

    @Test
    void aCertificateIsReplacedWhileClientsAreServed() throws Exception {
        Path certificate = files.resolve("fullchain.pem");
        TestCertificate next = TestCertificate.make(folder, "next.example.com", "-1d", 10);
        Files.copy(next.pem(), certificate, StandardCopyOption.REPLACE_EXISTING);
        String warning = "the changed files cannot be used";
        var _ =
                Eventually.seen(
                        "a warning",
                        LIMIT,
                        () -> server.page("/status"),
                        page -> page.contains(warning));
        assertAnswered(kdig("+tls"));
        assertEquals("1", metric("dns_tls_reload_failures_total"));
        Files.copy(
                next.keyPem(), files.resolve("privkey.pem"), StandardCopyOption.REPLACE_EXISTING);
        String verified =
                Eventually.seen(
                        "the new certificate",
                        LIMIT,
                        () -> kdig(authority(next.pem()), "+tls-hostname=next.example.com"),
                        text -> text.contains("192.0.2.1"));
        assertAnswered(verified);
        String status = server.page("/status");
        assertFalse(status.contains(warning), status);
        assertTrue(status.contains("next.example.com expires on"), status);
    }

    @Test
    void dnsperfGetsAnAnswerToEveryQuery() throws Exception {
        Path queries = Files.writeString(folder.resolve("queries"), "www.example.com A\n");
        Result result =
                run(
                        List.of(
                                "dnsperf",
                                "-m",
                                "dot",
                                "-s",
                                "127.0.0.1",
                                "-p",
                                "" + port,
                                "-d",
                                queries.toString(),
                                "-n",
                                "5000",
                                "-c",
                                "4"));
        assertEquals(0, result.exit(), result::text);
        assertTrue(result.text().contains("Queries completed:    5000 (100.00%)"), result::text);
    }
}
