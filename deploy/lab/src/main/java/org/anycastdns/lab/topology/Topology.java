package org.anycastdns.lab.topology;

import java.util.List;
import java.util.Optional;

/// The lab's network: routers, links between them, clients and PoPs at them.
///
/// @param operatorAs the AS number of every PoP
/// @param holdSeconds how long a router waits for an announcer that fell silent
/// @param bfd whether routers and announcers watch each other by BFD
/// @param routers in the order of the file, which their addresses follow
/// @param links between two routers each, in the order of the file
/// @param clients who asks
/// @param pops who answers
public record Topology(
        long operatorAs,
        int holdSeconds,
        boolean bfd,
        List<Router> routers,
        List<Link> links,
        List<Client> clients,
        List<Pop> pops) {

    /// The anycast prefixes, of documentation ranges (RFC 5737, RFC 3849).
    public static final List<String> PREFIXES = List.of("192.0.2.0/24", "2001:db8:53::/48");

    /// The anycast addresses that every PoP answers on.
    public static final List<String> ANYCAST = List.of("192.0.2.53", "2001:db8:53::53");

    /// Between two BFD packets: with the multiplier, a silent machine is missed after 0.6 s, and a
    /// process that two busy cores keep waiting for half a second is not.
    public static final int BFD_INTERVAL_MS = 200;

    /// So many intervals of silence mean that the other end is gone.
    public static final int BFD_MULTIPLIER = 3;

    /// What a router runs.
    public enum Software {
        /// BIRD 2.
        BIRD,
        /// FRRouting.
        FRR
    }

    /// A place on the map.
    ///
    /// @param latitude degrees north
    /// @param longitude degrees east
    public record Place(double latitude, double longitude) {}

    /// A router, which is an AS of its own.
    public record Router(String name, long as, Software software, Place place) {}

    /// A link between two routers.
    public record Link(String left, String right) {

        /// The other end, or nothing when the router is at neither end.
        public Optional<String> other(String router) {
            if (left.equals(router)) {
                return Optional.of(right);
            }
            return right.equals(router) ? Optional.of(left) : Optional.empty();
        }
    }

    /// A client in the access network of a router.
    public record Client(String name, String router, Place place) {}

    /// A point of presence at a router.
    ///
    /// @param later whether it is only started by `lab add`
    public record Pop(String name, String router, Place place, boolean later) {}

    /// Holds the lists as they are now.
    public Topology {
        routers = List.copyOf(routers);
        links = List.copyOf(links);
        clients = List.copyOf(clients);
        pops = List.copyOf(pops);
    }

    /// The router of a name.
    public Optional<Router> router(String name) {
        return routers.stream().filter(router -> router.name().equals(name)).findFirst();
    }

    /// The PoP of a name.
    public Optional<Pop> pop(String name) {
        return pops.stream().filter(pop -> pop.name().equals(name)).findFirst();
    }

    /// The client of a name.
    public Optional<Client> client(String name) {
        return clients.stream().filter(client -> client.name().equals(name)).findFirst();
    }

    /// The PoPs that run.
    public List<Pop> running() {
        return pops.stream().filter(pop -> !pop.later()).toList();
    }

    /// The names of the PoPs that run.
    public List<String> popNames() {
        return running().stream().map(Pop::name).toList();
    }

    /// The same network with one PoP more, or with one that was for later started.
    public Topology with(Pop added) {
        List<Pop> all = new java.util.ArrayList<>(pops);
        all.replaceAll(pop -> pop.name().equals(added.name()) ? added : pop);
        if (pop(added.name()).isEmpty()) {
            all.add(added);
        }
        return new Topology(operatorAs, holdSeconds, bfd, routers, links, clients, all);
    }
}
