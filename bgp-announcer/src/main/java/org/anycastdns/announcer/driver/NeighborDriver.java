package org.anycastdns.announcer.driver;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.PromiseCombiner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Action;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.ConnectionAction;
import org.anycastdns.announcer.session.ConnectionsStep;
import org.anycastdns.announcer.session.Event;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.NeighborConnections;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.State;
import org.anycastdns.announcer.session.Timer;
import org.anycastdns.announcer.transport.Connection;
import org.anycastdns.announcer.transport.LocalEnd;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the BGP session with one neighbor: owns its connections and timers, feeds their events to
/// [NeighborConnections] and carries out the actions. All state belongs to the event loop of the
/// neighbor. Other threads submit tasks to the loop and read an immutable [NeighborStatus].
///
/// Every event carries the id of its connection, so that a late event of a closed connection is
/// never mistaken for an event of another.
final class NeighborDriver {

    private static final Logger log = LoggerFactory.getLogger(Speaker.class);

    /// How long our OPEN may stay unacknowledged by the neighbor's TCP. There is no acknowledgment
    /// if the neighbor drops our packets, or our system the neighbor's. [Session] limits how long
    /// an acknowledged OPEN may stay without the neighbor's: a listening socket acknowledges with
    /// its own TTL, often 255, until the router accepts the connection and lowers the TTL.
    private static final Duration OPEN_UNACKNOWLEDGED_MAX = Duration.ofSeconds(10);

    private final Transport transport;
    private final EventLoop loop;
    private final Observer observer;
    private final MessageListener listener;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<Integer, ConnectionSlot> slots = new HashMap<>();
    private final AtomicReference<@Nullable Advertisements> desired = new AtomicReference<>();

    private final CompletableFuture<Void> announced = new CompletableFuture<>();

    private NeighborConnections connections;
    private Instant since = Instant.now();
    private final SentRoutes sent = new SentRoutes();
    private Map<Prefix, String> refused = Map.of();
    private NeighborHistory history;
    private int faultyUpdates;

    /// Finds a neighbor that has no address; null for others.
    private final @Nullable LinkNeighbor link;

    /// Whether the last attempt to connect failed because the neighbor was not found.
    private boolean unfound;

    /// The address of the neighbor at the end of the last connection; null before the first.
    private @Nullable InetAddress router;

    private volatile Session session;
    private volatile NeighborStatus status;

    /// Creates a driver that is started with [#start], or that waits for the neighbor to connect.
    ///
    /// @param before what has happened with the neighbor until now
    NeighborDriver(
            NeighborConnections first,
            NeighborHistory before,
            Transport transport,
            EventLoop loop,
            Observer observer,
            MessageListener listener) {
        this.history = before;
        this.session = first.session();
        this.connections = first;
        this.transport = transport;
        this.loop = loop;
        this.observer = observer;
        this.listener = listener;
        Neighbor neighbor = session.neighbor();
        String device = neighbor.device();
        this.link =
                device == null || !neighbor.isUnnumbered()
                        ? null
                        : new LinkNeighbor(loop, device, this::found);
        this.status = describe();
    }

    Neighbor neighbor() {
        return session.neighbor();
    }

    NeighborStatus status() {
        return status;
    }

    /// Starts the session: connects and reconnects, or waits for the neighbor to connect.
    /// Thread-safe.
    void start() {
        run(() -> {
            search();
            on(connections.connectionId(), new Event.Start());
        });
    }

    /// Goes on with another configuration of the neighbor, on the running session. It must agree
    /// with that in all that the OPEN messages and the connection depend on. Routes whose
    /// attributes change are sent again; none is withdrawn. Thread-safe.
    void reconfigure(Session next) {
        run(() -> {
            session = next;
            follow(connections.reconfigured(next));
            advertiseDesired();
        });
    }

    /// Returns the session as it is configured.
    Session session() {
        return session;
    }

    /// Returns a future that completes once the session has been established for the first time and
    /// the neighbor has been sent the routes.
    CompletableFuture<Void> announced() {
        return announced;
    }

    /// Replaces the set of routes to announce; only the last of several sets counts. Thread-safe.
    void advertise(Advertisements routes) {
        desired.set(routes);
        run(this::advertiseDesired);
    }

