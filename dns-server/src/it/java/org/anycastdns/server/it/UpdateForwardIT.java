package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// Case 112 with the built program: clients send UPDATE to a secondary, which does not know their
/// key, and the primary is ours or BIND.
// The configuration of the other server is easier to read as a whole.
@SuppressWarnings("InlineFormatString")
class UpdateForwardIT {

    private static final String ZONE = "example.org";
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IG9mIHRyYW5zZmVycyE=";
    private static final String OTHER = "YW5vdGhlciBzZWNyZXQgdGhhdCBub2JvZHkgaGFzIGhlcmU=";
    private static final TSIG CLIENT = new TSIG(TSIG.HMAC_SHA256, "client.", OTHER);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String TEXT =
            """
            $TTL 300
            @ IN SOA ns1 hostmaster 1 3600 600 1209600 300
            @ IN NS ns1
            ns1 IN A 192.0.2.53
            """;

    private static final String BIND =
            """
            options {
                directory "%1$s";
                pid-file none;
                session-keyfile none;
                listen-on port %2$d { 127.0.0.1; };
                listen-on-v6 { none; };
                recursion no;
                dnssec-validation no;
                notify-delay 0;
            };
            controls { };
            key "transfer" { algorithm hmac-sha256; secret "%4$s"; };
            key "client" { algorithm hmac-sha256; secret "%5$s"; };
            zone "example.org" {
                type primary;
                file "%1$s/zone";
                allow-transfer { key transfer; };
                allow-update { key client; };
                notify explicit;
                also-notify { 127.0.0.1 port %3$d key transfer; };
            };
            """;

    @TempDir private Path folder;

    private Server started(String name, int port, String configuration)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(name));
        Files.writeString(own.resolve("transfer.key"), SECRET + "\n");
        Files.writeString(own.resolve("client.key"), OTHER + "\n");
        Path file = Files.writeString(own.resolve("server.yaml"), configuration);
        int adminPort = Repository.freePort();
        List<String> line =
                Server.arguments(Files.createDirectories(own.resolve("zones")), port, adminPort);
        line.addAll(List.of("--config", file.toString()));
        Program program = Program.start(line);
        try {
            program.awaitLine("^ready", Server.START_LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new Server(program, port, adminPort);
    }

    private Server secondary(int port, int... primaries) throws IOException, InterruptedException {
        StringBuilder remotes = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < primaries.length; i++) {
            remotes.append(
                    "  hidden%d: {address: \"127.0.0.1:%d\", key: transfer}\n"
                            .formatted(i, primaries[i]));
            names.append(i == 0 ? "" : ", ").append("hidden").append(i);
        }
        return started(
                "secondary",
                port,
                """
                state: state
                keys:
                  transfer: {algorithm: hmac-sha256, secret-file: transfer.key}
                remotes:
                %ssecondary:
                  - zone: example.org
                    primaries: [%s]
                    forward-updates: true
                """
                        .formatted(remotes, names));
    }

    private static Message sent(Server to, TSIG key, boolean tcp, String line) throws IOException {
        SimpleResolver resolver = new SimpleResolver("127.0.0.1");
        resolver.setPort(to.port());
        resolver.setTSIGKey(key);
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(30));
        return resolver.send(UpdateMessages.message(ZONE + ".", line));
    }

    private static void assertSent(int rcode, Server to, TSIG key, boolean tcp, String line)
            throws IOException {
        Message reply = sent(to, key, tcp, line);
        assertEquals(Rcode.string(rcode), Rcode.string(reply.getRcode()), reply::toString);
        assertTrue(reply.isVerified(), reply::toString);
    }

    private static void assertFollows(Server secondary, String address, String name)
            throws InterruptedException {
        String expected = "NOERROR " + address;
        assertEquals(
                expected,
                Eventually.seen(
                        name, LIMIT, () -> secondary.answer(name, Type.A), expected::equals));
    }

    private static void forwards(Server secondary) throws IOException, InterruptedException {
        assertSent(Rcode.NOERROR, secondary, CLIENT, false, "add a.example.org. 60 A 192.0.2.1");
        assertFollows(secondary, "192.0.2.1", "a.example.org.");
        assertSent(Rcode.NOERROR, secondary, CLIENT, true, "add b.example.org. 60 A 192.0.2.2");
        assertFollows(secondary, "192.0.2.2", "b.example.org.");
        assertSent(Rcode.YXDOMAIN, secondary, CLIENT, false, "nxdomain a.example.org.");
        // The primary says what is wrong with a signature.
        TSIG wrong = new TSIG(TSIG.HMAC_SHA256, "client.", SECRET);
        assertEquals(
                Rcode.BADSIG,
                sent(secondary, wrong, true, "add c.example.org. 60 A 192.0.2.3")
                        .getTSIG()
                        .getError());
        String metrics = secondary.page("/metrics");
        assertTrue(
                metrics.contains("dns_update_forwarded_total{result=\"answered\"} 4.0"), metrics);
    }

    @Test
    void toOurs() throws IOException, InterruptedException {
        int port = Repository.freePort();
        int secondaryPort = Repository.freePort();
        Path zones = Files.createDirectories(folder.resolve("primary").resolve("zones"));
        Files.writeString(zones.resolve(ZONE + ".zone"), TEXT);
        String configuration =
                """
                state: state
                keys:
                  transfer: {algorithm: hmac-sha256, secret-file: transfer.key}
                  client: {algorithm: hmac-sha256, secret-file: client.key}
                remotes:
                  pop: {address: "127.0.0.1:%d", key: transfer}
                primary:
                  - zone: example.org
                    notify: [pop]
                    allow-transfer: [pop]
                    allow-update: [{key: client}]
                """
                        .formatted(secondaryPort);
        try (Server primary = started("primary", port, configuration);
                Server secondary = secondary(secondaryPort, Repository.freePort(), port)) {
            forwards(secondary);
            // The client of another secondary that knows the key, and nsupdate.
            Path script =
                    Files.writeString(
                            folder.resolve("script"),
                            "server 127.0.0.1 %d\nzone %s\nupdate add d.example.org 60 A 192.0.2.4\nsend\n"
                                    .formatted(secondaryPort, ZONE));
            try (Program nsupdate =
                    Program.run(
                            LIMIT,
                            List.of(
                                    Tools.require("nsupdate"),
                                    "-y",
                                    "hmac-sha256:client:" + OTHER,
                                    script.toString()))) {
                assertEquals(0, nsupdate.awaitExit(LIMIT), nsupdate::tail);
            }
            assertFollows(secondary, "192.0.2.4", "d.example.org.");
            assertTrue(
                    primary.page("/metrics").contains("dns_update_total{result=\"changed\"} 3.0"));
        }
    }

    @Test
    void toBind() throws IOException, InterruptedException {
        int port = Repository.freePort();
        int secondaryPort = Repository.freePort();
        Path own = Files.createDirectories(folder.resolve("bind"));
        Files.writeString(own.resolve("zone"), TEXT);
        Path configuration =
                Files.writeString(
                        own.resolve("named.conf"),
                        BIND.formatted(own, port, secondaryPort, SECRET, OTHER));
        try (Program bind =
                Program.start(
                        List.of(
                                Tools.require("named"),
                                "-g",
                                "-n",
                                "1",
                                "-c",
                                configuration.toString()))) {
            bind.awaitLine("all zones loaded", LIMIT);
            try (Server secondary = secondary(secondaryPort, port)) {
                forwards(secondary);
            }
        }
    }
}
