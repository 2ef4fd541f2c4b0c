package org.anycastdns.lab.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The lab's network: routers, the links between them, and the clients and PoPs at them; and the
/// hidden primary, if it has one.
///
/// @param operatorAs AS number of all PoPs
/// @param holdSeconds how long a router waits for a silent announcer
/// @param bfd whether routers and announcers use BFD
/// @param routers in the order of the file, which determines their addresses
/// @param links links between two routers each, in the order of the file
/// @param primary the hidden primary; without it, every zone is a file on every PoP
/// @param clients the clients
/// @param pops the points of presence
public record Topology(
        long operatorAs,
        int holdSeconds,
        boolean bfd,
        List<Router> routers,
        List<Link> links,
        Optional<Primary> primary,
        List<Client> clients,
        List<Pop> pops) {

    /// The anycast prefixes, from documentation ranges (RFC 5737, RFC 3849).
    public static final List<String> PREFIXES = List.of("192.0.2.0/24", "2001:db8:53::/48");

    /// The anycast addresses of every PoP.
    public static final List<String> ANYCAST = List.of("192.0.2.53", "2001:db8:53::53");

    /// Interval between BFD packets in milliseconds. With the multiplier, a dead machine is
    /// detected after 0.6 s. A process that waits half a second for a busy CPU stays below that.
    public static final int BFD_INTERVAL_MS = 200;

    /// How many missed BFD intervals mean that the neighbor is gone.
    public static final int BFD_MULTIPLIER = 3;

    /// The routing software of a router.
    public enum Software {
        /// BIRD 2.
        BIRD,
        /// FRRouting.
        FRR
    }

    /// A position on the map.
    ///
    /// @param latitude degrees north
    /// @param longitude degrees east
    public record Place(double latitude, double longitude) {}

    /// A router, which is an AS of its own.
    public record Router(String name, long as, Software software, Place place) {}

    /// A link between two routers.
    public record Link(String left, String right) {

        /// Returns the other end, or nothing if the router is at neither end.
        public Optional<String> other(String router) {
            if (left.equals(router)) {
                return Optional.of(right);
            }
            return right.equals(router) ? Optional.of(left) : Optional.empty();
        }
    }

    /// The hidden primary, in a network of its own at a router. It is not part of the anycast
    /// service: only PoPs ask it.
    ///
    /// @param zones the zones that PoPs get from it, without final dot
    public record Primary(String router, Place place, List<String> zones) {

        /// The name of its machine. No router, client or PoP can have it.
        public static final String NAME = "primary";

        /// Copies the list.
        public Primary {
            zones = List.copyOf(zones);
        }
    }

    /// A client in the access network of a router.
    public record Client(String name, String router, Place place) {}

    /// A point of presence at a router.
    ///
    /// @param later whether only `lab add` starts it
    public record Pop(String name, String router, Place place, boolean later) {}

    /// Copies the lists.
    public Topology {
        routers = List.copyOf(routers);
        links = List.copyOf(links);
        clients = List.copyOf(clients);
        pops = List.copyOf(pops);
    }

    /// Returns the router of a name.
    public Optional<Router> router(String name) {
        return routers.stream().filter(router -> router.name().equals(name)).findFirst();
    }

    /// Returns the PoP of a name.
    public Optional<Pop> pop(String name) {
        return pops.stream().filter(pop -> pop.name().equals(name)).findFirst();
    }

    /// Returns the router of a PoP or of the primary; "" for another name.
    public String routerOf(String machine) {
        return machine.equals(Primary.NAME)
                ? primary.map(Primary::router).orElse("")
                : pop(machine).map(Pop::router).orElse("");
    }

    /// Returns the client of a name.
    public Optional<Client> client(String name) {
        return clients.stream().filter(client -> client.name().equals(name)).findFirst();
    }

    /// Returns the zones that PoPs get from the primary; the others are files on every PoP.
    public List<String> fed() {
        return primary.map(Primary::zones).orElse(List.of());
    }

    /// Returns the running PoPs.
    public List<Pop> running() {
        return pops.stream().filter(pop -> !pop.later()).toList();
    }

    /// Returns the names of the running PoPs.
    public List<String> popNames() {
        return running().stream().map(Pop::name).toList();
    }

    /// Returns the names of the machines with a dns-server: the running PoPs, then the primary.
    public List<String> machineNames() {
        return Stream.concat(popNames().stream(), primary.map(_ -> Primary.NAME).stream()).toList();
    }

    /// Returns the same network with one more PoP. A PoP that was declared for later is replaced.
    public Topology with(Pop added) {
        List<Pop> all = new java.util.ArrayList<>(pops);
        all.replaceAll(pop -> pop.name().equals(added.name()) ? added : pop);
        if (pop(added.name()).isEmpty()) {
            all.add(added);
        }
        return new Topology(operatorAs, holdSeconds, bfd, routers, links, primary, clients, all);
    }
}
