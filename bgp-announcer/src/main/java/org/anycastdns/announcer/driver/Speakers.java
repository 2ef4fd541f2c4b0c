package org.anycastdns.announcer.driver;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.NeighborChange;
import org.anycastdns.announcer.config.NeighborChange.Fate;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The speakers of the configured neighbors, their listening sockets and their BFD sessions. Each
/// neighbor has its own speaker, so that it can be added, made anew and removed separately.
///
/// Announcing never waits: `lock` is only held to pass on routes. `change` serializes the work that
/// may block, which is connecting and closing.
public final class Speakers implements RouteSink {

    private static final Logger LOG = LoggerFactory.getLogger(Speakers.class);

    /// How long a session that was made anew may take to come up before the next one is made anew
    /// as well. A router on the same link needs a second; this leaves room for one that is busy.
    private static final Duration ANEW_MAX = Duration.ofSeconds(5);

    /// The limit for all sessions together. Beyond it they are made anew without waiting, so that a
    /// drain does not wait for routers that do not come back.
    private static final Duration ANEW_ALL_MAX = Duration.ofSeconds(30);

    /// How long a session that was made anew is left alone before the next one is made anew, so
    /// that its router has the routes in use. FRR collects changes for 50 ms, others for longer.
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /// How long a reload waits for the end of the last one, in milliseconds; the command waits too.
    private static final long PREPARE_MILLIS_MAX = 1_000;

    /// The shutdown text for routers (RFC 9003) whose session ends in a reload.
    private static final String CHANGED = "the configuration has changed";

    /// What is left of a speaker that has ended.
    ///
    /// @param at when it ended
    private record Ended(NeighborHistory history, Instant at) {}

    private final Observer observer;
    private final Ended never = new Ended(NeighborHistory.NONE, Instant.now());
    private final Map<Neighbor.Id, Ended> ended = new ConcurrentHashMap<>();
    private final Duration settle;
    private final Object lock = new Object();
    private final ReentrantLock change = new ReentrantLock();
    private Set<Route> desired = Set.of();
    private volatile Config config;
    private volatile Map<Neighbor.Id, Speaker> speakers = Map.of();

    /// The ranges, whose speakers are among `speakers`.
    private Map<Neighbor.Id, Visitors> visitors = Map.of();

    private volatile @Nullable BfdSessions bfd;
    private @Nullable Listeners listeners;
    private boolean open;

    /// Creates the speakers without connecting.
    public Speakers(Config config, Observer observer) {
        this(config, observer, SETTLE);
    }

    /// Creates speakers for tests, whose routers need less time.
    ///
    /// @param settle how long a session that was made anew is left alone before the next one
    Speakers(Config config, Observer observer, Duration settle) {
        this.config = config;
        this.observer = observer;
        this.settle = settle;
    }

    @Override
    public void open() {
        change.lock();
        try {
            if (open) {
                return;
            }
            openSockets(config);
            config.neighbors().forEach(option -> create(config, option));
            expect();
            speakers.values().forEach(Speaker::start);
            keepSockets(config);
            open = true;
        } catch (IOException e) {
            end("");
            throw new UncheckedIOException(e);
        } finally {
            change.unlock();
        }
    }

