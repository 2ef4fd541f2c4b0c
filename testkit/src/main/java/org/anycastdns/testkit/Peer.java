package org.anycastdns.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Another name server as a process on loopback, serving the same zone files unchanged.
///
/// @param name NSD, Knot or BIND
/// @param program its process
/// @param port its port on 127.0.0.1
public record Peer(String name, Program program, int port) implements AutoCloseable {

    /// A zone with a million delegations takes seconds to load even on an idle machine.
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /// Starts `knotd`.
    ///
    /// @param folder folder for configuration and runtime files
    /// @param zones zone files by origin
    public static Peer knot(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        String configuration =
                """
                server:
                    rundir: "%1$s"
                    listen: 127.0.0.1@%2$d
                log:
                  - target: stderr
                    any: info
                database:
                    storage: "%1$s"
                template:
                  - id: default
                    zonefile-load: whole
                    zonefile-sync: -1
                    journal-content: none
                    semantic-checks: off
                zone:
                """
                                .formatted(folder, port)
                        + lines(zones, "  - domain: \"%s\"\n    file: \"%s\"\n");
        Path file = Files.writeString(folder.resolve("knot.conf"), configuration);
        return start("Knot", port, "server started", "knotd", "--config", file.toString());
    }

    /// Starts `nsd` in the foreground.
    public static Peer nsd(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        String configuration =
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
                    minimal-responses: yes
                    round-robin: no
                    rrl-ratelimit: 0
                    rrl-whitelist-ratelimit: 0
                    verbosity: 1
                remote-control:
                    control-enable: no
                """
                                .formatted(folder, port)
                        + lines(zones, "zone:\n    name: \"%s\"\n    zonefile: \"%s\"\n");
        Path file = Files.writeString(folder.resolve("nsd.conf"), configuration);
        return start("NSD", port, "nsd started", "nsd", "-d", "-c", file.toString());
    }

    /// Starts `named` in the foreground. It accepts host names of any octets.
    public static Peer bind(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        return bind(folder, zones, "check-names ignore;");
    }

    /// Starts `named` with its default zone checks.
    public static Peer bindWithChecks(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        return bind(folder, zones, "");
    }

    private static Peer bind(Path folder, Map<String, Path> zones, String options)
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        String configuration =
                """
                options {
                    directory "%1$s";
                    pid-file none;
                    session-keyfile none;
                    listen-on port %2$d { 127.0.0.1; };
                    listen-on-v6 { none; };
                    recursion no;
                    minimal-responses no-auth;
                    zero-no-soa-ttl no;
                    dnssec-validation no;
                    rrset-order { order none; };
                    notify no;
                };
                controls { };
                """
                                .formatted(folder, port)
                        + lines(
                                zones,
                                "zone \"%s\" { type primary; file \"%s\"; " + options + " };\n");
        Path file = Files.writeString(folder.resolve("named.conf"), configuration);
        return start(
                "BIND", port, "all zones loaded", "named", "-g", "-n", "1", "-c", file.toString());
    }

    private static String lines(Map<String, Path> zones, String line) {
        return zones.entrySet().stream()
                .map(zone -> line.formatted(zone.getKey(), zone.getValue()))
                .collect(Collectors.joining());
    }

    private static Peer start(
            String name, int port, String startedLine, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of(Tools.require(command)));
        line.addAll(List.of(arguments));
        Program program = Program.start(line);
        try {
            program.awaitLine(startedLine, START_LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new Peer(name, program, port);
    }

    @Override
    public void close() {
        program.close();
    }
}
