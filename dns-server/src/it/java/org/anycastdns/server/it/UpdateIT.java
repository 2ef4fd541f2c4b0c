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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;
import org.xbill.DNS.ZoneTransferException;

/// UPDATE with the built program: the clients that operators use, a kill between updates, and
/// secondaries that follow.
///
/// docs/operate/updates.md shows the configurations.
class UpdateIT {

    private static final String ZONE = "example.org";
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IG9mIHRyYW5zZmVycyE=";
    private static final String WRONG = "YW5vdGhlciBzZWNyZXQgdGhhdCBub2JvZHkgaGFzIGhlcmU=";
    private static final TSIG TRANSFER = new TSIG(TSIG.HMAC_SHA256, "transfer.", SECRET);
    private static final TSIG NSUPDATE = new TSIG(TSIG.HMAC_SHA256, "nsupdate.", SECRET);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int UPDATES = 200;

    @TempDir private Path folder;

    private void write(long serial, String... more) throws IOException {
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Path draft =
                Files.writeString(
                        folder.resolve("draft"),
                        """
                        $TTL 300
                        @ IN SOA ns1 hostmaster %d 3600 600 1209600 300
                        @ IN NS ns1
                        ns1 IN A 192.0.2.53
                        www IN A 192.0.2.1
                        """
                                        .formatted(serial)
                                + String.join("\n", more)
                                + "\n");
        Files.move(draft, zones.resolve(ZONE + ".zone"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Server server(int port, int adminPort, int secondaryPort, String... more)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("ddns.key"), SECRET + "\n");
        Path configuration =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        """
                        state: state
                        keys:
                          transfer: {algorithm: hmac-sha256, secret-file: ddns.key}
                          nsupdate: {algorithm: hmac-sha256, secret-file: ddns.key}
                          external-dns: {algorithm: hmac-sha256, secret-file: ddns.key}
                          cert-manager: {algorithm: hmac-md5, secret-file: ddns.key}
                        remotes:
                          ams: {address: "127.0.0.1:%d", key: transfer}
                        primary:
                          - zone: example.org
                            notify: [ams]
                            allow-transfer: [ams, {key: external-dns}]
                            allow-update:
                              - {key: nsupdate, types: [ANY]}
                              - {key: external-dns, names: ["*.apps.example.org"], types: [A, AAAA, CNAME, TXT]}
                              - {key: cert-manager, names: [_acme-challenge.www.example.org], types: [TXT]}
                        """
                                .formatted(secondaryPort));
        List<String> options = new ArrayList<>(List.of("--config", configuration.toString()));
        options.addAll(List.of(more));
        return Server.startAt(
                folder.resolve("zones"), port, adminPort, options.toArray(String[]::new));
    }

    private Server server(String... more) throws IOException, InterruptedException {
        return server(Repository.freePort(), Repository.freePort(), Repository.freePort(), more);
    }

    private static void assertAnswers(String expected, Server server, String name, int type)
            throws InterruptedException {
        assertEquals(
                expected,
                Eventually.seen(name, LIMIT, () -> server.answer(name, type), expected::equals));
    }