    @Override
    public void prepare(Config next) throws IOException {
        try {
            if (!change.tryLock(PREPARE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                throw new IOException("the sessions still change for the last reload; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try {
            if (open) {
                openSockets(next);
            }
        } catch (IOException e) {
            keepSockets(config);
            throw e;
        } finally {
            change.unlock();
        }
    }

    @Override
    public void release() {
        change.lock();
        try {
            if (open) {
                keepSockets(config);
            }
        } finally {
            change.unlock();
        }
    }

    @Override
    public void reconfigure(Config next) {
        change.lock();
        try {
            Config before = config;
            config = next;
            if (open) {
                openSockets(next);
                follow(NeighborChange.between(before, next), next);
                keepSockets(next);
            }
        } catch (IOException e) {
            LOG.error("the sessions do not follow the configuration: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            change.unlock();
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
        Map<Neighbor.Id, Speaker> now = speakers;
        BfdSessions beside = bfd;
        Config current = config;
        return current.neighbors().stream()
                .flatMap(option -> {
                    Speaker speaker = now.get(option.id());
                    List<NeighborStatus> rows = speaker == null ? List.of() : speaker.status();
                    return rows.isEmpty() ? idle(current, option) : rows.stream();
                })
                .map(status ->
                        beside == null ? status : status.with(beside.status(status.neighbor())))
                .toList();
    }

    @Override
    public void close(String text) {
        change.lock();
        try {
            open = false;
            end(text);
        } finally {
            change.unlock();
        }
    }

    private void end(String text) {
        end(speakers.keySet(), text);
        Listeners listening = listeners;
        listeners = null;
        if (listening != null) {
            listening.close();
        }
        BfdSessions beside = bfd;
        bfd = null;
        if (beside != null) {
            beside.close();
        }
    }

    private void follow(List<NeighborChange> changes, Config next)
            throws IOException, InterruptedException {
        Map<Neighbor.Id, Config.Neighbor> wanted = new LinkedHashMap<>();
        next.neighbors().forEach(option -> wanted.put(option.id(), option));
        Map<Fate, List<NeighborChange>> fates =
                changes.stream().collect(Collectors.groupingBy(NeighborChange::bgp));
        List<NeighborChange> begins = fates.getOrDefault(Fate.BEGINS, List.of());
        List<NeighborChange> ends = fates.getOrDefault(Fate.ENDS, List.of());
        Set<InetAddress> beginning =
                begins.stream().map(one -> one.id().address()).collect(Collectors.toSet());
        // A router accepts only one session, so one that only changes its port ends first.
        end(
                ends.stream()
                        .filter(one -> beginning.contains(one.id().address()))
                        .map(NeighborChange::id)
                        .toList(),
                CHANGED);
        for (NeighborChange one : fates.getOrDefault(Fate.STAYS, List.of())) {
            goOn(one, next, requireNonNull(wanted.get(one.id())));
        }
        List<Speaker> fresh =
                begins.stream()
                        .map(one -> create(next, requireNonNull(wanted.get(one.id()))))
                        .toList();
        expect();
        fresh.forEach(Speaker::start);
        anew(fates.getOrDefault(Fate.MADE_ANEW, List.of()), next, wanted);
        end(ends.stream().map(NeighborChange::id).toList(), CHANGED);
        expect();
    }

    /// Changes a running session. The next hops stay unless their options changed: those that the
    /// host's interfaces yield may be missing at this moment.
    private void goOn(NeighborChange one, Config config, Config.Neighbor option) {
        Speaker speaker = speakers.get(one.id());
        Session session = ConfiguredNeighbors.session(config, option);
        visit(option, session, speaker);
        if (speaker == null) {
            return;
        }
        boolean hops = one.routes().stream().anyMatch(key -> key.startsWith("next-hop"));
        for (NeighborDriver driver : speaker.drivers()) {
            Session running = driver.session();
            Neighbor neighbor = session.neighbor().at(running.neighbor().address());
            Session next =
                    new Session(
                            session.local(),
                            hops ? neighbor : neighbor.via(running.neighbor().nextHops()));
            if (!next.equals(running)) {
                driver.reconfigure(next);
            }
        }
    }

    /// Makes sessions anew, one after the other: the old one is closed first, and the next one is
    /// touched when the new one is up. So the routes stay at the other neighbors.
    private void anew(
            List<NeighborChange> changes, Config next, Map<Neighbor.Id, Config.Neighbor> wanted)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + ANEW_ALL_MAX.toNanos();
        for (NeighborChange one : changes) {
            Speaker old = speakers.get(one.id());
            boolean up = old != null && old.status().stream().anyMatch(it -> it.peer() != null);
            end(List.of(one.id()), CHANGED);
            Speaker speaker = create(next, requireNonNull(wanted.get(one.id())));
            expect();
            speaker.start();
            if (!up || one.equals(changes.getLast()) || System.nanoTime() >= end) {
                continue;
            }
            if (speaker.awaitAnnounced(ANEW_MAX)) {
                awaitSettled();
            } else {
                LOG.warn(
                        "neighbor {}: not established within {} s after it was made anew",
                        one.name(),
                        ANEW_MAX.toSeconds());
            }
        }
    }

    private void awaitSettled() throws InterruptedException {
        long end = System.nanoTime() + settle.toNanos();
        for (long rest = settle.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
            if (Thread.interrupted()) {
                throw new InterruptedException("the speakers are to end");
            }
        }
    }

    /// Returns a speaker that has the routes and is not started.
    private Speaker create(Config config, Config.Neighbor option) {
        Session session = ConfiguredNeighbors.session(config, option);
        boolean named = option.place().range() == null;
        NeighborHistory before = ended.getOrDefault(option.id(), never).history();
        Speaker speaker = Speaker.idle(named ? List.of(session) : List.of(), before, observer);
        visit(option, session, speaker);
        synchronized (lock) {
            Map<Neighbor.Id, Speaker> next = new LinkedHashMap<>(speakers);
            next.put(option.id(), speaker);
            speakers = Collections.unmodifiableMap(next);
            speaker.advertise(desired);
        }
        return speaker;
    }

    /// Lets the neighbors of a range connect, from the next [#expect] on.
    private void visit(Config.Neighbor option, Session template, @Nullable Speaker speaker) {
        Prefix range = option.place().range();
        if (range != null && speaker != null) {
            Map<Neighbor.Id, Visitors> next = new LinkedHashMap<>(visitors);
            next.put(
                    option.id(),
                    new Visitors(range, option.place().sessionsMax(), template, speaker));
            visitors = Collections.unmodifiableMap(next);
        }
    }

    private void end(Collection<Neighbor.Id> ids, String text) {
        Map<Neighbor.Id, Speaker> gone = new LinkedHashMap<>();
        synchronized (lock) {
            Map<Neighbor.Id, Speaker> next = new LinkedHashMap<>(speakers);
            for (Neighbor.Id id : List.copyOf(ids)) {
                Speaker speaker = next.remove(id);
                if (speaker != null) {
                    gone.put(id, speaker);
                }
            }
            speakers = Collections.unmodifiableMap(next);
        }
        Map<Neighbor.Id, Visitors> left = new LinkedHashMap<>(visitors);
        left.keySet().retainAll(speakers.keySet());
        visitors = Collections.unmodifiableMap(left);
        close(gone.values(), text);
        gone.forEach((id, speaker) ->
                // A range without routers has no history.
                speaker.status().stream()
                        .findFirst()
                        .map(status -> status.history().next(null))
                        .ifPresent(history -> ended.put(id, new Ended(history, Instant.now()))));
        ended.keySet().retainAll(config.neighbors().stream().map(Config.Neighbor::id).toList());
    }

    /// Opens the sockets that a configuration needs and that are not open.
    private void openSockets(Config next) throws IOException {
        if (!next.listen().isEmpty()) {
            Listeners listening = listeners == null ? new Listeners(observer) : listeners;
            listeners = listening;
            listening.open(ConfiguredNeighbors.places(next));
        }
        Map<Neighbor, BfdTerms> wanted = ConfiguredNeighbors.bfdTerms(next);
        BfdSessions beside = bfd;
        if (beside != null) {
            beside.prepare(wanted);
        } else if (!wanted.isEmpty()) {
            bfd = new BfdSessions(wanted, observer, this::bfdDown);
        }
    }

    /// Starts the BFD sessions of a configuration whose sockets are open, and closes the sockets
    /// that it does not need.
    private void keepSockets(Config now) {
        Listeners listening = listeners;
        if (listening != null && now.listen().isEmpty()) {
            listeners = null;
            listening.close();
        } else if (listening != null) {
            listening.keep(ConfiguredNeighbors.places(now));
        }
        Map<Neighbor, BfdTerms> wanted = ConfiguredNeighbors.bfdTerms(now);
        BfdSessions beside = bfd;
        if (beside != null && wanted.isEmpty()) {
            bfd = null;
            beside.close();
        } else if (beside != null) {
            beside.follow(wanted);
        }
    }

    /// Tells the listening sockets which neighbors may connect.
    private void expect() throws IOException {
        Listeners listening = listeners;
        if (listening != null) {
            listening.expect(
                    speakers.entrySet().stream()
                            .filter(each -> !visitors.containsKey(each.getKey()))
                            .flatMap(each -> each.getValue().drivers().stream())
                            .toList(),
                    visitors.values());
        }
    }

    private void bfdDown(Neighbor neighbor, String reason) {
        Speaker speaker = speakers.get(neighbor.id());
        if (speaker != null) {
            speaker.bfdDown(neighbor, reason);
        }
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

    /// Returns the status of a neighbor without a session, or of a range from which none has
    /// connected.
    private Stream<NeighborStatus> idle(Config config, Config.Neighbor option) {
        Prefix range = option.place().range();
        Ended last = ended.getOrDefault(option.id(), never);
        return Stream.of(
                new NeighborStatus(
                        ConfiguredNeighbors.neighbor(config, option),
                        range == null ? "Idle" : "Active",
                        last.at(),
                        null,
                        List.of(),
                        Map.of(),
                        range == null
                                ? last.history()
                                : NeighborHistory.because(
                                        "no router of " + range + " has connected"),
                        null,
                        null));
    }
}
