package org.anycastdns.lab.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Link;
import org.anycastdns.lab.topology.Topology.Router;

/// The configuration of a router. It names no PoP: any neighbor in the PoP network with the
/// operator's AS number may announce the anycast prefixes. Adding a PoP therefore changes no
/// router.
public final class RouterRecipe {

    /*
     * Routers have one session for each address family between them. A session with a PoP carries
     * both families. A route with GRACEFUL_SHUTDOWN (RFC 8326) gets LOCAL_PREF 0, as operators
     * configure it: the route is used until another one is available.
     */

    private static final String BIRD_HEAD =
            """
            log stderr all;
            router id ${id};
            protocol device {}
            protocol direct { ipv4; ipv6; }
            protocol kernel { ipv4 { export where source = RTS_BGP; import none; }; }
            protocol kernel { ipv6 { export where source = RTS_BGP; import none; }; }
            protocol bfd { accept ipv4 direct; interface "*" { min rx interval ${bfdMs} ms; min tx interval ${bfdMs} ms; multiplier ${bfdMultiplier}; }; }

            function graceful_shutdown_last() {
                if (65535, 0) ~ bgp_community then bgp_local_pref = 0;
            }
            filter from_router { graceful_shutdown_last(); accept; }
            filter from_pop {
                if net !~ [ 192.0.2.0/24 ] then reject;
                graceful_shutdown_last();
                accept;
            }
            filter from_pop6 {
                if net !~ [ 2001:db8:53::/48 ] then reject;
                graceful_shutdown_last();
                accept;
            }
            template bgp any {
                local as ${as};
                hold time 9;
                connect retry time 1;
                connect delay time 1;
                error wait time 1, 2;
            }
            """;

    private static final String BIRD_LINK =
            """
            protocol bgp ${peer}4 from any {
                neighbor ${address4} as ${peerAs};
                ipv4 { import filter from_router; export all; };
            }
            protocol bgp ${peer}6 from any {
                neighbor ${address6} as ${peerAs};
                ipv6 { import filter from_router; export all; };
            }
            """;

    private static final String BIRD_POPS =
            """
            protocol bgp pops from any {
                neighbor range ${pops4} as ${operatorAs};
                dynamic name "pop";
                hold time ${hold};
                bfd ${bfd};
                ipv4 { import filter from_pop; export none; };
                ipv6 { import filter from_pop6; export none; };
            }
            """;

    private static final String FRR_HEAD =
            """
            hostname ${name}
            log stdout
            bgp community-list standard graceful permit 65535:0
            ip prefix-list anycast permit 192.0.2.0/24
            ipv6 prefix-list anycast permit 2001:db8:53::/48
            route-map from-router permit 10
             match community graceful
             set local-preference 0
            route-map from-router permit 20
            route-map from-pop permit 10
             match ip address prefix-list anycast
             on-match goto 30
            route-map from-pop permit 20
             match ipv6 address prefix-list anycast
             on-match goto 30
            route-map from-pop deny 25
            route-map from-pop permit 30
             match community graceful
             set local-preference 0
            route-map from-pop permit 40
            route-map nothing deny 10
            router bgp ${as}
             bgp router-id ${id}
             no bgp default ipv4-unicast
             no bgp ebgp-requires-policy
             bgp bestpath compare-routerid
             timers bgp 3 9
             neighbor pops peer-group
             neighbor pops remote-as ${operatorAs}
             neighbor pops timers 1 ${hold}
            ${bfd} bgp listen range ${pops4} peer-group pops
            """;

    private static final String FRR_BFD =
            """
             neighbor pops bfd ${bfdMultiplier} ${bfdMs} ${bfdMs}
            """;

    private static final String FRR_LINK =
            """
             neighbor ${address4} remote-as ${peerAs}
             neighbor ${address4} timers connect 1
             neighbor ${address6} remote-as ${peerAs}
             neighbor ${address6} timers connect 1
            """;

    private static final String FRR_FAMILY =
            """
             address-family ${family} unicast
              redistribute connected
              neighbor pops activate
              neighbor pops route-map from-pop in
              neighbor pops route-map nothing out
            """;

    private static final String FRR_FAMILY_LINK =
            """
              neighbor ${address} activate
              neighbor ${address} route-map from-router in
            """;

    private final Topology topology;
    private final Addresses addresses;

    /// Creates the recipes for the routers of a topology.
    public RouterRecipe(Topology topology) {
        this.topology = topology;
        addresses = new Addresses(topology);
    }

    /// Returns the files of a router's configuration folder by name.
    public Map<String, String> files(Router router) {
        return switch (router.software()) {
            case BIRD -> Map.of("bird.conf", bird(router));
            case FRR ->
                    Map.of(
                            "bgpd.conf",
                            frr(router),
                            "zebra.conf",
                            "hostname " + router.name() + "\n",
                            "bfdd.conf",
                            "hostname " + router.name() + "\nbfd\n");
        };
    }

    private String bird(Router router) {
        StringBuilder text = new StringBuilder(Template.fill(BIRD_HEAD, values(router)));
        for (Link link : topology.links()) {
            link.other(router.name())
                    .ifPresent(peer -> text.append(Template.fill(BIRD_LINK, peer(link, peer))));
        }
        return text.append(Template.fill(BIRD_POPS, values(router))).toString();
    }

    private String frr(Router router) {
        Map<String, String> values = values(router);
        values.put("bfd", topology.bfd() ? Template.fill(FRR_BFD, values) : "");
        StringBuilder text = new StringBuilder(Template.fill(FRR_HEAD, values));
        StringBuilder v4 = new StringBuilder(Template.fill(FRR_FAMILY, Map.of("family", "ipv4")));
        StringBuilder v6 = new StringBuilder(Template.fill(FRR_FAMILY, Map.of("family", "ipv6")));
        for (Link link : topology.links()) {
            if (link.other(router.name()).isPresent()) {
                Map<String, String> peer = peer(link, link.other(router.name()).get());
                text.append(Template.fill(FRR_LINK, peer));
                v4.append(familyLink(peer, "address4"));
                v6.append(familyLink(peer, "address6"));
            }
        }
        return text.append(v4).append(" exit-address-family\n").append(v6).toString()
                + " exit-address-family\n";
    }

    private static String familyLink(Map<String, String> peer, String which) {
        return Template.fill(FRR_FAMILY_LINK, Map.of("address", peer.getOrDefault(which, "")));
    }

    private Map<String, String> values(Router router) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("name", router.name());
        values.put("as", Long.toString(router.as()));
        values.put("id", addresses.routerId(router.name()));
        values.put("operatorAs", Long.toString(topology.operatorAs()));
        values.put("hold", Integer.toString(topology.holdSeconds()));
        values.put("bfd", topology.bfd() ? "on" : "off");
        values.put("bfdMs", Integer.toString(Topology.BFD_INTERVAL_MS));
        values.put("bfdMultiplier", Integer.toString(Topology.BFD_MULTIPLIER));
        values.put("pops4", addresses.pops(router.name()).subnet4());
        return values;
    }

    private Map<String, String> peer(Link link, String peer) {
        Addresses.Network network = addresses.link(link);
        int end = addresses.end(link, peer);
        return Map.of(
                "peer",
                peer,
                "peerAs",
                Long.toString(topology.router(peer).orElseThrow().as()),
                "address4",
                network.host4(end),
                "address6",
                network.host6(end));
    }
}