    /// Runs nsupdate or knsupdate with some lines, and returns its output.
    private String update(String client, Server server, String secret, String... lines)
            throws IOException, InterruptedException {
        Path script =
                Files.writeString(
                        folder.resolve("script"),
                        "server 127.0.0.1 %d\nzone %s\n%s\nsend\n"
                                .formatted(server.port(), ZONE, String.join("\n", lines)));
        List<String> line =
                List.of(
                        Tools.require(client),
                        "-y",
                        "hmac-sha256:nsupdate:" + secret,
                        script.toString());
        try (Program program = Program.run(LIMIT, line)) {
            return program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR);
        }
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), () -> part + " is not in:\n" + whole);
    }

    private static long serial(Server server) throws IOException {
        return Long.parseLong(server.answer(ZONE + ".", Type.SOA).split(" ")[3]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nsupdate", "knsupdate"})
    void aClientAddsReplacesAndDeletes(String client) throws IOException, InterruptedException {
        write(1);
        try (Server server = server()) {
            String added =
                    update(client, server, SECRET, "update add new.example.org 60 A 192.0.2.2");
            assertFalse(added.contains("fail") || added.contains("error"), added);
            assertAnswers("NOERROR 192.0.2.2", server, "new.example.org.", Type.A);
            assertEquals(2, serial(server));
            var _ =
                    update(
                            client,
                            server,
                            SECRET,
                            "prereq yxrrset new.example.org A 192.0.2.2",
                            "update delete new.example.org A",
                            "update add new.example.org 60 A 192.0.2.3");
            assertAnswers("NOERROR 192.0.2.3", server, "new.example.org.", Type.A);
            assertContains(
                    "YXDOMAIN",
                    update(
                            client,
                            server,
                            SECRET,
                            "prereq nxdomain new.example.org",
                            "update add new.example.org 60 A 192.0.2.4"));
            assertContains(
                    "NXRRSET",
                    update(
                            client,
                            server,
                            SECRET,
                            "prereq yxrrset new.example.org A 192.0.2.9",
                            "update delete new.example.org"));
            assertEquals(3, serial(server));
            // The last NS record of the apex stays; the rest of the message counts.
            var _ =
                    update(
                            client,
                            server,
                            SECRET,
                            "update delete example.org NS ns1.example.org.",
                            "update delete new.example.org");
            assertAnswers("NXDOMAIN", server, "new.example.org.", Type.A);
            assertAnswers("NOERROR ns1.example.org.", server, "example.org.", Type.NS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nsupdate", "knsupdate"})
    void whoHasAnotherKeyChangesNothing(String client) throws IOException, InterruptedException {
        write(1);
        try (Server server = server()) {
            String wrong =
                    update(client, server, WRONG, "update add new.example.org 60 A 192.0.2.2");
            assertTrue(wrong.contains("BADSIG") || wrong.contains("NOTAUTH"), wrong);
            try (Program unsigned =
                    Program.run(
                            LIMIT,
                            List.of(Tools.require(client), folder.resolve("script").toString()))) {
                assertContains(
                        "REFUSED",
                        unsigned.text(Program.Stream.OUT) + unsigned.text(Program.Stream.ERR));
            }
            server.program()
                    .awaitLine(
                            "update of example.org. by 127.0.0.1.* rejected: REFUSED, the update is not signed",
                            LIMIT);
            assertEquals(1, serial(server));
            assertContains("dns_update_total{result=\"refused\"} 1.0", server.page("/metrics"));
        }
    }

    private static Message sent(Server server, TSIG key, boolean tcp, Update update)
            throws IOException {
        SimpleResolver resolver = new SimpleResolver("127.0.0.1");
        resolver.setPort(server.port());
        resolver.setTSIGKey(key);
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver.send(update);
    }

    private static void assertSent(int rcode, Server server, TSIG key, boolean tcp, String... lines)
            throws IOException {
        Update update = UpdateMessages.message(ZONE + ".", lines);
        Message reply = sent(server, key, tcp, update);
        assertEquals(Rcode.string(rcode), Rcode.string(reply.getRcode()), reply::toString);
        assertTrue(reply.isVerified(), reply::toString);
    }

    /// It reads the zone by AXFR, and changes it over TCP: creates, changes and deletes are a
    /// message each.
    @Test
    void externalDns() throws IOException, InterruptedException, ZoneTransferException {
        write(1);
        TSIG key = new TSIG(TSIG.HMAC_SHA256, "external-dns.", SECRET);
        String owner = "\"heritage=external-dns,external-dns/owner=default\"";
        try (Server server = server()) {
            assertEquals(4, TransferPeer.records(ZONE, server.port(), key).size());
            assertSent(
                    Rcode.NOERROR,
                    server,
                    key,
                    true,
                    "add a.apps.example.org. 0 A 192.0.2.10",
                    "add a.apps.example.org. 0 TXT " + owner);
            assertAnswers("NOERROR 192.0.2.10", server, "a.apps.example.org.", Type.A);
            assertSent(
                    Rcode.NOERROR,
                    server,
                    key,
                    true,
                    "delete a.apps.example.org. A 192.0.2.10",
                    "add a.apps.example.org. 60 A 192.0.2.11");
            assertAnswers("NOERROR 192.0.2.11", server, "a.apps.example.org.", Type.A);
            assertContains(
                    "a.apps.example.org. 60 IN A 192.0.2.11",
                    String.join("\n", TransferPeer.records(ZONE, server.port(), key)));
            assertSent(
                    Rcode.NOERROR,
                    server,
                    key,
                    true,
                    "delete a.apps.example.org. A 192.0.2.11",
                    "delete a.apps.example.org. TXT " + owner);
            assertAnswers("NXDOMAIN", server, "a.apps.example.org.", Type.A);
            assertSent(Rcode.REFUSED, server, key, true, "add www.example.org. 60 A 192.0.2.66");
        }
    }

    /// It sends one TXT record over UDP, signed with MD5, and deletes exactly it later.
    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void certManager(String engine) throws IOException, InterruptedException {
        write(1);
        TSIG key = new TSIG(TSIG.HMAC_MD5, "cert-manager.", SECRET);
        String name = "_acme-challenge.www.example.org.";
        try (Server server = server("--udp", engine)) {
            server.program().awaitLine("hmac-md5 is weak", LIMIT);
            assertSent(Rcode.NOERROR, server, key, false, "add " + name + " 60 TXT \"token\"");
            // dnsjava quotes only what has to be quoted.
            assertAnswers("NOERROR token", server, name, Type.TXT);
            assertSent(Rcode.NOERROR, server, key, false, "delete " + name + " TXT \"token\"");
            assertAnswers("NXDOMAIN", server, name, Type.TXT);
            assertSent(Rcode.REFUSED, server, key, false, "add " + name + " 60 A 192.0.2.66");
        }
    }

    /// Updates come one after the other; the process is killed at some point between them. What was
    /// acknowledged is there after the restart, and the serial goes on.
    @Test
    void whatWasAcknowledgedSurvivesAKill() throws Exception {
        write(1);
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        List<Integer> acknowledged = new ArrayList<>();
        CountDownLatch half = new CountDownLatch(UPDATES / 2);
        try (Server server = server(port, adminPort, Repository.freePort())) {
            CompletableFuture<Void> sender =
                    CompletableFuture.runAsync(() -> send(server, acknowledged, half));
            assertTrue(half.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
            server.program().signal("KILL");
            server.program().awaitExit(LIMIT);
            sender.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertTrue(acknowledged.size() >= UPDATES / 2, acknowledged::toString);
        try (Server server = server(port, adminPort, Repository.freePort())) {
            for (int each : acknowledged) {
                assertEquals(
                        "NOERROR 10.0.0." + each,
                        server.answer("h%d.example.org.".formatted(each), Type.A));
            }
            long serial = serial(server);
            assertTrue(serial > acknowledged.size(), () -> "serial " + serial);
            assertSent(
                    Rcode.NOERROR, server, NSUPDATE, false, "add more.example.org. 1 A 10.1.0.1");
            assertAnswers("NOERROR 10.1.0.1", server, "more.example.org.", Type.A);
            assertEquals(serial + 1, serial(server));
        }
    }

    private static void send(Server server, List<Integer> acknowledged, CountDownLatch half) {
        for (int i = 0; i < UPDATES; i++) {
            try {
                assertSent(
                        Rcode.NOERROR,
                        server,
                        NSUPDATE,
                        i % 2 == 0,
                        "add h%d.example.org. 300 A 10.0.0.%d".formatted(i, i));
                acknowledged.add(i);
                half.countDown();
            } catch (IOException _) {
                // The process is gone.
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BIND", "NSD"})
    void aSecondaryFollowsEachChange(Peer.Kind kind)
            throws IOException, InterruptedException, ZoneTransferException {
        write(1);
        int port = Repository.freePort();
        try (Server server = server(Repository.freePort(), Repository.freePort(), port);
                TransferPeer peer =
                        TransferPeer.secondary(kind, folder, ZONE, port, server.port(), SECRET)) {
            assertFollows(server, peer, 1);
            for (int serial = 2; serial < 6; serial++) {
                assertSent(
                        Rcode.NOERROR,
                        server,
                        NSUPDATE,
                        true,
                        "add h%d.example.org. 300 A 10.0.0.%d".formatted(serial, serial),
                        "delete h%d.example.org.".formatted(serial - 2));
                assertFollows(server, peer, serial);
                server.program()
                        .awaitLine(
                                "kind=ixfr transport=tcp from=%d serial=%d "
                                        .formatted(serial - 1, serial),
                                LIMIT);
            }
        }
    }

    private static void assertFollows(Server server, TransferPeer peer, int serial)
            throws IOException, InterruptedException, ZoneTransferException {
        Set<String> there = peer.awaitSerial(serial);
        assertEquals(TransferPeer.records(ZONE, server.port(), TRANSFER), there);
    }

    /// The file counts again when its serial is newer than that of the changed zone.
    @Test
    void theFileReplacesTheZoneOnlyWithANewerSerial()
            throws IOException, InterruptedException, ZoneTransferException {
        write(1);
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Set<String> before;
        try (Server server = server(port, adminPort, Repository.freePort())) {
            String adds =
                    IntStream.range(0, 3)
                            .mapToObj("update add h%d.example.org 60 TXT \"a b\""::formatted)
                            .collect(Collectors.joining("\nsend\n"));
            var _ = update("nsupdate", server, SECRET, adds.split("\n"));
            assertAnswers("NOERROR \"a b\"", server, "h2.example.org.", Type.TXT);
            assertEquals(4, serial(server));
            write(3, "file IN A 192.0.2.77");
            server.program().awaitLine("its serial 3 is not newer than 4 of the zone", LIMIT);
            assertEquals("NXDOMAIN", server.answer("file.example.org.", Type.A));
            before = TransferPeer.records(ZONE, server.port(), TRANSFER);
        }
        // Also after a restart.
        try (Server server = server(port, adminPort, Repository.freePort())) {
            assertEquals(before, TransferPeer.records(ZONE, server.port(), TRANSFER));
            String exported;
            try (Program export = server.command("zone", "export", ZONE)) {
                assertEquals(0, export.awaitExit(LIMIT), export::tail);
                exported = export.text(Program.Stream.OUT);
            }
            Files.writeString(
                    folder.resolve("zones").resolve(ZONE + ".zone"),
                    exported.replace(" 4 3600 ", " 9 3600 ") + "file 60 IN A 192.0.2.77\n");
            assertAnswers("NOERROR 192.0.2.77", server, "file.example.org.", Type.A);
            Set<String> expected =
                    before.stream()
                            .map(each -> each.replace(" 4 3600 ", " 9 3600 "))
                            .collect(Collectors.toCollection(TreeSet::new));
            expected.add("file.example.org. 60 IN A 192.0.2.77");
            assertEquals(expected, TransferPeer.records(ZONE, server.port(), TRANSFER));
        }
    }
}
