package org.anycastdns.announcer.session;

import static java.util.Objects.requireNonNull;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anycastdns.announcer.message.AsPath;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Prefix;

/// A set of routes, at most one per prefix: the desired routes, or those sent to a neighbor.
///
/// @param routes the routes by prefix, in order
public record Advertisements(SortedMap<Prefix, Route> routes) {

    /// No routes.
    public static final Advertisements NONE = new Advertisements(new TreeMap<>());

    /// The maximum number of prefixes in an UPDATE. 150 IPv6 prefixes take 2,550 octets. That
    /// leaves enough room in 4,096 octets for the longest attributes of a [Route] (under 1,400) and
    /// the header.
    static final int PREFIXES_PER_UPDATE_MAX = 150;

    public Advertisements {
        routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }

    /// Returns a set of these routes.
    ///
    /// @throws IllegalArgumentException when two routes have the same prefix
    public static Advertisements of(Collection<Route> routes) {
        SortedMap<Prefix, Route> byPrefix = new TreeMap<>();
        for (Route route : routes) {
            if (byPrefix.put(route.prefix(), route) != null) {
                throw new IllegalArgumentException("two routes to " + route.prefix());
            }
        }
        return new Advertisements(byPrefix);
    }

    /// Returns the change that leads from the `current` routes to the `desired` ones.
    public static Change diff(Advertisements current, Advertisements desired) {
        List<Prefix> withdrawn = new ArrayList<>(current.routes.keySet());
        withdrawn.removeAll(desired.routes.keySet());
        List<Route> announced = new ArrayList<>(desired.routes.values());
        announced.removeIf(route -> route.equals(current.routes.get(route.prefix())));
        return new Change(withdrawn, announced);
    }

    /// Returns the routes of one family.
    Advertisements only(Family family) {
        return where(route -> route.prefix().family() == family);
    }

    private Advertisements where(Predicate<Route> wanted) {
        return of(routes.values().stream().filter(wanted).toList());
    }

    /// A difference between two sets of routes.
    ///
    /// @param withdrawn prefixes to withdraw
    /// @param announced routes to announce; they replace other routes to the same prefix
    public record Change(List<Prefix> withdrawn, List<Route> announced) {

        public Change {
            withdrawn = List.copyOf(withdrawn);
            announced = List.copyOf(announced);
        }

        /// Returns the UPDATEs that announce this change. Withdrawals come first and in their own
        /// UPDATEs, so that they never wait for announcements. Every route must have a next hop.
        ///
        /// @param asn our AS number
        /// @param internal whether the neighbor is in our AS (iBGP)
        public List<Update> updates(long asn, boolean internal) {
            List<Update> updates = new ArrayList<>();
            Map<Family, List<Prefix>> gone = new EnumMap<>(Family.class);
            for (Prefix prefix : withdrawn) {
                gone.computeIfAbsent(prefix.family(), _ -> new ArrayList<>()).add(prefix);
            }
            gone.forEach((family, prefixes) ->
                    parts(prefixes).forEach(part -> updates.add(Update.withdrawal(family, part))));
            Map<Route, List<Prefix>> alike = new LinkedHashMap<>();
            for (Route route : announced) {
                alike.computeIfAbsent(anyOf(route), _ -> new ArrayList<>()).add(route.prefix());
            }
            alike.forEach((route, prefixes) ->
                    parts(prefixes)
                            .forEach(part -> updates.add(reach(route, part, asn, internal))));
            return updates;
        }

        /// Returns the route with a default prefix, so that routes that can share an UPDATE are
        /// equal.
        private static Route anyOf(Route route) {
            Prefix all = new Prefix(route.prefix().family(), 0, 0, 0);
            return new Route(
                    all,
                    route.nextHop(),
                    route.origin(),
                    route.prepends(),
                    route.med(),
                    route.localPref(),
                    route.communities(),
                    route.largeCommunities());
        }

        private static List<List<Prefix>> parts(List<Prefix> prefixes) {
            List<List<Prefix>> parts = new ArrayList<>();
            for (int from = 0; from < prefixes.size(); from += PREFIXES_PER_UPDATE_MAX) {
                int to = Math.min(prefixes.size(), from + PREFIXES_PER_UPDATE_MAX);
                parts.add(prefixes.subList(from, to));
            }
            return parts;
        }

        /// MP_REACH_NLRI must be the first attribute (RFC 7606 section 5.1).
        private static Update reach(
                Route route, List<Prefix> prefixes, long asn, boolean internal) {
            Family family = route.prefix().family();
            InetAddress nextHop = requireNonNull(route.nextHop());
            // NEXT_HOP holds four octets, so an IPv6 next hop needs MP_REACH_NLRI (RFC 8950).
            boolean four = family == Family.IPV4 && nextHop instanceof Inet4Address;
            List<Attribute> attributes = new ArrayList<>();
            if (!four) {
                attributes.add(new Attribute.MpReach(family, List.of(nextHop), prefixes));
            }
            attributes.add(new Attribute.RouteOrigin(route.origin()));
            attributes.add(
                    new Attribute.Path(
                            internal ? AsPath.EMPTY : AsPath.repeated(asn, 1 + route.prepends())));
            if (four) {
                attributes.add(new Attribute.NextHop(nextHop));
            }
            if (route.med() != Route.NO_MED) {
                attributes.add(new Attribute.MultiExitDisc(route.med()));
            }
            if (internal) {
                attributes.add(new Attribute.LocalPref(route.localPref()));
            }
            if (!route.communities().isEmpty()) {
                attributes.add(new Attribute.Communities(List.copyOf(route.communities())));
            }
            if (!route.largeCommunities().isEmpty()) {
                attributes.add(
                        new Attribute.LargeCommunities(List.copyOf(route.largeCommunities())));
            }
            return new Update(List.of(), attributes, four ? prefixes : List.of());
        }
    }
}
