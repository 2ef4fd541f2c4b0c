package org.anycastdns.lab.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Link;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.Topology.Router;

/// The addresses of a topology: every network of a router follows from its place in the file, every
/// host's from its place at the router, so that what is added at the end changes nothing else.
public final class Addresses {

    /*
     * Three kinds of networks, all in one documentation range each: hosts of a test bed often use the
     * others themselves, and what the engine has a network for is out of the host's reach.
     *
     *   PoPs at router i       198.51.100.(8 i)/29         2001:db8:100:i::/64
     *   clients at router i    198.51.100.(64 + 8 i)/29    2001:db8:200:i::/64
     *   link j                 198.51.100.(128 + 8 j)/29   2001:db8:300:j::/64
     *
     * Host 1 is the router (on a link: 1 the left, 2 the right one); PoPs and clients follow from 2.
     * The highest host is the engine's bridge, which wants an address of its own.
     */

    /// Routers at most: two times eight /29 fill the lower half of 198.51.100.0/24.
    public static final int ROUTERS_MAX = 8;

    /// Links at most: sixteen /29 fill the upper half.
    public static final int LINKS_MAX = 16;

    /// PoPs, and clients, at one router at most: hosts 2 to 5 of a /29.
    public static final int HOSTS_MAX = 4;

    /// A network: an IPv4 and an IPv6 subnet.
    ///
    /// @param name the network's name in the Compose file
    /// @param base the last octet of the IPv4 network address
    /// @param v4 the first three octets, with the dot
    /// @param length the IPv4 prefix length
    /// @param v6 the IPv6 prefix up to "::"
    public record Network(String name, String v4, int base, int length, String v6) {

        /// The IPv4 subnet.
        public String subnet4() {
            return v4 + base + "/" + length;
        }

        /// The IPv6 subnet.
        public String subnet6() {
            return v6 + "::/64";
        }

        /// The IPv4 address of a host of this network.
        public String host4(int host) {
            return v4 + (base + host);
        }

        /// The IPv6 address of a host of this network.
        public String host6(int host) {
            return v6 + "::" + host;
        }

        /// The engine's own IPv4 address in this network.
        public String bridge4() {
            return v4 + (base + (1 << (32 - length)) - 2);
        }

        /// The engine's own IPv6 address in this network.
        public String bridge6() {
            return v6 + "::ffff";
        }
    }

    private static final int FIRST_HOST = 2;

    private final Topology topology;

    /// The addresses of a topology.
    public Addresses(Topology topology) {
        this.topology = topology;
    }

    /// All networks: for every router that of its PoPs and, when it has any, of its clients; the
    /// links.
    public List<Network> networks() {
        List<Network> networks = new ArrayList<>();
        for (Router router : topology.routers()) {
            networks.add(pops(router.name()));
            if (topology.clients().stream().anyMatch(c -> c.router().equals(router.name()))) {
                networks.add(clients(router.name()));
            }
        }
        topology.links().forEach(link -> networks.add(link(link)));
        return networks;
    }

    /// The network of the PoPs at a router; there even when it has none yet, for `lab add`.
    public Network pops(String router) {
        int index = index(router);
        return new Network("pops-" + router, "198.51.100.", 8 * index, 29, "2001:db8:100:" + index);
    }

    /// The access network at a router.
    public Network clients(String router) {
        int index = index(router);
        return new Network(
                "access-" + router, "198.51.100.", 64 + 8 * index, 29, "2001:db8:200:" + index);
    }

    /// The network of a link.
    public Network link(Link link) {
        int index = topology.links().indexOf(link);
        return new Network(
                "link-" + link.left() + "-" + link.right(),
                "198.51.100.",
                128 + 8 * index,
                29,
                "2001:db8:300:" + index);
    }

    /// The host number of a router at its end of a link.
    public int end(Link link, String router) {
        return link.left().equals(router) ? 1 : 2;
    }

    /// The host number of a PoP in the network of its router's PoPs.
    public int host(Pop pop) {
        return FIRST_HOST
                + topology.pops().stream()
                        .filter(other -> other.router().equals(pop.router()))
                        .map(Pop::name)
                        .toList()
                        .indexOf(pop.name());
    }

    /// The host number of a client in the access network of its router.
    public int host(Client client) {
        return FIRST_HOST
                + topology.clients().stream()
                        .filter(other -> other.router().equals(client.router()))
                        .toList()
                        .indexOf(client);
    }

    /// A router's identifier: its IPv4 address in the network of its PoPs.
    public String routerId(String router) {
        return pops(router).host4(1);
    }

    /// Who an address belongs to, for the output of traceroute; the anycast addresses are left out.
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (Router router : topology.routers()) {
            String name = "router " + router.name();
            put(names, pops(router.name()), 1, name);
            put(names, clients(router.name()), 1, name);
        }
        for (Link link : topology.links()) {
            put(names, link(link), 1, "router " + link.left());
            put(names, link(link), 2, "router " + link.right());
        }
        topology.pops()
                .forEach(pop -> put(names, pops(pop.router()), host(pop), "PoP " + pop.name()));
        topology.clients()
                .forEach(c -> put(names, clients(c.router()), host(c), "client " + c.name()));
        return names;
    }

    private static void put(Map<String, String> names, Network network, int host, String name) {
        names.put(network.host4(host), name);
        names.put(network.host6(host), name);
    }

    private int index(String router) {
        for (int index = 0; index < topology.routers().size(); index++) {
            if (topology.routers().get(index).name().equals(router)) {
                return index;
            }
        }
        throw new IllegalArgumentException("no router " + router);
    }
}
