package org.anycastdns.announcer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.driver.Speaker;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;

/// The configured neighbours behind a speaker each, so that each can come and go by itself.
///
/// Whoever announces never waits: the lock is held for handing over routes alone. Connecting and
/// saying good-bye is left to one thread at a time.
final class Speakers implements Outlet {

    private final Observer observer;
    private final Object lock = new Object();
    private final Object change = new Object();
    private Set<Route> desired = Set.of();
    private volatile Config config;
    private volatile Map<Config.Neighbor, Speaker> speakers = Map.of();
    private boolean open;

    /// Does not connect yet.
    Speakers(Config config, Observer observer) {
        this.config = config;
        this.observer = observer;
    }

    @Override
    public void open() {
        synchronized (change) {
            open = true;
            follow(config, "");
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
        Map<Config.Neighbor, Speaker> now = speakers;
        List<NeighborStatus> status = new ArrayList<>();
        for (Config.Neighbor option : config.neighbors()) {
            Speaker speaker = now.get(option);
            if (speaker == null) {
                status.add(idle(neighbor(config, option)));
            } else {
                status.addAll(speaker.status());
            }
        }
        return status;
    }

    @Override
    public void close(String text) {
        synchronized (change) {
            open = false;
            Map<Config.Neighbor, Speaker> last;
            synchronized (lock) {
                last = speakers;
                speakers = Map.of();
            }
            close(last.values(), text);
        }
    }

    private void follow(Config next, String goodBye) {
        Map<Config.Neighbor, Speaker> before = speakers;
        Map<Config.Neighbor, Speaker> after = new LinkedHashMap<>();
        for (Config.Neighbor option : next.neighbors()) {
            Speaker same = before.get(option);
            after.put(option, same == null ? speaker(next, option) : same);
        }
        synchronized (lock) {
            speakers = Collections.unmodifiableMap(after);
            after.forEach((option, speaker) -> {
                if (!before.containsKey(option)) {
                    speaker.advertise(desired);
                }
            });
        }
        Map<Config.Neighbor, Speaker> gone = new LinkedHashMap<>(before);
        gone.keySet().removeAll(after.keySet());
        close(gone.values(), goodBye);
    }

    /// Side by side: each may wait for its neighbour to take the last message.
    private static void close(Iterable<Speaker> speakers, String text) {
        List<Thread> closers = new ArrayList<>();
        for (Speaker speaker : speakers) {
            closers.add(Thread.ofVirtual().start(() -> speaker.close(text)));
        }
        for (Thread closer : closers) {
            boolean interrupted = false;
            while (closer.isAlive()) {
                try {
                    closer.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Speaker speaker(Config next, Config.Neighbor option) {
        Local local = new Local(next.localAs(), next.routerId(), option.holdTime());
        return new Speaker(local, List.of(neighbor(next, option)), observer);
    }

    private static NeighborStatus idle(Neighbor neighbor) {
        return new NeighborStatus(
                neighbor, "Idle", Instant.EPOCH, null, List.of(), Map.of(), "not connected", 0);
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
}
