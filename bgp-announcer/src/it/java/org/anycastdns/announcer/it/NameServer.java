package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Tools;

/// A name server of others, with the zone example.com and without a lifeline.
enum NameServer {
    NSD(
            """
            server:
                ip-address: %2$s@%3$d
                server-count: 1
                username: ""
                nsid: "ascii_ams1"
                zonesdir: "%1$s"
                zonelistfile: "%1$s/zone.list"
                xfrdfile: "%1$s/xfrd.state"
                xfrdir: "%1$s"
                pidfile: "%1$s/own.pid"
                database: ""
            remote-control:
                control-enable: no
            zone:
                name: "example.com"
                zonefile: "%1$s/example.com.zone"
            """,
            "identity: required", "nsd", "-d", "-c"),
    KNOT(
            """
            server:
                rundir: "%1$s"
                listen: %2$s@%3$d
                nsid: "ams1"
            log:
              - target: stderr
                any: info
            database:
                storage: "%1$s"
            zone:
              - domain: "example.com"
                file: "%1$s/example.com.zone"
            """,
            "identity: required", "knotd", "--config"),
    BIND(
            """
            options {
                directory "%1$s";
                pid-file none;
                session-keyfile none;
                server-id "ams1";
                listen-on port %3$d { %2$s; };
                listen-on-v6 { none; };
                recursion no;
            };
            controls { };
            zone "example.com" { type primary; file "%1$s/example.com.zone"; };
            """,
            "identity: required", "named", "-g", "-n", "1", "-c"),
    UNBOUND(
            """
            server:
                interface: %2$s@%3$d
                access-control: 0.0.0.0/0 allow
                do-daemonize: no
                use-syslog: no
                chroot: ""
                username: ""
                directory: "%1$s"
                pidfile: "%1$s/own.pid"
                local-zone: "example.com." static
                local-data: "example.com. A 192.0.2.80"
            remote-control:
                control-enable: no
            """,
            "recursive: true, qtype: A, records: [192.0.2.80]", "unbound", "-c");

    private static final String ZONE =
            """
            $ORIGIN example.com.
            $TTL 300
            @ SOA ns1 hostmaster 1 7200 3600 1209600 300
            @ NS ns1
            @ A 192.0.2.80
            ns1 A 192.0.2.53
            """;

    private final String configuration;
    private final String check;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> command;

    /// @param configuration with folder, address and port as its arguments
    /// @param check further keys of the check
    NameServer(String configuration, String check, String... command) {
        this.configuration = configuration;
        this.check = check;
        this.command = List.of(command);
    }

    /// Returns the command that starts the server in the foreground, and writes its files.
    ///
    /// @param folder folder for the files
    /// @param address IPv4 address to answer at
    List<String> command(Path folder, String address, int port) throws IOException {
        Files.writeString(folder.resolve("example.com.zone"), ZONE);
        Path file =
                Files.writeString(
                        folder.resolve(name() + ".conf"),
                        configuration.formatted(folder, address, port));
        List<String> line = new ArrayList<>(command);
        line.set(0, Tools.require(command.getFirst()));
        line.add(file.toString());
        return line;
    }

    /// Returns the announcer's service `dns`, which asks the server for its zone.
    ///
    /// @param timing further keys of the check, such as its timeout
    /// @param more further checks, a line each; may be empty
    String service(String prefix, String address, int port, String timing, String more) {
        return """
          - name: dns
            prefixes: ["%s"]
            checks:
              - dns: {server: "%s:%d", names: [example.com], %s%s}
        %s\
        """
                .formatted(prefix, address, port, timing, check, more);
    }

    /// Returns the check that watches the process whose number a file has.
    static String processCheck(Path pidfile) {
        return "      - process: {pidfile: " + pidfile + "}\n";
    }
}
