package org.anycastdns.benchmarks.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Configuration files that make all peers do the same work: one worker, minimal responses, no rate
/// limits, no control channel, and records in a fixed order. All other settings are the defaults of
/// the packages.
final class Configurations {

    static final String KNOT = "knot.conf";
    static final String NSD = "nsd.conf";
    static final String BIND = "named.conf";
    static final String POWERDNS = "pdns.conf";
    static final String POWERDNS_ZONES = "zones.conf";
    static final String POWERDNS_KEYS = "keys.db";

    private Configurations() {}

    /// Returns all files by name.
    static Map<String, String> all(Place place) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(KNOT, knot(place));
        all.put(NSD, nsd(place));
        all.put(BIND, bind(place));
        all.put(POWERDNS, powerdns(place));
        all.put(POWERDNS_ZONES, zones(place, "zone \"%s\" { type native; file \"%s\"; };\n"));
        return all;
    }

    private static String knot(Place place) {
        return """
        server:
            rundir: "%1$s"
            user: root
            listen: %2$s@%3$d
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
        log:
          - target: stderr
            any: error
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
                        .formatted(place.folder(), place.address(), place.port())
                + zones(place, "  - domain: \"%s\"\n    file: \"%s\"\n");
    }

    private static String nsd(Place place) {
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
            verbosity: 0
        remote-control:
            control-enable: no
        """
                        .formatted(place.folder(), place.address(), place.port())
                + zones(place, "zone:\n    name: \"%s\"\n    zonefile: \"%s\"\n");
    }

    private static String bind(Place place) {
        return """
        options {
            directory "%1$s";
            pid-file none;
            session-keyfile none;
            listen-on port %3$d { %2$s; };
            listen-on-v6 { none; };
            recursion no;
            minimal-responses yes;
            dnssec-validation no;
            rrset-order { order none; };
            notify no;
        };
        controls { };
        """
                        .formatted(place.folder(), place.address(), place.port())
                + zones(place, "zone \"%s\" { type primary; file \"%s\"; check-names ignore; };\n");
    }

    private static String powerdns(Place place) {
        return """
        launch=bind
        bind-config=%1$s/zones.conf
        bind-check-interval=0
        local-address=%2$s
        local-port=%3$d
        socket-dir=%1$s
        daemon=no
        guardian=no
        disable-syslog=yes
        loglevel=3
        receiver-threads=1
        distributor-threads=1
        security-poll-suffix=
        """
                        .formatted(place.folder(), place.address(), place.port())
                + (place.signed()
                        ? "bind-dnssec-db=%s/%s\n".formatted(place.folder(), POWERDNS_KEYS)
                        : "");
    }

    private static String zones(Place place, String line) {
        return place.zones().entrySet().stream()
                .map(zone -> line.formatted(zone.getKey(), zone.getValue()))
                .collect(Collectors.joining());
    }
}
