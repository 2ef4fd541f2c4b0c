package org.anycastdns.server.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// Another name server as the secondary of one zone, which takes NOTIFY from 127.0.0.1 and gives
/// the zone to everybody there.
record SecondaryPeer(Program program, String zone, int port) implements AutoCloseable {

    /// A program, with its configuration. The placeholders are: its folder, its port, the zone, the
    /// primary's port, the secret of the key `transfer`.
    enum Kind {
        KNOT(
                "server started",
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
                  - id: primary
                    address: 127.0.0.1@%4$d
                    key: transfer.
                acl:
                  - id: notify
                    address: 127.0.0.1
                    key: transfer.
                    action: notify
                  - id: transfer
                    address: 127.0.0.1
                    action: transfer
                zone:
                  - domain: "%3$s"
                    storage: "%1$s"
                    master: primary
                    zonefile-sync: -1
                    journal-content: all
                    acl: [notify, transfer]
                """),
        BIND(
                "running",
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
                    notify no;
                };
                controls { };
                key "transfer" { algorithm hmac-sha256; secret "%5$s"; };
                zone "%3$s" {
                    type secondary;
                    file "%1$s/secondary.db";
                    primaries { 127.0.0.1 port %4$d key transfer; };
                    allow-transfer { any; };
                };
                """),
        NSD(
                "nsd started",
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
                    xfrd-reload-timeout: 0
                    verbosity: 1
                remote-control:
                    control-enable: no
                key:
                    name: transfer
                    algorithm: hmac-sha256
                    secret: "%5$s"
                zone:
                    name: "%3$s"
                    request-xfr: 127.0.0.1@%4$d transfer
                    allow-notify: 127.0.0.1 transfer
                    provide-xfr: 127.0.0.1 NOKEY
                """);

        private final String started;
        private final String command;
        private final String configuration;

        Kind(String started, String command, String configuration) {
            this.started = started;
            this.command = command;
            this.configuration = configuration;
        }
    }

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /// Starts a secondary.
    ///
    /// @param port its port
    static SecondaryPeer start(
            Kind kind, Path folder, String zone, int port, int primaryPort, String secret)
            throws IOException, InterruptedException {
        return start(
                folder,
                kind.command,
                kind.configuration,
                kind.started,
                zone,
                port,
                primaryPort,
                secret);
    }

    private static SecondaryPeer start(
            Path folder,
            String command,
            String configuration,
            String started,
            String zone,
            int port,
            int primaryPort,
            String secret)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("secondary"));
        Path file =
                Files.writeString(
                        own.resolve("configuration"),
                        configuration.formatted(own, port, zone, primaryPort, secret));
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.set(0, Tools.require(line.getFirst()));
        line.add(file.toString());
        Program program = Program.start(line);
        try {
            program.awaitLine(started, LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new SecondaryPeer(program, zone, port);
    }

    /// Starts unbound with the zone as an auth-zone. It signs nothing and takes no NOTIFY.
    static SecondaryPeer unbound(Path folder, String zone, int port, int primaryPort)
            throws IOException, InterruptedException {
        return start(
                folder,
                "unbound -d -c",
                """
                server:
                    interface: 127.0.0.1
                    port: %2$d
                    do-daemonize: no
                    chroot: ""
                    username: ""
                    directory: "%1$s"
                    pidfile: "%1$s/unbound.pid"
                    use-syslog: no
                    logfile: ""
                    verbosity: 2
                    do-not-query-localhost: no
                    module-config: "iterator"
                auth-zone:
                    name: "%3$s"
                    primary: 127.0.0.1@%4$d
                    fallback-enabled: no
                    for-downstream: yes
                """,
                "start of service",
                zone,
                port,
                primaryPort,
                "");
    }

    /// Returns all records of a server, as text, by AXFR.
    static Set<String> records(String zone, int port, @Nullable TSIG key)
            throws IOException, ZoneTransferException {
        ZoneTransferIn transfer =
                ZoneTransferIn.newAXFR(Name.fromString(zone, Name.root), "127.0.0.1", port, key);
        transfer.run();
        Set<String> records = new TreeSet<>();
        for (Record record : transfer.getAXFR()) {
            records.add(TransferPeer.text(record));
        }
        return records;
    }

    /// Returns all its records.
    Set<String> records() throws IOException, ZoneTransferException {
        return records(zone, port, null);
    }

    @Override
    public void close() {
        program.close();
    }
}
