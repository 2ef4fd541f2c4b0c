package org.anycastdns.benchmarks.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import org.anycastdns.testkit.PeerConfiguration;

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

    static final String KNOT_SERVER =
            """
                user: root
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            """;

    private Configurations() {}

    /// Returns all files by name.
    static Map<String, String> all(Place place) {
        Map<String, String> all = new LinkedHashMap<>();
        PeerConfiguration peer =
                new PeerConfiguration(place.folder(), place.address(), place.port(), place.zones());
        all.put(KNOT, peer.knot("error", KNOT_SERVER));
        all.put(NSD, peer.nsd(0));
        all.put(BIND, peer.bind("minimal-responses yes;", "check-names ignore;"));
        all.put(POWERDNS, powerdns(place));
        all.put(POWERDNS_ZONES, peer.lines("zone \"%s\" { type native; file \"%s\"; };\n"));
        return all;
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
}
