package org.anycastdns.announcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.driver.BfdSessions;
import org.anycastdns.announcer.driver.BfdTerms;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.driver.Speaker;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.jspecify.annotations.Nullable;

/// The configured neighbours behind their speakers: one speaker for each hold time, since that is a
/// property of the local end; nearly always one.
final class Speakers implements Outlet {

    private final List<Speaker> speakers = new ArrayList<>();
    private final @Nullable BfdSessions bfd;

    /// Starts to connect to every neighbour.
    ///
    /// @throws UncheckedIOException when BFD is wanted and cannot be had; nothing runs then
    Speakers(Config config, Observer observer) {
        bfd = bfd(config, observer);
        Map<Integer, List<Neighbor>> byHoldSeconds = new LinkedHashMap<>();
        for (Config.Neighbor option : config.neighbors()) {
            byHoldSeconds
                    .computeIfAbsent(option.holdTime(), _ -> new ArrayList<>())
                    .add(neighbor(config, option));
        }
        byHoldSeconds.forEach((holdSeconds, neighbors) -> {
            Local local = new Local(config.localAs(), config.routerId(), holdSeconds);
            speakers.add(new Speaker(local, neighbors, observer));
        });
        if (bfd != null) {
            bfd.start();
        }
    }

    /// The sockets of BFD, open and silent; null when no neighbour is to have it.
    private @Nullable BfdSessions bfd(Config config, Observer observer) {
        Map<Neighbor, BfdTerms> wanted = new LinkedHashMap<>();
        for (Config.Neighbor option : config.neighbors()) {
            Config.Bfd terms = option.bfd();
            if (terms != null) {
                wanted.put(
                        neighbor(config, option),
                        new BfdTerms(terms.intervalMs(), terms.multiplier()));
            }
        }
        try {
            return wanted.isEmpty() ? null : new BfdSessions(wanted, observer, this::bfdDown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bfdDown(Neighbor neighbor, String reason) {
        speakers.forEach(speaker -> speaker.bfdDown(neighbor, reason));
    }

    private static Neighbor neighbor(Config config, Config.Neighbor option) {
        Long med = option.med();
        return new Neighbor(
                option.address(),
                option.port(),
                option.remoteAs(),
                option.sourceAddress(),
                NextHops.of(config, option),
                new Link(option.key(), option.ttlSecurity(), option.multihop()),
                new Policy(
                        option.role(),
                        option.prepend(),
                        med == null ? Route.NO_MED : med,
                        option.localPref(),
                        new TreeSet<>(option.communities()),
                        new TreeSet<>(option.largeCommunities())));
    }

    @Override
    public void advertise(Set<Route> desired) {
        speakers.forEach(speaker -> speaker.advertise(desired));
    }

    @Override
    public List<NeighborStatus> status() {
        return speakers.stream()
                .flatMap(speaker -> speaker.status().stream())
                .map(status -> bfd == null ? status : status.with(bfd.status(status.neighbor())))
                .toList();
    }

    @Override
    public void close(String text) {
        speakers.forEach(speaker -> speaker.close(text));
        if (bfd != null) {
            bfd.close();
        }
    }
}
