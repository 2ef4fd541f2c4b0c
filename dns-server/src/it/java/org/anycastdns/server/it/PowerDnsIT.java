package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;

/// The built program with PowerDNS at the other end: as its secondary and as its primary. PowerDNS
/// answers IXFR with whole zones, takes IXFR only if that is set for a zone, and its bind backend
/// has no keys, so addresses decide.
class PowerDnsIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String THEIRS = "example.com";
    private static final String OURS = "example.org";

    @TempDir private Path folder;

    private static String zone(long serial, String... more) {
        return """
        $TTL 300
        @ IN SOA ns1 hostmaster %d 3600 600 1209600 300
        @ IN NS ns1
        @ IN MX 10 mail
        ns1 IN A 192.0.2.53
        mail IN AAAA 2001:db8::25
        *.wild IN TXT "any" "name"
        deep.empty.terminal IN A 192.0.2.7
        sub IN NS ns.sub
        ns.sub IN A 192.0.2.8
        """
                        .formatted(serial)
                + String.join("\n", more)
                + "\n";
    }

    private static void write(Path file, String text) throws IOException {
        Path draft = Files.writeString(file.resolveSibling("draft"), text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Starts PowerDNS as primary of one zone and as secondary of the other. It looks at its file,
    /// sends NOTIFY and asks its primary every second.
    private Program powerDns(Path own, int port, int ourPort)
            throws IOException, InterruptedException {
        Path zones =
                Files.writeString(
                        own.resolve("bind.conf"),
                        """
                        zone "%1$s" { type master; file "%3$s/primary"; };
                        zone "%2$s" { type slave; file "%3$s/secondary"; masters { 127.0.0.1:%4$d; }; };
                        """
                                .formatted(THEIRS, OURS, own, ourPort));
        Files.writeString(
                own.resolve("pdns.conf"),
                """
                launch=bind
                bind-config=%1$s
                bind-check-interval=1
                local-address=127.0.0.1
                local-port=%2$d
                socket-dir=%3$s
                primary=yes
                secondary=yes
                allow-axfr-ips=127.0.0.1
                only-notify=
                also-notify=127.0.0.1:%4$d
                xfr-cycle-interval=1
                cache-ttl=0
                query-cache-ttl=0
                negquery-cache-ttl=0
                zone-cache-refresh-interval=0
                security-poll-suffix=
                guardian=no
                daemon=no
                disable-syslog=yes
                write-pid=no
                """
                        .formatted(zones, port, own, ourPort));
        return Program.startServing(
                List.of(Tools.require("pdns_server"), "--config-dir=" + own),
                "ready to distribute questions",
                LIMIT);
    }

    private Server server(int port, int theirPort) throws IOException, InterruptedException {
        Path file =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        """
                        state: state
                        remotes:
                          power: {address: "127.0.0.1:%d"}
                        secondary:
                          - {zone: %s, primaries: [power]}
                        primary:
                          - zone: %s
                            notify: [power]
                            allow-transfer: [{address: 127.0.0.1}, power]
                        """
                                .formatted(theirPort, THEIRS, OURS));
        int adminPort = Repository.freePort();
        List<String> line = Server.arguments(folder.resolve("zones"), port, adminPort);
        line.addAll(List.of("--config", file.toString()));
        return new Server(
                Program.startServing(line, "^ready", Server.START_LIMIT), port, adminPort);
    }

    /// Waits until a zone is the same at both ends, in a version.
    private static void assertSame(String zone, int from, int to, long serial)
            throws IOException, InterruptedException, ZoneTransferException {
        Set<String> there =
                Eventually.seen(
                        "serial %d of %s".formatted(serial, zone),
                        LIMIT,
                        () -> TransferPeer.records(zone, to, null),
                        records -> TransferPeer.hasSerial(records, serial));
        assertEquals(TransferPeer.records(zone, from, null), there);
    }

    @Test
    void zonesAreTheSameAtBothEnds()
            throws IOException, InterruptedException, ZoneTransferException {
        Path own = Files.createDirectories(folder.resolve("power"));
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Path theirs = own.resolve("primary");
        Path ours = zones.resolve(OURS + ".zone");
        write(theirs, zone(1, "www IN A 192.0.2.1"));
        write(ours, zone(1, "www IN A 192.0.2.1"));
        int port = Repository.freePort();
        int theirPort = Repository.freePort();
        try (Program power = powerDns(own, theirPort, port);
                Server server = server(port, theirPort)) {
            var _ =
                    Eventually.seen(
                            "the zone of PowerDNS",
                            LIMIT,
                            () -> server.answer("www.example.com.", Type.A),
                            "NOERROR 192.0.2.1"::equals);
            assertSame(OURS, port, theirPort, 1);
            write(theirs, zone(2, "www IN A 192.0.2.2", "* IN A 192.0.2.3"));
            write(ours, zone(2, "www IN A 192.0.2.2", "* IN A 192.0.2.3"));
            assertSame(OURS, port, theirPort, 2);
            server.program()
                    .awaitLine(
                            "example.com. transferred: .*primary=power .*serial=1->2 .*cause=notify",
                            LIMIT);
            // The line comes when the version is handed over, just before it is in service.
            var _ =
                    Eventually.seen(
                            "the version in service",
                            LIMIT,
                            () -> server.answer("nothing.example.com.", Type.A),
                            "NOERROR 192.0.2.3"::equals);
            assertTrue(power.alive());
            String status = server.page("/status");
            assertTrue(status.contains("\"reply\":\"NOERROR\""), status);
        }
    }
}
