package org.anycastdns.announcer.driver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.host.NextHops;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;

/// What a configuration says about its neighbors, in the terms of sessions and sockets.
final class ConfiguredNeighbors {

    private ConfiguredNeighbors() {}

    /// Returns where to listen: on every address, for each interface that a neighbor is bound to.
    static List<Listeners.Place> places(Config config) {
        return config.listen().stream()
                .flatMap(address ->
                        config.neighbors().stream()
                                .map(option ->
                                        new Listeners.Place(address, option.place().boundTo())))
                .distinct()
                .toList();
    }

    /// Returns the neighbors with BFD, and its parameters.
    static Map<Neighbor, BfdTerms> bfdTerms(Config config) {
        Map<Neighbor, BfdTerms> wanted = new LinkedHashMap<>();
        for (Config.Neighbor option : config.neighbors()) {
            Config.Bfd terms = option.bfd();
            if (terms != null) {
                wanted.put(
                        neighbor(config, option),
                        new BfdTerms(
                                (int) terms.interval().toMillis(),
                                terms.multiplier(),
                                terms.signature()));
            }
        }
        return wanted;
    }

    /// Returns a session with a neighbor before its first connection.
    static Session session(Config config, Config.Neighbor option) {
        return new Session(
                new Local(
                        config.localAs().number(),
                        config.routerId(),
                        (int) option.holdTime().toSeconds()),
                neighbor(config, option));
    }

    /// Returns a neighbor. Its next hops are those that the host's interfaces have now.
    static Neighbor neighbor(Config config, Config.Neighbor option) {
        Long med = option.med();
        return new Neighbor(
                option.at(),
                option.port(),
                option.remoteAs().of(config.localAs()),
                option.sourceAddress(),
                NextHops.of(config, option),
                new Link(option.key(), option.ttlSecurity(), option.multihop()),
                new Policy(
                        option.role(),
                        option.prepend(),
                        med == null ? Route.NO_MED : med,
                        option.localPref(),
                        new TreeSet<>(option.communities()),
                        new TreeSet<>(option.largeCommunities()),
                        option.scope().of(config)),
                option.passive() || option.place().range() != null,
                option.place().boundTo());
    }
}
