package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.host.NextHops;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The speakers of the configured neighbors. Each neighbor has its own speaker, so that it can be
/// added and removed separately. With `listen` there is one speaker for all neighbors, because they
/// share the sockets.
///
/// Announcing never waits: `lock` is only held to pass on routes. `change` serializes the work that
/// may block, which is connecting and closing.
public final class Speakers implements RouteSink {

    private static final Logger LOG = LoggerFactory.getLogger(Speakers.class);

    private final Observer observer;
    private final Object lock = new Object();
    private final Object change = new Object();
    private Set<Route> desired = Set.of();
    private volatile Config config;
    private volatile Map<List<Config.Neighbor>, Speaker> speakers = Map.of();
    private volatile @Nullable BfdSessions bfd;
    private boolean open;

    /// Creates the speakers without connecting.
    public Speakers(Config config, Observer observer) {
        this.config = config;
        this.observer = observer;
    }

    @Override
    public void open() {
        synchronized (change) {
            if (open) {
                return;
            }
            follow(config, "");
            try {
                for (InetSocketAddress address : config.listen()) {
                    listen(address);
                }
                bfd = bfd(config);
                open = true;
            } catch (IOException e) {
                end("");
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void reconfigure(Config next) {
        synchronized (change) {
            config = next;
            if (open) {
                follow(next, "the configuration has changed");
            }
        }
    }

    @Override
    public void advertise(Set<Route> routes) {
        synchronized (lock) {
            desired = routes;
            speakers.values().forEach(speaker -> speaker.advertise(routes));
        }
    }

    @Override
    public List<NeighborStatus> status() {
        Map<List<Config.Neighbor>, Speaker> now = speakers;
        BfdSessions beside = bfd;
        Config current = config;
        if (now.isEmpty()) {
            return current.neighbors().stream().map(one -> idle(neighbor(current, one))).toList();
        }
        return now.values().stream()
                .flatMap(speaker -> speaker.status().stream())
                .map(status ->
                        beside == null ? status : status.with(beside.status(status.neighbor())))
                .toList();
    }

    @Override
    public void close(String text) {
        synchronized (change) {
            open = false;
            end(text);
        }
    }

    private void end(String text) {
        Map<List<Config.Neighbor>, Speaker> last;
        synchronized (lock) {
            last = speakers;
            speakers = Map.of();
        }
        close(last.values(), text);
        BfdSessions beside = bfd;
        bfd = null;
        if (beside != null) {
            beside.close();
        }
    }

    private void follow(Config next, String goodBye) {
        Map<List<Config.Neighbor>, Speaker> before = speakers;
        Map<List<Config.Neighbor>, Speaker> after = new LinkedHashMap<>();
        for (List<Config.Neighbor> group : groups(next)) {
            Speaker same = before.get(group);
            after.put(group, same == null ? speaker(next, group) : same);
        }
        synchronized (lock) {
            speakers = Collections.unmodifiableMap(after);
            after.forEach((group, speaker) -> {
                if (!before.containsKey(group)) {
                    speaker.advertise(desired);
                }
            });
        }
        Map<List<Config.Neighbor>, Speaker> gone = new LinkedHashMap<>(before);
        gone.keySet().removeAll(after.keySet());
        close(gone.values(), goodBye);
    }

    /// Returns the groups of neighbors that share a speaker.
    private static List<List<Config.Neighbor>> groups(Config config) {
        return config.listen().isEmpty()
                ? config.neighbors().stream().map(List::of).toList()
                : List.of(config.neighbors());
    }

    private Speaker speaker(Config next, List<Config.Neighbor> group) {
        return new Speaker(
                group.stream()
                        .map(option ->
                                new Session(
                                        new Local(
                                                next.localAs(),
                                                next.routerId(),
                                                (int) option.holdTime().toSeconds()),
                                        neighbor(next, option)))
                        .toList(),
                observer);
    }

    private void listen(InetSocketAddress address) throws IOException {
        for (Speaker speaker : speakers.values()) {
            try {
                LOG.info("listening for BGP on {}", Addresses.text(speaker.listen(address)));
            } catch (IOException e) {
                String text = "cannot listen for BGP on " + Addresses.text(address) + ": ";
                throw new IOException(text + e.getMessage(), e);
            }
        }
    }

    /// Returns the BFD sessions of the neighbors that are configured for it, or null when there are
    /// none.
    private @Nullable BfdSessions bfd(Config config) throws IOException {
        Map<Neighbor, BfdTerms> wanted = new LinkedHashMap<>();
        for (Config.Neighbor option : config.neighbors()) {
            Config.Bfd terms = option.bfd();
            if (terms != null) {
                wanted.put(
                        known(option, config),
                        new BfdTerms((int) terms.interval().toMillis(), terms.multiplier()));
            }
        }
        return wanted.isEmpty() ? null : new BfdSessions(wanted, observer, this::bfdDown);
    }

    /// Returns the neighbor as its speaker knows it, because a new one could have other next hops.
    private Neighbor known(Config.Neighbor option, Config config) {
        return speakers.values().stream()
                .flatMap(speaker -> speaker.status().stream())
                .map(NeighborStatus::neighbor)
                .filter(one ->
                        one.address().equals(option.address()) && one.port() == option.port())
                .findFirst()
                .orElseGet(() -> neighbor(config, option));
    }

    private void bfdDown(Neighbor neighbor, String reason) {
        speakers.values().forEach(speaker -> speaker.bfdDown(neighbor, reason));
    }

    /// Closes all speakers in parallel, because each may wait for its neighbor to accept the last
    /// message.
    private static void close(Collection<Speaker> speakers, String text) {
        List<Thread> closers = new ArrayList<>();
        for (Speaker speaker : speakers) {
            closers.add(Thread.ofVirtual().start(() -> speaker.close(text)));
        }
        boolean interrupted = false;
        for (Thread closer : closers) {
            while (closer.isAlive()) {
                try {
                    closer.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static NeighborStatus idle(Neighbor neighbor) {
        return new NeighborStatus(
                neighbor,
                "Idle",
                Instant.EPOCH,
                null,
                List.of(),
                Map.of(),
                "not connected",
                0,
                null);
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
}
