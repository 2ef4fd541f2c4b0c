package org.anycastdns.lab.recipe;

import java.util.Map;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Pop;

/// The configuration of a PoP. All PoPs have the same one except for identity and addresses.
public final class PopRecipe {

    private static final String SERVER =
            """
            identity: ${name}
            zones: /var/lib/zones
            # The anycast addresses, and its own one: the primary sends NOTIFY there, and the lab sees what this PoP serves.
            listen: ["192.0.2.53:53", "[2001:db8:53::53]:53", "${address4}:53", "127.0.0.1:53"]
            # One machine carries all of the lab, and its JVMs compile with C1 alone, which needs little warming.
            threads: 1
            warm-up: 300ms
            reload: {interval: 100ms}
            # All PoPs share it. This one is known to the world: it is the lab's.
            cookies: {secret: 000102030405060708090a0b0c0d0e0f}
            ${feed}\
            """;

    private static final String FEED =
            """
            state: /var/lib/anycast-dns/state
            keys:
              transfer: {algorithm: hmac-sha256, secret-file: transfer.key}
            remotes:
              primary: {address: "${primary4}:53", key: transfer}
            secondary:
            """;

    private static final String ANNOUNCER =
            """
            identity: ${name}
            router-id: ${address4}
            local-as: ${operatorAs}
            prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
            next-hop-v6: "${address6}"
            neighbors:
              - address: ${router4}
                remote-as: ${routerAs}
                hold-time: ${hold}s
            ${bfd}health:
              responder: "192.0.2.53:53"
              lifeline: "http://127.0.0.1:9153/lifeline"
              # One machine carries all of the lab: twice the usual patience, and a hang is still found within 1.5 s.
              timeout: 400ms
            lease: 2s
            """;

    private static final String BFD =
            "    bfd: {interval: %dms, multiplier: %d}%n"
                    .formatted(Topology.BFD_INTERVAL_MS, Topology.BFD_MULTIPLIER);

    private PopRecipe() {}

    /// Returns the files of a PoP's configuration folder by name.
    public static Map<String, String> files(Topology topology, Pop pop) {
        Addresses addresses = new Addresses(topology);
        Addresses.Network network = addresses.pops(pop.router());
        int host = addresses.host(pop);
        long routerAs = topology.router(pop.router()).orElseThrow().as();
        Map<String, String> values =
                Map.of(
                        "name",
                        pop.name(),
                        "feed",
                        feed(topology),
                        "address4",
                        network.host4(host),
                        "address6",
                        network.host6(host),
                        "operatorAs",
                        Long.toString(topology.operatorAs()),
                        "router4",
                        network.host4(1),
                        "routerAs",
                        Long.toString(routerAs),
                        "hold",
                        Integer.toString(topology.holdSeconds()),
                        "bfd",
                        topology.bfd() ? BFD : "");
        return Map.of(
                "server.yaml",
                Template.fill(SERVER, values),
                "announcer.yaml",
                Template.fill(ANNOUNCER, values));
    }

    /// Returns the part of the configuration that lets zones arrive from the primary; "" if there
    /// is none.
    private static String feed(Topology topology) {
        if (topology.primary().isEmpty()) {
            return "";
        }
        Addresses addresses = new Addresses(topology);
        String primary4 = addresses.primary().host4(addresses.primaryHost());
        StringBuilder feed = new StringBuilder(Template.fill(FEED, Map.of("primary4", primary4)));
        topology.fed()
                .forEach(zone ->
                        feed.append("  - {zone: \"%s\", primaries: [primary]}%n".formatted(zone)));
        return feed.toString();
    }
}
