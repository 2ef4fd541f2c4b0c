package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.Role;

/// Turns the desired routes into the UPDATEs for one established neighbor: next hops, the policy of
/// the neighbor, and what its OPEN allows.
///
/// @param peer the neighbor as its OPEN describes it
record RouteExport(Local local, Neighbor neighbor, Peer peer) {

    /// Routes for the neighbor, and prefixes that cannot be announced to it.
    ///
    /// @param refused the refused prefixes, each with the reason
    record Selection(Advertisements accepted, Map<Prefix, String> refused) {}

    /// Selects the routes that the neighbor gets and that can be announced to it, and applies its
    /// policy to them.
    ///
    /// @param end our address of the connection
    Selection select(Advertisements desired, InetAddress end) {
        Map<Prefix, String> refused = new TreeMap<>();
        List<Route> accepted = new ArrayList<>();
        for (Route route : desired.routes().values()) {
            if (!neighbor.policy().scope().includes(route.prefix())) {
                continue;
            }
            Family family = route.prefix().family();
            Optional<InetAddress> nextHop = nextHop(route, end);
            if (!peer.families().contains(family)) {
                refused.put(route.prefix(), "the neighbor does not take " + family);
            } else if (nextHop.isEmpty()) {
                refused.put(route.prefix(), noNextHop(family, end));
            } else {
                accepted.add(neighbor.policy().apply(route, isInternal()).via(nextHop.get()));
            }
        }
        return new Selection(Advertisements.of(accepted), refused);
    }

    /// Returns the UPDATEs that lead from the `current` routes to the `next` ones, both selected.
    List<Update> change(Advertisements current, Advertisements next) {
        return Advertisements.diff(current, next).updates(local.asn(), isInternal()).stream()
                .map(this::marked)
                .toList();
    }

    private boolean isInternal() {
        return peer.asn() == local.asn();
    }

    /// Returns the next hop of a route. The order is the route's own, the neighbor's configured
    /// one, our address of the connection. An IPv4 route gets an IPv6 next hop if there is no other
    /// and the neighbor accepts it.
    private Optional<InetAddress> nextHop(Route route, InetAddress end) {
        List<InetAddress> candidates = new ArrayList<>(neighbor.nextHops());
        candidates.add(end);
        if (route.nextHop() != null) {
            candidates.addFirst(route.nextHop());
        }
        int octets = route.prefix().family().addressOctets();
        int octetsMax = peer.ipv4ViaIpv6() ? Family.IPV6.addressOctets() : octets;
        return candidates.stream()
                .filter(candidate -> candidate.getAddress().length == octets)
                .findFirst()
                .or(() ->
                        candidates.stream()
                                .filter(candidate -> candidate.getAddress().length == octetsMax)
                                .findFirst());
    }

    private static String noNextHop(Family family, InetAddress end) {
        String text =
                "no next hop: none is configured, and the session runs over " + Addresses.text(end);
        return family == Family.IPV4
                ? text + ", which the neighbor does not take for IPv4 (RFC 8950)"
                : text;
    }

    /// Returns the UPDATE, with OTC if our role requires it (RFC 9234 section 5).
    private Update marked(Update update) {
        Role role = neighbor.policy().role();
        if (role == null || !role.onlyToCustomers() || update.allAnnounced().isEmpty()) {
            return update;
        }
        List<Attribute> attributes = new ArrayList<>(update.attributes());
        attributes.add(new Attribute.OnlyToCustomer(local.asn()));
        return new Update(update.withdrawn(), attributes, update.announced());
    }
}
