package org.anycastdns.announcer.driver;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.PromiseCombiner;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.anycastdns.announcer.daemon.LongLived;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Action;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Event;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.State;
import org.anycastdns.announcer.session.Timer;
import org.anycastdns.announcer.session.Tracks;
import org.anycastdns.announcer.session.Turn;
import org.anycastdns.announcer.transport.Connection;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The session with one neighbour at work. All its state belongs to its event loop; what others may
/// ask for goes there as a task, and what they may see is published as an immutable
/// [NeighborStatus].
///
/// Connections and timers belong to the lives that [Tracks] numbers: what happens to one is told
/// with its number, so that nothing late is taken for news of another.
final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Speaker.class);

    /// How long our OPEN may go unacknowledged: the neighbour's system does that, not its BGP. It
    /// does not when it drops what we send, and the hold timer is four minutes until its OPEN.
    private static final Duration OPEN_UNACKNOWLEDGED_MAX = Duration.ofSeconds(10);

    private final Session session;
    private final Transport transport;
    private final EventLoop loop;
    private final Observer observer;
    private final Tap tap;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<Integer, Lane> lanes = new HashMap<>();
    private final AtomicReference<@Nullable Advertisements> desired = new AtomicReference<>();

    private Tracks tracks;
    private Instant since = Instant.now();
    private Map<Prefix, String> refused = Map.of();
    private String lastError = "";
    private int flaps;
    private int faultyUpdates;
    private volatile NeighborStatus status;

    /// A conversation that is to be started, or one that awaits the neighbour's connection.
    Conversation(Tracks first, Transport transport, EventLoop loop, Observer observer, Tap tap) {
        this.session = first.session();
        this.tracks = first;
        this.transport = transport;
        this.loop = loop;
        this.observer = observer;
        this.tap = tap;
        this.status = describe();
    }

    Neighbor neighbor() {
        return session.neighbor();
    }

    NeighborStatus status() {
        return status;
    }

    /// Connects, and again whenever that fails; or waits to be connected to. Thread-safe.
    void start() {
        run(() -> on(tracks.life(), new Event.Start()));
    }

    /// Makes this the set of routes to announce; only the last of several counts. Thread-safe.
    void advertise(Advertisements routes) {
        desired.set(routes);
        run(this::advertiseDesired);
    }

    /// Withdraws, says goodbye and closes; done when no connection is left. Thread-safe.
    CompletableFuture<Void> stop(String text) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        run(() -> {
            PromiseCombiner gone = new PromiseCombiner(loop);
            for (Lane lane : lanes.values()) {
                if (lane.connection != null) {
                    gone.add(lane.connection.gone());
                }
            }
            on(tracks.life(), new Event.Stop(text));
            gone.finish(loop.<Void>newPromise().addListener(_ -> stopped.complete(null)));
        });
        return stopped;
    }

    /// How to treat a connection that the neighbour opened.
    Transport.Seat seat() {
        // Its packets are signed already, with the key of the listening socket.
        return new Transport.Seat(loop, security().unsigned(), Ear::new);
    }

    /// How the packets of every connection with the neighbour are protected.
    Security security() {
        Link link = session.neighbor().link();
        return new Security(link.password(), link.ttl(external()), link.ttlMin());
    }

    private boolean external() {
        return session.neighbor().remoteAs() != session.local().asn();
    }

    /// Ends the session, when it is established, because BFD went down. Thread-safe.
    void bfdDown(String reason) {
        run(() -> on(tracks.life(), new Event.BfdDown(reason)));
    }

    /// Runs a task on the event loop. One that fails leaves a state that nobody knows, and a
    /// withdrawal may be lost with it: the process ends, and the session with it.
    private void run(Runnable task) {
        loop.execute(LongLived.task(task));
    }

    private void advertiseDesired() {
        Advertisements routes = desired.get();
        if (routes != null) {
            on(tracks.life(), new Event.Advertise(routes));
        }
    }

    private void on(int life, Event event) {
        follow(tracks.on(life, event));
    }

    private void follow(Turn turn) {
        Tracks before = tracks;
        tracks = turn.tracks();
        Changes changes = new Changes();
        String reason = "";
        boolean up = false;
        for (Turn.Act act : turn.acts()) {
            perform(act, before.codec(act.life()));
            changes.add(act.action());
            if (act.action() instanceof Action.Down(String why)) {
                reason = why;
            }
            up |= act.action() instanceof Action.Up;
        }
        if (!before.state().name().equals(tracks.state().name())) {
            since = Instant.now();
            flaps += before.state() instanceof State.Established ? 1 : 0;
        }
        status = describe();
        report(before.state(), changes, reason, up);
        if (up) {
            advertiseDesired();
        }
    }

    private void perform(Turn.Act act, Codec codec) {
        int life = act.life();
        Lane lane = lanes.computeIfAbsent(life, _ -> new Lane());
        switch (act.action()) {
            case Action.Connect _ -> lane.connection = connect(life);
            case Action.Send(Message message) -> {
                if (lane.connection != null) {
                    Runnable taken = LongLived.task(() -> on(life, new Event.Sent()));
                    lane.connection.send(codec.encode(message), taken);
                }
            }
            case Action.Close _ -> {
                lanes.remove(life);
                lane.close();
            }
            case Action.Arm(Timer timer, long millis) -> {
                Runnable expired = LongLived.task(() -> on(life, new Event.Expired(timer)));
                lane.arm(timer, loop, expired, timer.delayMillis(millis, random));
            }
            case Action.Disarm(Timer timer) -> lane.disarm(timer);
            case Action.Up(Peer peer) -> up(peer, lane);
            case Action.Down(String reason) -> down(reason);
            case Action.Deliver(Message.Update update) -> tap.updated(update);
            case Action.Refuse(Map<Prefix, String> reasons) -> refuse(reasons);
        }
    }

    private void up(Peer peer, Lane lane) {
        if (lane.connection != null) {
            lane.connection.giveUpAfter(Duration.ofSeconds(peer.holdSeconds()));
        }
        log.info(
                "neighbor {}: established with AS{}, router id {}, hold time {} s, {}",
                session.neighbor(),
                peer.asn(),
                peer.routerId(),
                peer.holdSeconds(),
                peer.families());
    }

    /// A connection is over; so is the session, unless there is another connection.
    private void down(String reason) {
        if (tracks.state() instanceof State.Idle || tracks.state() instanceof State.Active) {
            lastError = reason;
            refused = Map.of();
        }
        tap.ended(reason);
    }

    private void refuse(Map<Prefix, String> reasons) {
        if (!reasons.equals(refused)) {
            reasons.forEach((prefix, why) ->
                    log.warn(
                            "neighbor {}: {} is not announced: {}",
                            session.neighbor(),
                            prefix,
                            why));
        }
        refused = reasons;
    }

    /// Says so the first time and then ever more rarely: a table full of them must not fill a disk.
    private void tolerated(List<String> faults) {
        if (Integer.bitCount(++faultyUpdates) == 1) {
            log.warn(
                    "neighbor {}: faults in an UPDATE, tolerated ({} so far): {}",
                    session.neighbor(),
                    faultyUpdates,
                    faults);
        }
    }

    private Connection connect(int life) {
        Neighbor neighbor = session.neighbor();
        return transport.connect(
                loop,
                new InetSocketAddress(neighbor.address(), neighbor.port()),
                neighbor.source(),
                security(),
                new Ear(life));
    }

    /// @param up whether the session has come up: an end is another connection's then
    private void report(State before, Changes changes, String reason, boolean up) {
        Neighbor neighbor = session.neighbor();
        if (!changes.withdrawn.isEmpty() || !changes.announced.isEmpty()) {
            log.info(
                    "neighbor {}: announced {}, withdrew {}",
                    neighbor,
                    changes.announced,
                    changes.withdrawn);
            observer.updated(neighbor, changes.announced, changes.withdrawn);
        }
        if (!reason.isEmpty()) {
            log.warn("neighbor {}: {}", neighbor, reason);
        }
        String state = tracks.state().name();
        if (!before.name().equals(state)) {
            observer.stateChanged(neighbor, before.name(), state, up ? "" : reason);
        }
    }

    private NeighborStatus describe() {
        State state = tracks.state();
        Peer peer =
                switch (state) {
                    case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> null;
                    case State.OpenConfirm confirm -> confirm.peer();
                    case State.Established up -> up.peer();
                };
        List<Route> announced =
                state instanceof State.Established up
                        ? List.copyOf(up.announced().routes().values())
                        : List.of();
        return new NeighborStatus(
                session.neighbor(),
                state.name(),
                since,
                peer,
                announced,
                refused,
                lastError,
                flaps,
                null);
    }

    /// The prefixes that a step's UPDATEs speak of.
    private static final class Changes {

        private final SortedSet<Prefix> announced = new TreeSet<>();
        private final SortedSet<Prefix> withdrawn = new TreeSet<>();

        void add(Action action) {
            if (action instanceof Action.Send(Message.Update update)) {
                announced.addAll(update.allAnnounced());
                withdrawn.addAll(update.allWithdrawn());
            }
        }
    }

    /// What there is of one life: its connection, or the attempt at one, and its timers.
    private static final class Lane {

        private final Map<Timer, Future<?>> timers = new EnumMap<>(Timer.class);
        private @Nullable Connection connection;

        void arm(Timer timer, EventLoop loop, Runnable expired, long millis) {
            disarm(timer);
            timers.put(timer, loop.schedule(expired, millis, TimeUnit.MILLISECONDS));
        }

        void disarm(Timer timer) {
            Future<?> running = timers.remove(timer);
            if (running != null) {
                running.cancel(false);
            }
        }

        void close() {
            timers.values().forEach(running -> running.cancel(false));
            if (connection != null) {
                connection.close();
            }
        }
    }

    /// Turns what happens on one connection into events.
    private final class Ear implements Connection.Listener {

        private static final int NOT_YET = -1;

        private final @Nullable Connection incoming;
        private int life;

        /// Hears a connection of ours.
        Ear(int life) {
            this.incoming = null;
            this.life = life;
        }

        /// Hears one of the neighbour's, which gets its number when it is there.
        Ear(Connection incoming) {
            this.incoming = incoming;
            this.life = NOT_YET;
        }

        @Override
        public void connected() {
            if (incoming != null) {
                life = tracks.lives();
                incoming.giveUpAfter(OPEN_UNACKNOWLEDGED_MAX);
                lanes.computeIfAbsent(life, _ -> new Lane()).connection = incoming;
                follow(tracks.accept(incoming.local().getAddress()));
                return;
            }
            Lane lane = lanes.get(life);
            if (lane != null && lane.connection != null) {
                lane.connection.giveUpAfter(OPEN_UNACKNOWLEDGED_MAX);
                on(life, new Event.Connected(lane.connection.local().getAddress()));
            }
        }

        @Override
        public void received(byte[] octets) {
            if (!lanes.containsKey(life)) {
                return; // closed by us: what still comes is of no interest
            }
            switch (tracks.codec(life).decode(octets)) {
                case Decoded.Intact(Message message) -> {
                    if (message instanceof Message.Open open) {
                        tap.opened(open);
                    }
                    on(life, new Event.Received(message));
                }
                case Decoded.Tolerated(Message.Update update, List<String> faults) -> {
                    tolerated(faults);
                    on(life, new Event.Received(update));
                }
                case Decoded.Broken broken -> on(life, new Event.Garbled(broken));
            }
        }

        @Override
        public void closed(String reason) {
            Lane lane = lanes.get(life);
            if (lane != null) {
                lane.connection = null;
                on(life, new Event.Closed(reason));
            }
        }
    }
}
