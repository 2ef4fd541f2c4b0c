package org.anycastdns.server.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// Another name server as the primary of one zone file, which is read again on SIGHUP. It transfers
/// the zone to who signs with the key, and sends NOTIFY.
final class TransferPeer implements AutoCloseable {

    /// A program, with its configuration. The placeholders are: its folder, its port, the zone, the
    /// secondary's port, the key's secret.
    enum Kind {
        KNOT(
                "server started",
                true,
                "knotd --config",
                """
                server:
                    rundir: "%1$s"
                    listen: 127.0.0.1@%2$d
                log:
                  - target: stderr
                    any: info
                database:
                    storage: "%1$s"
                key:
                  - id: transfer.
                    algorithm: hmac-sha256
                    secret: %5$s
                remote:
                  - id: secondary
                    address: 127.0.0.1@%4$d
                    key: transfer.
                acl:
                  - id: transfer
                    key: transfer.
                    action: transfer
                zone:
                  - domain: "%3$s"
                    file: "%1$s/zone"
                    zonefile-load: difference
                    zonefile-sync: -1
                    journal-content: all
                    notify: secondary
                    acl: transfer
                """),
        BIND(
                "all zones loaded",
                true,
                "named -g -n 1 -c",
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
                    ixfr-from-differences yes;
                };
                controls { };
                key "transfer" { algorithm hmac-sha256; secret "%5$s"; };
                zone "%3$s" {
                    type primary;
                    file "%1$s/zone";
                    allow-transfer { key transfer; };
                    notify explicit;
                    also-notify { 127.0.0.1 port %4$d key transfer; };
                };
                """),
        NSD(
                "nsd started",
                false,
                "nsd -d -c",
                """
                server:
                    ip-address: 127.0.0.1@%2$d
                    server-count: 1
                    username: ""
                    zonesdir: "%1$s"
                    zonelistfile: "%1$s/zone.list"
                    xfrdfile: "%1$s/xfrd.state"
                    xfrdir: "%1$s"
                    pidfile: "%1$s/nsd.pid"
                    database: ""
                    rrl-ratelimit: 0
                    rrl-whitelist-ratelimit: 0
                    verbosity: 1
                remote-control:
                    control-enable: no
                key:
                    name: transfer
                    algorithm: hmac-sha256
                    secret: "%5$s"
                zone:
                    name: "%3$s"
                    zonefile: "%1$s/zone"
                    provide-xfr: 127.0.0.1 transfer
                    notify: 127.0.0.1@%4$d transfer
                """);

        private final String started;

        /// Whether it makes IXFR from the difference of two files.
        final boolean differences;

        private final String command;
        private final String configuration;

        Kind(String started, boolean differences, String command, String configuration) {
            this.started = started;
            this.differences = differences;
            this.command = command;
            this.configuration = configuration;
        }
    }

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path zoneFile;
    private final Program program;
    private final Name zone;
    private final int port;
    private final TSIG key;

    private TransferPeer(Path zoneFile, Program program, Name zone, int port, TSIG key) {
        this.zoneFile = zoneFile;
        this.program = program;
        this.zone = zone;
        this.port = port;
        this.key = key;
    }

    /// Starts a primary.
    ///
    /// @param text the zone file
    /// @param secret of the key `transfer`, which is of HMAC-SHA256, in base64
    /// @param secondaryPort where NOTIFY goes
    static TransferPeer start(
            Kind kind, Path folder, String zone, String text, String secret, int secondaryPort)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(kind.name()));
        Path file = Files.writeString(own.resolve("zone"), text);
        int port = Repository.freePort();
        Path configuration =
                Files.writeString(
                        own.resolve("configuration"),
                        kind.configuration.formatted(own, port, zone, secondaryPort, secret));
        List<String> line = new ArrayList<>(List.of(kind.command.split(" ")));
        line.set(0, Tools.require(line.getFirst()));
        line.add(configuration.toString());
        Program program = Program.start(line);
        try {
            program.awaitLine(kind.started, LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new TransferPeer(
                file,
                program,
                Name.fromString(zone, Name.root),
                port,
                new TSIG(TSIG.HMAC_SHA256, "transfer.", secret));
    }

    int port() {
        return port;
    }

    /// Serves another version, and waits until it does.
    ///
    /// @param serial the serial in the text
    void serve(String text, long serial) throws IOException, InterruptedException {
        Path draft = Files.writeString(zoneFile.resolveSibling("draft"), text);
        Files.move(draft, zoneFile, StandardCopyOption.REPLACE_EXISTING);
        program.signal("HUP");
        Eventually.seen(
                "serial " + serial,
                LIMIT,
                this::records,
                records ->
                        records.stream().anyMatch(each -> each.contains(" " + serial + " 3600 ")));
    }

    /// Returns all records, as text, by AXFR.
    Set<String> records() throws IOException, ZoneTransferException {
        ZoneTransferIn transfer = ZoneTransferIn.newAXFR(zone, "127.0.0.1", port, key);
        transfer.run();
        Set<String> records = new TreeSet<>();
        for (Record record : transfer.getAXFR()) {
            records.add(text(record));
        }
        return records;
    }

    /// Returns a record as text with single spaces.
    static String text(Record record) {
        return record.toString().replaceAll("\\s+", " ");
    }

    @Override
    public void close() {
        program.close();
    }
}
