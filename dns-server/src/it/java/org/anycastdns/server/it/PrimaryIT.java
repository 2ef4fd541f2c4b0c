package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// The built program as primary of Knot, BIND, NSD and unbound, and of the clients dig, kdig and
/// dnsjava.
///
/// docs/operate/zones.md, "As a hidden primary", shows the configuration.
class PrimaryIT {

    private static final String ZONE = "example.org";
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IG9mIHRyYW5zZmVycyE=";
    private static final TSIG KEY = new TSIG(TSIG.HMAC_SHA256, "transfer.", SECRET);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir private Path folder;

    private static String zone(long serial, String... more) {
        StringBuilder text = new StringBuilder("$TTL 300\n");
        text.append("@ IN SOA ns1 hostmaster %d 3600 600 1209600 300\n".formatted(serial));
        text.append(
                """
                @ IN NS ns1
                @ IN NS ns.example.net.
                @ IN MX 10 Mail
                ns1 IN A 192.0.2.53
                Mail IN A 192.0.2.25
                *.wild IN TXT "any" "name"
                deep.empty.terminal IN A 192.0.2.7
                sub IN NS ns.sub
                ns.sub IN A 192.0.2.8
                odd IN TYPE65280 \\# 3 010203
                """);
        for (int i = 0; i < 100; i++) {
            text.append("host%d IN A 192.0.2.%d\n".formatted(i, i));
        }
        for (String line : more) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private void write(String text) throws IOException {
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Path draft = Files.writeString(folder.resolve("draft"), text);
        Files.move(draft, zones.resolve(ZONE + ".zone"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Server server(String allowed, int secondaryPort)
            throws IOException, InterruptedException {
        return server(allowed, secondaryPort, "");
    }

    private Server server(String allowed, int secondaryPort, String more)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("transfer.key"), SECRET + "\n");
        Path file =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        """
                        keys:
                          transfer: {algorithm: hmac-sha256, secret-file: transfer.key}
                        remotes:
                          ams: {address: "127.0.0.1:%d", key: transfer}
                        primary:
                          - zone: example.org
                            notify: [ams]
                            allow-transfer: [%s]
                        %s
                        """
                                .formatted(secondaryPort, allowed, more));
        return Server.start(folder.resolve("zones"), "--config", file.toString());
    }

    private static Set<String> records(Server server) throws IOException, ZoneTransferException {
        return TransferPeer.records(ZONE, server.port(), KEY);
    }

    /// Waits until both have the version.
    private static void assertSame(Server server, TransferPeer peer, long serial)
            throws IOException, InterruptedException, ZoneTransferException {
        Set<String> there = peer.awaitSerial(serial);
        assertEquals(folded(records(server)), folded(there));
    }

    /// Knot and NSD write names in lower case.
    private static Set<String> folded(Set<String> records) {
        return records.stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource(names = {"KNOT", "NSD", "BIND"})
    void aSecondaryGetsTheZoneAndIsToldOfChanges(Peer.Kind kind)
            throws IOException, InterruptedException, ZoneTransferException {
        write(zone(1, "www IN A 192.0.2.1"));
        int port = Repository.freePort();
        try (Server server = server("ams", port);
                TransferPeer peer =
                        TransferPeer.secondary(kind, folder, ZONE, port, server.port(), SECRET)) {
            assertSame(server, peer, 1);
            write(zone(2, "www IN A 192.0.2.2", "new IN AAAA 2001:db8::1"));
            assertSame(server, peer, 2);
            server.program().awaitLine("kind=ixfr transport=tcp from=1 serial=2 ", LIMIT);
            write(zone(4, "new 60 IN AAAA 2001:db8::1", "a.b.new IN CNAME Www.Example.NET."));
            assertSame(server, peer, 4);
            server.program().awaitLine("kind=ixfr transport=tcp from=2 serial=4 ", LIMIT);
            String status =
                    Eventually.seen(
                            "the reply to NOTIFY",
                            LIMIT,
                            () -> server.page("/status"),
                            page -> page.contains("\"state\":\"answered\""));
            assertTrue(status.contains("\"reply\":\"NOERROR\""), status);
            String metrics = server.page("/metrics");
            assertTrue(metrics.contains("dns_transfer_out_total{kind=\"ixfr\"} 2.0"), metrics);
        }
    }

    @Test
    void unboundGetsTheZoneWithoutAKey() throws IOException, InterruptedException {
        write(zone(1, "www IN A 192.0.2.1"));
        int port = Repository.freePort();
        try (Server server = server("{address: 127.0.0.1}", port);
                TransferPeer peer =
                        TransferPeer.secondary(
                                Peer.Kind.UNBOUND, folder, ZONE, port, server.port(), SECRET)) {
            Message query =
                    Message.newQuery(
                            Record.newRecord(
                                    Name.fromConstantString("host42.example.org."),
                                    Type.A,
                                    DClass.IN));
            String answer =
                    Eventually.seen(
                            "the zone in unbound",
                            LIMIT,
                            () ->
                                    ""
                                            + new Message(
                                                            UdpClient.ask(
                                                                    peer.port(),
                                                                    List.of(query.toWire()))[0])
                                                    .getSection(Section.ANSWER),
                            text -> text.contains("192.0.2.42"));
            assertFalse(answer.isEmpty());
            server.program().awaitLine("zone example.org. sent to 127.0.0.1: kind=axfr", LIMIT);
        }
    }

    @Test
    void digAndKdigTransferWithTheKeyOnly() throws IOException, InterruptedException {
        write(zone(7));
        try (Server server = server("ams", Repository.freePort())) {
            String key = "hmac-sha256:transfer:" + SECRET;
            for (String client : List.of("dig", "kdig")) {
                String whole = server.ask(client, "-y", key, ZONE, "AXFR");
                assertTrue(whole.contains("host99.example.org."), whole);
                assertTrue(whole.contains("messages"), whole);
                assertFalse(whole.contains("verif") || whole.contains("Couldn't"), whole);
                String same = server.ask(client, "-y", key, "+tcp", ZONE, "IXFR=7");
                assertTrue(same.contains(" 7 3600 ") && !same.contains("host99"), same);
                String older = server.ask(client, "-y", key, "+tcp", ZONE, "IXFR=6");
                assertTrue(older.contains("host99"), older);
                String refused = server.ask(client, ZONE, "AXFR", "+edns");
                assertFalse(refused.contains("host99"), refused);
            }
            String reason =
                    server.ask(
                            "dig",
                            "+tcp",
                            "+edns",
                            "+norec",
                            ZONE,
                            "IXFR=6",
                            "+noall",
                            "+comments");
            assertTrue(reason.contains("REFUSED"), reason);
            String notAZone = server.ask("kdig", "-y", key, "host1.example.org", "AXFR");
            assertTrue(notAZone.contains("NOTAUTH"), notAZone);
            server.program().awaitLine("transfer of example.org. refused to 127.0.0.1: ", LIMIT);
        }
    }

    @Test
    void dnsjavaTransfersAndIsToldOfSmallChanges()
            throws IOException, InterruptedException, ZoneTransferException {
        write(zone(1, "www IN A 192.0.2.1"));
        try (Server server = server("ams", Repository.freePort())) {
            assertTrue(TransferPeer.hasSerial(records(server), 1));
            write(zone(2, "www IN A 192.0.2.2"));
            var _ =
                    Eventually.seen(
                            "serial 2",
                            LIMIT,
                            () -> records(server),
                            set -> TransferPeer.hasSerial(set, 2));
            assertOneChange(changes(server, 1));
        }
    }

    private static ZoneTransferIn changes(Server server, long serial)
            throws IOException, ZoneTransferException {
        ZoneTransferIn changes =
                ZoneTransferIn.newIXFR(
                        Name.fromConstantString("example.org."),
                        serial,
                        false,
                        "127.0.0.1",
                        server.port(),
                        KEY);
        changes.run();
        return changes;
    }

    /// One address instead of another.
    private static void assertOneChange(ZoneTransferIn changes) {
        assertTrue(changes.isIXFR());
        assertEquals(1, changes.getIXFR().size());
        assertEquals(2, changes.getIXFR().getFirst().deletes.size());
        assertEquals(2, changes.getIXFR().getFirst().adds.size());
    }

    @Test
    void aSecondaryGetsTheChangesAfterARestart()
            throws IOException, InterruptedException, ZoneTransferException {
        String state = "state: " + folder.resolve("state");
        int port = Repository.freePort();
        write(zone(1, "www IN A 192.0.2.1"));
        try (Server server = server("ams", port, state)) {
            write(zone(2, "www IN A 192.0.2.2"));
            var _ =
                    Eventually.seen(
                            "serial 2",
                            LIMIT,
                            () -> records(server),
                            set -> TransferPeer.hasSerial(set, 2));
        }
        try (Server server = server("ams", port, state)) {
            var _ =
                    Eventually.seen(
                            "serial 2",
                            LIMIT,
                            () -> records(server),
                            set -> TransferPeer.hasSerial(set, 2));
            assertOneChange(changes(server, 1));
        }
        write(zone(3, "www IN A 192.0.2.3"));
        try (Server server = server("ams", port, state)) {
            var _ =
                    Eventually.seen(
                            "serial 3",
                            LIMIT,
                            () -> records(server),
                            set -> TransferPeer.hasSerial(set, 3));
            assertOneChange(changes(server, 2));
            assertEquals(2, changes(server, 1).getIXFR().size());
        }
    }
}
