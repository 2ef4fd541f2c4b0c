package org.anycastdns.testkit;

import java.util.Map;
import java.util.stream.Collectors;

/// Configuration files with which other name servers serve the same zone files unchanged, with
/// minimal responses, in a fixed order, and without rate limits and control channels. All other
/// settings are the defaults of the packages.
///
/// @param folder the server's own folder for configuration and state
/// @param address IPv4 address to listen on
/// @param port port for UDP and TCP
/// @param zones zone file by origin
public record PeerConfiguration(String folder, String address, int port, Map<String, ?> zones) {

    /// Returns the configuration of Knot.
    ///
    /// @param log the least severe messages that are logged
    /// @param server more lines of the section `server`, each indented, and then sections that the
    ///   zones refer to
    public String knot(String log, String server) {
        return """
        server:
            rundir: "%1$s"
            listen: %2$s@%3$d
        %4$slog:
          - target: stderr
            any: %5$s
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
                        .formatted(folder, address, port, server, log)
                + lines("  - domain: \"%s\"\n    file: \"%s\"\n");
    }

    /// Returns the configuration of NSD.
    ///
    /// @param verbosity 0 for errors only, 1 for the start too
    public String nsd(int verbosity) {
        return """
        server:
            ip-address: %2$s@%3$d
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
            verbosity: %4$d
        remote-control:
            control-enable: no
        """
                        .formatted(folder, address, port, verbosity)
                + lines("zone:\n    name: \"%s\"\n    zonefile: \"%s\"\n");
    }

    /// Returns the configuration of BIND.
    ///
    /// @param options more statements of the section `options`, one of them `minimal-responses`
    /// @param zone more statements for each zone
    public String bind(String options, String zone) {
        return """
        options {
            directory "%1$s";
            pid-file none;
            session-keyfile none;
            listen-on port %3$d { %2$s; };
            listen-on-v6 { none; };
            recursion no;
            %4$s
            dnssec-validation no;
            rrset-order { order none; };
            notify no;
        };
        controls { };
        """
                        .formatted(folder, address, port, options)
                + lines("zone \"%s\" { type primary; file \"%s\"; " + zone + " };\n");
    }

    /// Returns the configuration of Unbound, which asks no other server for its zones. The zones
    /// are not in it: how it gets them differs.
    public String unbound() {
        return """
        server:
            interface: %2$s
            port: %3$d
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
        """
                .formatted(folder, address, port);
    }

    /// Returns a line for each zone.
    ///
    /// @param line its format, with the origin and the file
    public String lines(String line) {
        return zones.entrySet().stream()
                .map(zone -> line.formatted(zone.getKey(), zone.getValue()))
                .collect(Collectors.joining());
    }
}
