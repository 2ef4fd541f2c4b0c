package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;

/// The built program as secondary of Knot, BIND and NSD: the first transfer, changes, commands, and
/// a restart without the primary. After each step the answers are the records of the primary.
///
/// docs/operate/zones.md, "From a hidden primary", shows the configuration.
class SecondaryIT {

    private static final String ZONE = "example.com";
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IG9mIHRyYW5zZmVycyE=";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir private Path folder;

    private static String zone(long serial, String... more) {
        return """
        $ORIGIN example.com.
        $TTL 300
        @ IN SOA ns1 hostmaster %d 3600 600 1209600 300
        @ IN NS ns1
        @ IN NS ns.example.net.
        @ IN MX 10 Mail
        ns1 IN A 192.0.2.53
        ns1 IN AAAA 2001:db8::53
        Mail IN A 192.0.2.25
        *.wild IN TXT "any" "name"
        deep.empty.terminal IN A 192.0.2.7
        ftp IN CNAME www
        odd IN TYPE65280 \\# 3 010203
        """
                        .formatted(serial)
                + String.join("\n", more)
                + "\n";
    }

    private Path configuration(int primaryPort) throws IOException {
        Path key = folder.resolve("transfer.key");
        Files.writeString(key, SECRET + "\n");
        return Files.writeString(
                folder.resolve("server.yaml"),
                """
                state: state
                keys:
                  transfer: {algorithm: hmac-sha256, secret-file: transfer.key}
                remotes:
                  hidden: {address: "127.0.0.1:%d", key: transfer}
                secondary:
                  - {zone: example.com, primaries: [hidden]}
                """
                        .formatted(primaryPort));
    }

    private Server server(int port, int adminPort) throws IOException, InterruptedException {
        return Server.startAt(port, adminPort, folder.resolve("server.yaml"));
    }

    /// Returns what the server answers for each name and type of some records, in their form.
    private static Set<String> answers(Server server, Set<String> records) throws IOException {
        Set<String> questions = new LinkedHashSet<>();
        for (String record : records) {
            String[] fields = record.split(" ", 5);
            questions.add(fields[0] + " " + fields[3]);
        }
        Set<String> answers = new TreeSet<>();
        for (String question : questions) {
            String[] fields = question.split(" ");
            Name name = Name.fromString(fields[0]);
            int type = Type.value(fields[1]);
            Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
            byte[] wire = UdpClient.ask(server.port(), List.of(query.toWire()))[0];
            if (wire.length == 0) {
                throw new IOException("no answer to " + question);
            }
            for (Record record : new Message(wire).getSection(Section.ANSWER)) {
                if (record.getName().equals(name) && record.getType() == type) {
                    answers.add(TransferPeer.text(record));
                }
            }
        }
        return answers;
    }

    private static void assertServes(Server server, Set<String> records)
            throws InterruptedException {
        Set<String> served =
                Eventually.seen(
                        "the records of the primary",
                        LIMIT,
                        () -> answers(server, records),
                        records::equals);
        assertEquals(records, served);
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), () -> part + " is not in:\n" + whole);
    }

    @ParameterizedTest
    @EnumSource(names = {"KNOT", "NSD", "BIND"})
    void aZoneArrivesChangesAndSurvives(Peer.Kind kind)
            throws IOException, InterruptedException, ZoneTransferException {
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Set<String> last;
        try (TransferPeer primary =
                TransferPeer.primary(
                        kind, folder, ZONE, zone(1, "www IN A 192.0.2.1"), SECRET, port)) {
            configuration(primary.port());
            try (Server server = server(port, adminPort)) {
                assertServes(server, primary.records());
                String first = server.output(0, "zone", "status", ZONE);
                assertContains("last transfer   axfr from hidden (127.0.0.1:", first);

                primary.serve(
                        zone(2, "www IN A 192.0.2.2", "new IN A 192.0.2.3", "* IN A 192.0.2.4"), 2);
                // The primary sends NOTIFY.
                assertServes(server, primary.records());
                server.program().awaitLine("transferred: .* serial=1->2 .* cause=notify", LIMIT);
                String changed = server.output(0, "zone", "status", ZONE);
                // NSD makes no IXFR from the difference of two files.
                assertContains(kind == Peer.Kind.NSD ? "axfr from" : "ixfr from", changed);

                assertContains("serial  2", server.output(0, "zone", "refresh", ZONE));

                primary.serve(zone(4, "www IN A 192.0.2.2", "www IN A 192.0.2.5"), 4);
                assertContains("serial  4", server.output(0, "zone", "retransfer", ZONE));
                last = primary.records();
                assertServes(server, last);
                assertContains("axfr from", server.output(0, "zone", "status", ZONE));
                String status = server.output(0, "status");
                assertContains("from hidden (127.0.0.1:", status);
                String metrics = server.page("/metrics");
                assertContains("dns_transfer_zones{state=\"current\"} 1", metrics);
                server.program().signal("KILL");
                server.program().awaitExit(LIMIT);
            }
        }
        try (Server server = server(port, adminPort)) {
            assertServes(server, last);
            String alone = server.output(1, "zone", "refresh", ZONE);
            assertContains("last error      hidden (127.0.0.1:", alone);
            assertServes(server, last);
        }
    }
}