    /// Withdraws all routes, sends Cease and closes. The future completes when no connection is
    /// left. Thread-safe.
    CompletableFuture<Void> stop(String text) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        run(() -> {
            PromiseCombiner gone = new PromiseCombiner(loop);
            for (ConnectionSlot slot : slots.values()) {
                if (slot.connection != null) {
                    gone.add(slot.connection.gone());
                }
            }
            on(connections.connectionId(), new Event.Stop(text));
            if (link != null) {
                link.close();
            }
            gone.finish(loop.<Void>newPromise().addListener(_ -> stopped.complete(null)));
        });
        return stopped;
    }

    /// Returns the handler for connections that the neighbor opens.
    Transport.InboundHandler inboundHandler() {
        // The listening socket's key already signs the packets.
        return new Transport.InboundHandler(loop, security().unsigned(), ConnectionEvents::new);
    }

    /// Returns how the packets of every connection with the neighbor are protected.
    Security security() {
        return security(session);
    }

    /// Returns how the packets of every connection of a session are protected.
    static Security security(Session session) {
        Link link = session.neighbor().link();
        boolean external = session.neighbor().remoteAs() != session.local().asn();
        return new Security(link.password(), link.ttl(external), link.ttlMin());
    }

    /// Ends an established session because BFD went down. Thread-safe.
    void bfdDown(String reason) {
        run(() -> on(connections.connectionId(), new Event.BfdDown(reason)));
    }

    /// Runs a task on the event loop. A task that fails leaves an undefined state and may lose a
    /// withdrawal, so the process ends, and with it the session.
    private void run(Runnable task) {
        loop.execute(LongLived.task(task));
    }

    private void advertiseDesired() {
        Advertisements routes = desired.get();
        if (routes != null) {
            on(connections.connectionId(), new Event.Advertise(routes));
        }
    }

    private void on(int connectionId, Event event) {
        follow(connections.on(connectionId, event));
    }

    private void follow(ConnectionsStep step) {
        NeighborConnections before = connections;
        connections = step.connections();
        Changes changes = new Changes();
        String reason = "";
        boolean up = false;
        for (ConnectionAction ordered : step.actions()) {
            perform(ordered, before.codec(ordered.connectionId()));
            changes.add(ordered.action());
            if (ordered.action() instanceof Action.Down(String why)) {
                reason = why;
            }
            up |= ordered.action() instanceof Action.Up;
        }
        if (!before.state().name().equals(connections.state().name())) {
            since = Instant.now();
            if (before.state() instanceof State.Established) {
                history = history.flapped();
            }
        }
        sent.note(before.state(), connections.state(), session, Instant.now());
        status = describe();
        report(before.state(), changes, reason, up);
        if (up) {
            advertiseDesired();
            announced.complete(null);
        }
    }

    private void perform(ConnectionAction ordered, Codec codec) {
        int connectionId = ordered.connectionId();
        ConnectionSlot slot = slots.computeIfAbsent(connectionId, _ -> new ConnectionSlot());
        switch (ordered.action()) {
            case Action.Connect _ -> connect(connectionId, slot);
            case Action.Send(Message message) -> {
                if (message instanceof Message.Notification notification) {
                    history = history.sent(notification, Instant.now());
                }
                if (slot.connection != null) {
                    observer.exchanged(session.neighbor(), true, message);
                    Runnable taken = LongLived.task(() -> on(connectionId, new Event.Sent()));
                    slot.connection.send(codec.encode(message), taken);
                }
            }
            case Action.Close _ -> {
                slots.remove(connectionId);
                slot.close();
            }
            case Action.Arm(Timer timer, long millis) -> {
                Runnable expired = LongLived.task(() -> on(connectionId, new Event.Expired(timer)));
                long delay = timer.delayMillis(millis, random);
                slot.arm(timer, loop, expired, delay);
                if (timer == Timer.IDLE_HOLD || timer == Timer.CONNECT_RETRY) {
                    history = history.next(Instant.now().plusMillis(delay));
                }
            }
            case Action.Disarm(Timer timer) -> slot.disarm(timer);
            case Action.Up(Peer peer) -> up(peer, slot);
            case Action.Down(String reason) -> down(reason);
            case Action.Deliver(Message.Update update) -> listener.updated(update);
            case Action.Refuse(Map<Prefix, String> reasons) -> refuse(reasons);
        }
    }

    private void up(Peer peer, ConnectionSlot slot) {
        if (slot.connection != null) {
            slot.connection.giveUpAfter(Duration.ofSeconds(peer.holdSeconds()));
        }
        log.info(
                "neighbor {}: established with AS{}, router id {}, hold time {} s, {}",
                session.neighbor(),
                peer.asn(),
                peer.routerId(),
                peer.holdSeconds(),
                peer.families());
    }

    /// Handles the end of a connection. The session ends with it unless another connection is left.
    private void down(String reason) {
        if (connections.state() instanceof State.Idle
                || connections.state() instanceof State.Active) {
            history = history.failed(reason, Instant.now()).next(null);
            refused = Map.of();
            search();
        }
        listener.ended(reason);
    }

    /// Looks for a neighbor without an address: another router may have taken its place.
    private void search() {
        if (link != null) {
            link.search();
        }
    }

    /// Connects at once when the neighbor has been found, if only that was missing.
    private void found() {
        if (unfound && connections.state() instanceof State.Active) {
            unfound = false;
            on(connections.connectionId(), new Event.Expired(Timer.CONNECT_RETRY));
        }
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

    /// Logs the first faulty UPDATE, then only the 2nd, 4th, 8th and so on. A full table of faulty
    /// UPDATEs must not fill a disk.
    private void tolerated(List<String> faults) {
        if (Integer.bitCount(++faultyUpdates) == 1) {
            log.warn(
                    "neighbor {}: faults in an UPDATE, tolerated ({} so far): {}",
                    session.neighbor(),
                    faultyUpdates,
                    faults);
        }
    }

    private void connect(int connectionId, ConnectionSlot slot) {
        Neighbor neighbor = session.neighbor();
        InetAddress address = link == null ? neighbor.address() : link.address();
        ConnectionEvents events = new ConnectionEvents(connectionId);
        unfound = address == null;
        if (link != null && address == null) {
            String why = link.why();
            loop.execute(LongLived.task(() -> events.closed(why)));
            return;
        }
        slot.connection =
                transport.connect(
                        loop,
                        new InetSocketAddress(address, neighbor.port()),
                        new LocalEnd(neighbor.source(), neighbor.device()),
                        security(),
                        events);
    }

    /// @param up whether the session came up; a reason then belongs to the other connection
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
        String state = connections.state().name();
        if (!before.name().equals(state)) {
            observer.stateChanged(neighbor, before.name(), state, up ? "" : reason);
        }
    }

    private NeighborStatus describe() {
        State state = connections.state();
        boolean waits = state instanceof State.Idle || state instanceof State.Active;
        return new NeighborStatus(
                session.neighbor(),
                state.name(),
                since,
                peerOf(state),
                sent.list(),
                refused,
                waits ? history : history.next(null),
                null,
                waits ? null : router);
    }

    private static @Nullable Peer peerOf(State state) {
        return switch (state) {
            case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> null;
            case State.OpenConfirm confirm -> confirm.peer();
            case State.Established up -> up.peer();
        };
    }

    /// The prefixes that the UPDATEs of a step announce and withdraw.
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

    /// Translates the callbacks of one connection into events of the session.
    private final class ConnectionEvents implements Connection.Listener {

        private static final int NOT_YET = -1;

        private final @Nullable Connection incoming;
        private int connectionId;

        /// Listens to a connection that we open.
        ConnectionEvents(int connectionId) {
            this.incoming = null;
            this.connectionId = connectionId;
        }

        /// Listens to a connection that the neighbor opened. It gets its id when it is connected.
        ConnectionEvents(Connection incoming) {
            this.incoming = incoming;
            this.connectionId = NOT_YET;
        }

        @Override
        public void connected() {
            if (incoming != null) {
                connectionId = connections.nextConnectionId();
                incoming.giveUpAfter(OPEN_UNACKNOWLEDGED_MAX);
                slots.computeIfAbsent(connectionId, _ -> new ConnectionSlot()).connection =
                        incoming;
                router = incoming.remote().getAddress();
                follow(connections.accept(incoming.local().getAddress()));
                return;
            }
            ConnectionSlot slot = slots.get(connectionId);
            if (slot != null && slot.connection != null) {
                slot.connection.giveUpAfter(OPEN_UNACKNOWLEDGED_MAX);
                router = slot.connection.remote().getAddress();
                on(connectionId, new Event.Connected(slot.connection.local().getAddress()));
            }
        }

        @Override
        public void received(byte[] octets) {
            if (!slots.containsKey(connectionId)) {
                return; // closed by us: ignore what still arrives
            }
            switch (connections.codec(connectionId).decode(octets)) {
                case Decoded.Intact(Message message) -> {
                    observer.exchanged(session.neighbor(), false, message);
                    if (message instanceof Message.Open open) {
                        listener.opened(open);
                    } else if (message instanceof Message.Notification notification) {
                        history = history.received(notification, Instant.now());
                    }
                    on(connectionId, new Event.Received(message));
                }
                case Decoded.Tolerated(Message.Update update, List<String> faults) -> {
                    observer.exchanged(session.neighbor(), false, update);
                    tolerated(faults);
                    on(connectionId, new Event.Received(update));
                }
                case Decoded.Broken broken -> on(connectionId, new Event.Garbled(broken));
            }
        }

        @Override
        public void closed(String reason) {
            ConnectionSlot slot = slots.get(connectionId);
            if (slot != null) {
                slot.connection = null;
                on(connectionId, new Event.Closed(reason));
            }
        }
    }
}
