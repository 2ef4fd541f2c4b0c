package org.anycastdns.lab.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Link;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.Topology.Router;

/// The addresses of a topology. The networks of a router follow from its position in the file, and
/// the address of a host from its position at the router. Additions at the end change no other
/// address.
public final class Addresses {

    /*
     * There are three kinds of networks, all in one documentation range per address family. Hosts of
     * a test bed often use the other ranges themselves, and cannot reach them any more once the
     * engine has a network there.
     *
     *   PoPs at router i       198.51.100.(8 i)/29         2001:db8:100:i::/64
     *   clients at router i    198.51.100.(64 + 8 i)/29    2001:db8:200:i::/64
     *   link j                 198.51.100.(128 + 8 j)/29   2001:db8:300:j::/64
     *   the hidden primary     198.51.100.248/29           2001:db8:400::/64
     *
     * Host 1 is the router; on a link, 1 is the left router and 2 the right one. PoPs, clients and
     * the primary follow from 2. The highest host is the engine's bridge, which needs its own address.
     */

    /// The most routers: eight /29 each for PoPs and clients fill the lower half of
    /// 198.51.100.0/24.
    public static final int ROUTERS_MAX = 8;

    /// The most links: with the network of the primary, sixteen /29 fill the upper half.
    public static final int LINKS_MAX = 15;

    /// The most PoPs at one router, and the most clients: hosts 2 to 5 of a /29.
    public static final int HOSTS_MAX = 4;

    /// A network with an IPv4 and an IPv6 subnet.
    ///
    /// @param name name of the network in the Compose file
    /// @param base last octet of the IPv4 network address
    /// @param v4 first three octets, with the dot
    /// @param length IPv4 prefix length
    /// @param v6 IPv6 prefix up to "::"
    public record Network(String name, String v4, int base, int length, String v6) {

        /// Returns the IPv4 subnet.
        public String subnet4() {
            return v4 + base + "/" + length;
        }

        /// Returns the IPv6 subnet.
        public String subnet6() {
            return v6 + "::/64";
        }

        /// Returns the IPv4 address of a host in this network.
        public String host4(int host) {
            return v4 + (base + host);
        }

        /// Returns the IPv6 address of a host in this network.
        public String host6(int host) {
            return v6 + "::" + host;
        }

        /// Returns the engine's own IPv4 address in this network.
        public String bridge4() {
            return v4 + (base + (1 << (32 - length)) - 2);
        }

        /// Returns the engine's own IPv6 address in this network.
        public String bridge6() {
            return v6 + "::ffff";
        }
    }

    private static final int FIRST_HOST = 2;

    private static final Network PRIMARY =
            new Network("primary", "198.51.100.", 248, 29, "2001:db8:400");

    private final Topology topology;

    /// Creates the addresses of a topology.
    public Addresses(Topology topology) {
        this.topology = topology;
    }

    /// Returns all networks: for each router the network of its PoPs and, if it has clients, their
    /// access network; then the links, and the network of the primary if there is one.
    public List<Network> networks() {
        List<Network> networks = new ArrayList<>();
        for (Router router : topology.routers()) {
            networks.add(pops(router.name()));
            if (topology.clients().stream().anyMatch(c -> c.router().equals(router.name()))) {
                networks.add(clients(router.name()));
            }
        }
        topology.links().forEach(link -> networks.add(link(link)));
        topology.primary().ifPresent(_ -> networks.add(primary()));
        return networks;
    }

    /// Returns the network of the hidden primary.
    public Network primary() {
        return PRIMARY;
    }

    /// Returns the host number of the hidden primary in its network.
    public int primaryHost() {
        return FIRST_HOST;
    }

    /// Returns the network of the PoPs at a router. It exists even without PoPs, for `lab add`.
    public Network pops(String router) {
        int index = index(router);
        return new Network("pops-" + router, "198.51.100.", 8 * index, 29, "2001:db8:100:" + index);
    }

    /// Returns the access network at a router.
    public Network clients(String router) {
        int index = index(router);
        return new Network(
                "access-" + router, "198.51.100.", 64 + 8 * index, 29, "2001:db8:200:" + index);
    }

    /// Returns the network of a link.
    public Network link(Link link) {
        int index = topology.links().indexOf(link);
        return new Network(
                "link-" + link.left() + "-" + link.right(),
                "198.51.100.",
                128 + 8 * index,
                29,
                "2001:db8:300:" + index);
    }

    /// Returns the host number of a router on a link.
    public int end(Link link, String router) {
        return link.left().equals(router) ? 1 : 2;
    }

    /// Returns the host number of a PoP in the PoP network of its router.
    public int host(Pop pop) {
        return FIRST_HOST
                + topology.pops().stream()
                        .filter(other -> other.router().equals(pop.router()))
                        .map(Pop::name)
                        .toList()
                        .indexOf(pop.name());
    }

    /// Returns the host number of a client in the access network of its router.
    public int host(Client client) {
        return FIRST_HOST
                + topology.clients().stream()
                        .filter(other -> other.router().equals(client.router()))
                        .toList()
                        .indexOf(client);
    }

    /// Returns a router's identifier: its IPv4 address in the network of its PoPs.
    public String routerId(String router) {
        return pops(router).host4(1);
    }

    /// Returns host names by address, for the output of traceroute. Anycast addresses are omitted.
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
        topology.primary()
                .ifPresent(primary -> {
                    put(names, primary(), 1, "router " + primary.router());
                    put(names, primary(), primaryHost(), "primary");
                });
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
