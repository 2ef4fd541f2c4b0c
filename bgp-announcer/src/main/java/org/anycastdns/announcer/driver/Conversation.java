package org.anycastdns.announcer.driver;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
import org.anycastdns.announcer.session.Step;
import org.anycastdns.announcer.session.Timer;
import org.anycastdns.announcer.transport.Connection;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session at work. All its state belongs to its event loop; what others may ask for goes there
/// as a task, and what they may see is published as an immutable [NeighborStatus].
///
/// Every connection, and every attempt at one, is a generation of its own: what an earlier one
/// still reports is dropped, so its late end cannot touch its successor.
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
    private final Map<Timer, Future<?>> timers = new EnumMap<>(Timer.class);
    private final AtomicReference<@Nullable Advertisements> desired = new AtomicReference<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private State state;
    private @Nullable Connection connection;
    private int generation;
    private Instant since = Instant.now();
    private Map<Prefix, String> refused = Map.of();
    private String lastError = "";
    private int flaps;
    private volatile NeighborStatus status;

    /// A conversation in a first state: Idle to connect, Active to be connected to.
    Conversation(
            Session session,
            State first,
            Transport transport,
            EventLoop loop,
            Observer observer,
            Tap tap) {
        this.session = session;
        this.state = first;
        this.transport = transport;
        this.loop = loop;
        this.observer = observer;
        this.tap = tap;
        this.status = describe();
    }

    NeighborStatus status() {
        return status;
    }

    /// Connects, and again whenever that fails. Thread-safe.
    void start() {
        loop.execute(() -> on(new Event.Start()));
    }

    /// Makes this the set of routes to announce; only the last of several counts. Thread-safe.
    void advertise(Advertisements routes) {
        desired.set(routes);
        loop.execute(this::advertiseDesired);
    }

    /// Withdraws, says goodbye and closes; done when the connection is gone. Thread-safe.
    CompletableFuture<Void> stop(String text) {
        loop.execute(() -> {
            Connection last = connection;
            on(new Event.Stop(text));
            if (last == null) {
                stopped.complete(null);
            } else {
                var _ = last.gone().addListener(_ -> stopped.complete(null));
            }
        });
        return stopped;
    }

    /// Takes over a connection that the neighbour opened; on the event loop.
    Connection.Listener adopt(Connection incoming) {
        connection = incoming;
        generation++;
        return new Ear(generation);
    }

    /// Ends the session, when it is established, because BFD went down. Thread-safe.
    void bfdDown(String reason) {
        loop.execute(() -> on(new Event.BfdDown(reason)));
    }

    /// The neighbour as configured.
    Neighbor neighbor() {
        return session.neighbor();
    }

    private void advertiseDesired() {
        Advertisements routes = desired.get();
        if (routes != null) {
            on(new Event.Advertise(routes));
        }
    }

    private void on(Event event) {
        State before = state;
        Step step = session.on(before, event);
        state = step.state();
        Changes changes = new Changes();
        String reason = "";
        boolean up = false;
        for (Action action : step.actions()) {
            perform(action, before.codec());
            changes.add(action);
            if (action instanceof Action.Down(String why)) {
                reason = why;
            }
            up |= action instanceof Action.Up;
        }
        if (!before.name().equals(state.name())) {
            since = Instant.now();
            flaps += before instanceof State.Established ? 1 : 0;
        }
        status = describe();
        report(before, changes, reason);
        if (up) {
            advertiseDesired();
        }
    }

    private void perform(Action action, Codec codec) {
        switch (action) {
            case Action.Connect _ -> connect();
            case Action.Send(Message message) -> {
                if (connection != null) {
                    int mine = generation;
                    connection.send(codec.encode(message), () -> sent(mine));
                }
            }
            case Action.Close _ -> {
                generation++;
                if (connection != null) {
                    connection.close();
                }
                connection = null;
            }
            case Action.Arm(Timer timer, long millis) -> {
                cancel(timer);
                Future<?> running =
                        loop.schedule(
                                () -> on(new Event.Expired(timer)),
                                timer.delayMillis(millis, random),
                                TimeUnit.MILLISECONDS);
                timers.put(timer, running);
            }
            case Action.Disarm(Timer timer) -> cancel(timer);
            case Action.Up(Peer peer) -> up(peer);
            case Action.Down(String reason) -> {
                lastError = reason;
                refused = Map.of();
                tap.ended(reason);
            }
            case Action.Deliver(Message.Update update) -> tap.updated(update);
            case Action.Refuse(Map<Prefix, String> reasons) -> {
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
        }
    }

    private void up(Peer peer) {
        if (connection != null) {
            connection.giveUpAfter(Duration.ofSeconds(peer.holdSeconds()));
        }
        log.info(
                "neighbor {}: established with AS{}, router id {}, hold time {} s, {}",
                session.neighbor(),
                peer.asn(),
                peer.routerId(),
                peer.holdSeconds(),
                peer.families());
    }

    private void connect() {
        Neighbor neighbor = session.neighbor();
        Link link = neighbor.link();
        boolean external = neighbor.remoteAs() != session.local().asn();
        generation++;
        connection =
                transport.connect(
                        loop,
                        new InetSocketAddress(neighbor.address(), neighbor.port()),
                        neighbor.source(),
                        new Security(link.password(), link.ttl(external), link.ttlMin()),
                        new Ear(generation));
    }

    private void sent(int mine) {
        if (mine == generation) {
            on(new Event.Sent());
        }
    }

    private void cancel(Timer timer) {
        Future<?> running = timers.remove(timer);
        if (running != null) {
            running.cancel(false);
        }
    }

    private void report(State before, Changes changes, String reason) {
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
        if (!before.name().equals(state.name())) {
            observer.stateChanged(neighbor, before.name(), state.name(), reason);
        }
    }

    private NeighborStatus describe() {
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

    /// Turns what happens on one connection into events, as long as it is the present one.
    private final class Ear implements Connection.Listener {

        private final int mine;

        Ear(int mine) {
            this.mine = mine;
        }

        @Override
        public void connected() {
            if (mine == generation && connection != null) {
                connection.giveUpAfter(OPEN_UNACKNOWLEDGED_MAX);
                on(new Event.Connected(connection.local().getAddress()));
            }
        }

        @Override
        public void received(byte[] octets) {
            if (mine != generation) {
                return;
            }
            switch (state.codec().decode(octets)) {
                case Decoded.Intact(Message message) -> {
                    if (message instanceof Message.Open open) {
                        tap.opened(open);
                    }
                    on(new Event.Received(message));
                }
                case Decoded.Tolerated(Message.Update update, List<String> faults) -> {
                    log.warn(
                            "neighbor {}: faults in an UPDATE, tolerated: {}",
                            session.neighbor(),
                            faults);
                    on(new Event.Received(update));
                }
                case Decoded.Broken broken -> on(new Event.Garbled(broken));
            }
        }

        @Override
        public void closed(String reason) {
            if (mine == generation) {
                connection = null;
                on(new Event.Closed(reason));
            }
        }
    }
}
