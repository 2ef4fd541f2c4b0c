package org.anycastdns.announcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
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
import org.anycastdns.announcer.ops.Endpoint;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configured neighbours behind their speaker.
final class Speakers implements Outlet {

    private static final Logger LOG = LoggerFactory.getLogger(Speakers.class);

    private final Speaker speaker;
    private final @Nullable BfdSessions bfd;

    /// Starts to connect to every neighbour, and to listen where that is configured.
    ///
    /// @throws UncheckedIOException when an address cannot be listened on, or BFD is wanted and
    ///   cannot be had; nothing runs then
    Speakers(Config config, Observer observer) {
        List<Session> sessions =
                config.neighbors().stream().map(one -> session(config, one)).toList();
        speaker = new Speaker(sessions, observer);
        try {
            for (InetSocketAddress address : config.listen()) {
                listen(address);
            }
            bfd = bfd(config, sessions, observer);
        } catch (IOException e) {
            speaker.close();
            throw new UncheckedIOException(e);
        }
    }

    private void listen(InetSocketAddress address) throws IOException {
        try {
            LOG.info("listening for BGP on {}", Endpoint.text(speaker.listen(address)));
        } catch (IOException e) {
            String text = "cannot listen for BGP on " + Endpoint.text(address) + ": ";
            throw new IOException(text + e.getMessage(), e);
        }
    }

    /// BFD with those neighbours that are to have it; null when none is.
    private @Nullable BfdSessions bfd(Config config, List<Session> sessions, Observer observer)
            throws IOException {
        Map<Neighbor, BfdTerms> wanted = new LinkedHashMap<>();
        for (int i = 0; i < sessions.size(); i++) {
            Config.Bfd terms = config.neighbors().get(i).bfd();
            if (terms != null) {
                wanted.put(
                        sessions.get(i).neighbor(),
                        new BfdTerms(terms.intervalMs(), terms.multiplier()));
            }
        }
        return wanted.isEmpty() ? null : new BfdSessions(wanted, observer, speaker::bfdDown);
    }

    private static Session session(Config config, Config.Neighbor option) {
        Local local = new Local(config.localAs(), config.routerId(), option.holdTime());
        return new Session(local, neighbor(config, option));
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
                        new TreeSet<>(option.largeCommunities())),
                option.passive());
    }

    @Override
    public void advertise(Set<Route> desired) {
        speaker.advertise(desired);
    }

    @Override
    public List<NeighborStatus> status() {
        return speaker.status().stream()
                .map(status -> bfd == null ? status : status.with(bfd.status(status.neighbor())))
                .toList();
    }

    @Override
    public void close(String text) {
        speaker.close(text);
        if (bfd != null) {
            bfd.close();
        }
    }
}
