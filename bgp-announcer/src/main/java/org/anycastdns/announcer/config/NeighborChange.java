package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Scope;
import org.jspecify.annotations.Nullable;

/// What another configuration does to the BGP and BFD sessions with one neighbor.
///
/// A session is made anew only for what its OPEN or its connection has settled. Everything that an
/// UPDATE can carry changes on the running session.
///
/// @param id what tells the neighbor from others
/// @param name the neighbor as messages name it, without its port
/// @param bgp what happens to the BGP session
/// @param because the options that make the session anew; empty unless `bgp` is MADE_ANEW
/// @param routes the options that change the routes to the neighbor
/// @param bfd what happens to the BFD session
public record NeighborChange(
        Neighbor.Id id,
        String name,
        Fate bgp,
        List<String> because,
        List<String> routes,
        Fate bfd) {

    /// What happens to a session.
    public enum Fate {
        /// There is none, before and after.
        NONE,
        /// It begins.
        BEGINS,
        /// It goes on as it is.
        STAYS,
        /// It goes on with other parameters.
        CHANGES,
        /// It ends, and another one begins.
        MADE_ANEW,
        /// It ends.
        ENDS;

        /// Returns the fate in words.
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public NeighborChange {
        because = List.copyOf(because);
        routes = List.copyOf(routes);
    }

    /// Returns the change for each neighbor: first those of the new configuration, in its order,
    /// then those that are gone.
    public static List<NeighborChange> between(Config before, Config after) {
        Map<Neighbor.Id, Config.Neighbor> old = byId(before);
        Map<Neighbor.Id, Config.Neighbor> now = byId(after);
        List<NeighborChange> changes = new ArrayList<>();
        now.forEach((id, option) -> {
            Config.Neighbor was = old.get(id);
            changes.add(was == null ? alone(option, Fate.BEGINS) : of(before, was, after, option));
        });
        old.forEach((id, option) -> {
            if (!now.containsKey(id)) {
                changes.add(alone(option, Fate.ENDS));
            }
        });
        return changes;
    }

    /// Returns whether the neighbor notices anything.
    public boolean isNoticed() {
        return bgp != Fate.STAYS || !routes.isEmpty() || !(bfd == Fate.STAYS || bfd == Fate.NONE);
    }

    /// Returns the change as a sentence.
    public String text() {
        StringBuilder text = new StringBuilder("neighbor ");
        text.append(name).append(" port ").append(id.port()).append(": ");
        switch (bgp) {
            case MADE_ANEW ->
                    text.append("the session is made anew because of ").append(join(because));
            case BEGINS -> text.append("a session begins");
            case ENDS -> text.append("the session ends");
            case STAYS, CHANGES, NONE -> text.append("the session stays");
        }
        if (!routes.isEmpty()) {
            text.append("; UPDATEs for ").append(join(routes));
        }
        switch (bfd) {
            case CHANGES -> text.append("; BFD changes its parameters and stays up");
            case MADE_ANEW -> text.append("; BFD is made anew");
            case BEGINS -> text.append("; BFD begins");
            case ENDS -> text.append("; BFD ends, on which some routers end the session");
            case STAYS, NONE -> {}
        }
        return text.toString();
    }

    private static String join(List<String> words) {
        return String.join(", ", words);
    }

    private static Map<Neighbor.Id, Config.Neighbor> byId(Config config) {
        Map<Neighbor.Id, Config.Neighbor> byId = new LinkedHashMap<>();
        config.neighbors().forEach(option -> byId.put(option.id(), option));
        return byId;
    }

    private static NeighborChange alone(Config.Neighbor option, Fate fate) {
        return new NeighborChange(
                option.id(),
                option.name(),
                fate,
                List.of(),
                List.of(),
                option.bfd() == null ? Fate.NONE : fate);
    }

    private static NeighborChange of(
            Config before, Config.Neighbor was, Config after, Config.Neighbor is) {
        List<String> because = settled(before, was, after, is);
        return new NeighborChange(
                is.id(),
                is.name(),
                because.isEmpty() ? Fate.STAYS : Fate.MADE_ANEW,
                because,
                carried(before, was, after, is),
                bfd(was, is));
    }

    /// Returns the options that differ and that the OPEN messages or the connection have settled.
    private static List<String> settled(
            Config before, Config.Neighbor was, Config after, Config.Neighbor is) {
        boolean external = is.remoteAs().isExternal(after.localAs());
        Link then = link(was);
        Link now = link(is);
        List<String> keys = new ArrayList<>();
        different("local-as", before.localAs(), after.localAs(), keys);
        different("router-id", before.routerId(), after.routerId(), keys);
        different(
                "remote-as",
                was.remoteAs().of(before.localAs()),
                is.remoteAs().of(after.localAs()),
                keys);
        different("range", was.place().range(), is.place().range(), keys);
        different("hold-time", was.holdTime(), is.holdTime(), keys);
        different("role", was.role(), is.role(), keys);
        different("source-address", was.sourceAddress(), is.sourceAddress(), keys);
        // A password that only moves into a file is the same to the router.
        different(
                is.passwordFile() == null && was.passwordFile() == null
                        ? "password"
                        : "password-file",
                was.key(),
                is.key(),
                keys);
        if (then.ttl(external) != now.ttl(external) || then.ttlMin() != now.ttlMin()) {
            different("ttl-security", was.ttlSecurity(), is.ttlSecurity(), keys);
            different("multihop", was.multihop(), is.multihop(), keys);
        }
        return keys;
    }

    /// Returns the options that differ and that UPDATEs carry.
    private static List<String> carried(
            Config before, Config.Neighbor was, Config after, Config.Neighbor is) {
        List<String> keys = new ArrayList<>();
        different("only", was.scope().only(), is.scope().only(), keys);
        different("except", was.scope().except(), is.scope().except(), keys);
        // What it does not get before and after does not matter to it.
        Scope then = keys.isEmpty() ? was.scope().of(before) : Scope.ALL;
        Scope now = keys.isEmpty() ? is.scope().of(after) : Scope.ALL;
        different(
                "prefixes",
                given(Service.prefixes(before), then),
                given(Service.prefixes(after), now),
                keys);
        different("backstop", given(before.backstop(), then), given(after.backstop(), now), keys);
        different(
                "next-hop",
                own(was.nextHop(), before.nextHop()),
                own(is.nextHop(), after.nextHop()),
                keys);
        different(
                "next-hop-v6",
                own(was.nextHopV6(), before.nextHopV6()),
                own(is.nextHopV6(), after.nextHopV6()),
                keys);
        different("prepend", was.prepend(), is.prepend(), keys);
        different("med", was.med(), is.med(), keys);
        different("local-pref", was.localPref(), is.localPref(), keys);
        different("communities", was.communities(), is.communities(), keys);
        different("large-communities", was.largeCommunities(), is.largeCommunities(), keys);
        return keys;
    }

    private static List<Prefix> given(List<Prefix> prefixes, Scope scope) {
        return prefixes.stream().filter(scope::includes).toList();
    }

    private static Fate bfd(Config.Neighbor was, Config.Neighbor is) {
        if (was.bfd() == null) {
            return is.bfd() == null ? Fate.NONE : Fate.BEGINS;
        }
        if (is.bfd() == null) {
            return Fate.ENDS;
        }
        if (!Objects.equals(was.sourceAddress(), is.sourceAddress())
                || !Objects.equals(was.bfd().signature(), is.bfd().signature())) {
            return Fate.MADE_ANEW;
        }
        boolean same =
                was.bfd().interval().equals(is.bfd().interval())
                        && was.bfd().multiplier() == is.bfd().multiplier();
        return same ? Fate.STAYS : Fate.CHANGES;
    }

    private static Link link(Config.Neighbor option) {
        return new Link(null, option.ttlSecurity(), option.multihop());
    }

    private static @Nullable InetAddress own(
            @Nullable InetAddress own, @Nullable InetAddress general) {
        return own == null ? general : own;
    }

    private static void different(
            String key, @Nullable Object was, @Nullable Object is, List<String> keys) {
        if (!Objects.equals(was, is)) {
            keys.add(key);
        }
    }
}
