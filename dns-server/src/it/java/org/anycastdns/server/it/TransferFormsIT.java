package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.PeerConfiguration;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// The built program and BIND exchange zones in every form: TSIG with each algorithm in both
/// directions, one record a message (`transfer-format one-answer`, case 16), and from us over TLS,
/// to BIND and to kdig.
class TransferFormsIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SECRET =
            Base64.getEncoder()
                    .encodeToString(
                            "the secret of all these keys".getBytes(StandardCharsets.UTF_8));

    /// Those that BIND and we have both, some of them for old peers.
    private static final List<String> ALGORITHMS =
            List.of(
                    "hmac-md5",
                    "hmac-sha1",
                    "hmac-sha224",
                    "hmac-sha256",
                    "hmac-sha384",
                    "hmac-sha512");

    /// The zone that BIND asks for over TLS.
    private static final String OVER_TLS = "tls.test";

    @TempDir private Path folder;

    private static String zone(int serial) {
        return """
        $TTL 300
        @ IN SOA ns1 hostmaster %1$d 3600 600 1209600 300
        @ IN NS ns1
        ns1 IN A 192.0.2.53
        www IN A 192.0.2.%1$d
        v%1$d IN TXT "only in this version"
        """
                        .formatted(serial)
                // Changes must be smaller than the zone, or the zone is sent.
                + IntStream.range(0, 60)
                        .mapToObj("h%d IN A 192.0.2.9\n"::formatted)
                        .collect(Collectors.joining());
    }

    private static void write(Path file, String text) throws IOException {
        Path draft = Files.writeString(file.resolveSibling("draft"), text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /// BIND as primary of `in.ALGORITHM.test`, and as secondary of `out.ALGORITHM.test`.
    private Peer bind(Path own, int port, int ourPort, int ourTlsPort)
            throws IOException, InterruptedException {
        PeerConfiguration at = new PeerConfiguration(own.toString(), "127.0.0.1", port, Map.of());
        StringBuilder text =
                new StringBuilder(
                        at.bind(
                                "minimal-responses no-auth; notify-delay 0; transfer-format one-answer; ixfr-from-differences primary;",
                                ""));
        for (String algorithm : ALGORITHMS) {
            Path file = Files.writeString(own.resolve(algorithm), zone(1));
            text.append(
                    """
                    key "%1$s" { algorithm %1$s; secret "%2$s"; };
                    zone "in.%1$s.test" {
                        type primary; file "%3$s"; allow-transfer { key %1$s; };
                        notify explicit; also-notify { 127.0.0.1 port %4$d key %1$s; };
                    };
                    zone "out.%1$s.test" {
                        type secondary; primaries { 127.0.0.1 port %4$d key %1$s; };
                        allow-transfer { any; };
                    };
                    """
                            .formatted(algorithm, SECRET, file, ourPort));
        }
        text.append(
                """
                zone "%s" {
                    type secondary; primaries { 127.0.0.1 port %d tls ephemeral; };
                    allow-transfer { any; };
                };
                """
                        .formatted(OVER_TLS, ourTlsPort));
        return Peer.start(Peer.Kind.BIND, own, port, text.toString());
    }

    private Server server(int port, int theirPort, int tlsPort) throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "ns0.example.com", "-1d", 30);
        StringBuilder keys = new StringBuilder("keys:\n");
        StringBuilder remotes = new StringBuilder("remotes:\n");
        StringBuilder secondary = new StringBuilder("secondary:\n");
        StringBuilder primary = new StringBuilder("primary:\n");
        for (String algorithm : ALGORITHMS) {
            Files.writeString(folder.resolve("secret"), SECRET + "\n");
            keys.append("  %1$s: {algorithm: %1$s, secret-file: secret}\n".formatted(algorithm));
            remotes.append(
                    "  %1$s: {address: \"127.0.0.1:%2$d\", key: %1$s}\n"
                            .formatted(algorithm, theirPort));
            secondary.append("  - {zone: in.%1$s.test, primaries: [%1$s]}\n".formatted(algorithm));
            primary.append(
                    "  - {zone: out.%1$s.test, notify: [%1$s], allow-transfer: [%1$s]}\n"
                            .formatted(algorithm));
        }
        remotes.append(
                """
                plain: {address: "127.0.0.1:%1$d"}
                secured: {address: "127.0.0.1:%1$d", tls: {profile: opportunistic}}
                """
                        .indent(2)
                        .formatted(theirPort));
        primary.append(
                "  - {zone: %s, notify: [plain], allow-transfer: [secured]}\n".formatted(OVER_TLS));
        String tls =
                """
                tls:
                  listen: "127.0.0.1:%d"
                  certificate: "%s"
                  private-key: "%s"
                """
                        .formatted(tlsPort, certificate.pem(), certificate.keyPem());
        Path file =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        "state: state\n" + keys + remotes + secondary + primary + tls);
        return Server.startAt(
                folder.resolve("zones"), port, Repository.freePort(), "--config", file.toString());
    }

    private static void assertSame(String zone, int from, int to, int serial, TSIG key)
            throws Exception {
        Set<String> there =
                Eventually.seen(
                        "serial %d of %s".formatted(serial, zone),
                        LIMIT,
                        () -> TransferPeer.records(zone, to, null),
                        records -> TransferPeer.hasSerial(records, serial));
        assertEquals(TransferPeer.records(zone, from, key), there);
    }

    private static TSIG key(String algorithm) {
        String name = algorithm.equals("hmac-md5") ? "HMAC-MD5.SIG-ALG.REG.INT." : algorithm + ".";
        return new TSIG(
                Name.fromConstantString(name),
                Name.fromConstantString(algorithm + "."),
                Base64.getDecoder().decode(SECRET));
    }

    private void publish(Path theirs, int serial, Peer bind) throws Exception {
        for (String algorithm : ALGORITHMS) {
            write(theirs.resolve(algorithm), zone(serial));
            write(folder.resolve("zones/out.%s.test.zone".formatted(algorithm)), zone(serial));
        }
        write(folder.resolve("zones/" + OVER_TLS + ".zone"), zone(serial));
        bind.program().signal("HUP");
    }

    @Test
    void everyFormOfTransferIsUnderstoodAtBothEnds() throws Exception {
        Path theirs = Files.createDirectories(folder.resolve("bind"));
        Files.createDirectories(folder.resolve("zones"));
        int port = Repository.freePort();
        int tlsPort = Repository.freePort();
        int theirPort = Repository.freePort();
        for (String algorithm : ALGORITHMS) {
            write(folder.resolve("zones/out.%s.test.zone".formatted(algorithm)), zone(1));
        }
        write(folder.resolve("zones/" + OVER_TLS + ".zone"), zone(1));
        try (Server server = server(port, theirPort, tlsPort);
                Peer bind = bind(theirs, theirPort, port, tlsPort)) {
            for (int serial = 1; serial <= 3; serial++) {
                if (serial > 1) {
                    publish(theirs, serial, bind);
                }
                for (String algorithm : ALGORITHMS) {
                    String address = "NOERROR 192.0.2." + serial;
                    String name = "www.in.%s.test.".formatted(algorithm);
                    var _ =
                            Eventually.seen(
                                    name + " " + address,
                                    LIMIT,
                                    () -> server.answer(name, Type.A),
                                    address::equals);
                    assertSame(
                            "out.%s.test".formatted(algorithm),
                            port,
                            theirPort,
                            serial,
                            key(algorithm));
                }
                int expected = serial;
                var _ =
                        Eventually.seen(
                                "serial %d over TLS".formatted(expected),
                                LIMIT,
                                () -> TransferPeer.records(OVER_TLS, theirPort, null),
                                records -> TransferPeer.hasSerial(records, expected));
            }
            for (String algorithm : ALGORITHMS) {
                server.program()
                        .awaitLine(
                                "zone in\\.%1$s\\.test\\. transferred: kind=ixfr .*key=%1$s\\. .*2->3 messages=[5-9]"
                                        .formatted(algorithm),
                                LIMIT);
            }
            server.program()
                    .awaitLine("zone tls.test. sent to 127.0.0.1 over TLS: kind=ixfr ", LIMIT);
            assertOverTls(tlsPort, server.port());
        }
    }

    /// kdig gets the zone over TLS, and over TCP it does not (case 95).
    private static void assertOverTls(int tlsPort, int port) throws Exception {
        String plain = kdig("@127.0.0.1", "-p", "" + port, OVER_TLS, "AXFR");
        assertTrue(plain.contains("REFUSED"), plain);
        String over = kdig("@127.0.0.1", "-p", "" + tlsPort, "+tls", OVER_TLS, "AXFR");
        assertTrue(over.contains("v3.tls.test."), over);
    }

    private static String kdig(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("kdig"));
        line.addAll(List.of(words));
        try (Program program = Program.run(LIMIT, line)) {
            return program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR);
        }
    }
}
