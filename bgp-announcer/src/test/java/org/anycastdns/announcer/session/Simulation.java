package org.anycastdns.announcer.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;

/// Two speakers joined by a network in memory, under a clock that only moves from one thing due to
/// the next. Messages travel as octets over connections that are slow, break, or fall silent; both
/// ends connect, also twice. After everything that happens, what must always hold is checked.
final class Simulation {

    /// How long a verdict of the health loop is valid.
    static final long LEASE_MILLIS = 1_000;

    private static final long TICK_MILLIS = 100;

    /// A connection; each end sees it, and its end, a while after the other.
    static final class Wire {

        final Map<End, Integer> connectionIds = new HashMap<>();
        final Map<End, Long> lastArrival = new HashMap<>();
        boolean lossy; // something was lost: nothing behind it ever arrives
    }

    /// One end: its connections, what exists of each connectionId, and what it did.
    final class End {

        final InetAddress address;
        final List<Action> log = new ArrayList<>();
        final TreeSet<Prefix> learned = new TreeSet<>();
        NeighborConnections connections;
        boolean healthy;

        /// Whether its attempts to connect come to anything.
        boolean dials = true;

        long leaseEndMillis = -1;
        private Advertisements desired = Advertisements.NONE;
        private final Map<Integer, Wire> wires = new HashMap<>();
        private final Map<Integer, Map<Timer, Long>> armed = new HashMap<>();

        private End(Session session, String address) {
            this.connections = NeighborConnections.idle(session);
            this.address = Addresses.of(Addresses.parse(address));
        }

        State state() {
            return connections.state();
        }

        /// How many connections it has.
        int wires() {
            return wires.size();
        }

        /// The health loop, which renews its lease while it works, and the watchdog beside it.
        private void tick() {
            if (healthy) {
                leaseEndMillis = nowMillis + LEASE_MILLIS;
                if (desired.routes().isEmpty()) {
                    advertise(routes);
                }
            } else if (nowMillis >= leaseEndMillis && !desired.routes().isEmpty()) {
                advertise(Advertisements.NONE);
            }
            later(TICK_MILLIS, this::tick);
        }

        void advertise(Advertisements routes) {
            desired = routes;
            on(this, connections.connectionId(), new Event.Advertise(routes));
        }
    }

    private record Due(long millis, long order, Runnable task) {}

    final End left;
    final End right;
    long nowMillis;

    /// Whether what is sent arrives; what does not is lost, and its connection with it.
    boolean linked = true;

    int collisions;
    private final Advertisements routes;
    private final SplittableRandom random;
    private final long delayMillisMax;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(
                    Comparator.comparingLong(Due::millis).thenComparingLong(Due::order));
    private long order;

    Simulation(Session left, Session right, Advertisements routes, long delayMillisMax, long seed) {
        this.left = new End(left, "192.0.2.1");
        this.right = new End(right, "192.0.2.2");
        this.routes = routes;
        this.delayMillisMax = delayMillisMax;
        this.random = new SplittableRandom(seed);
        this.left.tick();
        this.right.tick();
    }

    void start(End end) {
        on(end, end.connections.connectionId(), new Event.Start());
    }

    /// Moves the clock to the next thing due, if that is no later than `untilMillis`, and does it.
    boolean step(long untilMillis) {
        Due next = due.peek();
        if (next == null || next.millis > untilMillis) {
            nowMillis = Math.max(nowMillis, untilMillis);
            return false;
        }
        due.remove();
        nowMillis = next.millis;
        next.task.run();
        checkInvariants(left);
        checkInvariants(right);
        return true;
    }

    /// Lets so much time pass.
    void pass(long millis) {
        long until = nowMillis + millis;
        while (step(until)) {}
    }

    /// Ends every connection without a word; each end learns of it in its own time, or, when the
    /// network is silent, only by its timers.
    void breakConnections() {
        for (End end : List.of(left, right)) {
            Map.copyOf(end.wires)
                    .forEach((connectionId, wire) -> {
                        wire.connectionIds.remove(other(end));
                        later(delay(), () -> gone(end, connectionId, "reset"));
                    });
        }
    }

    /// The program at one end is killed and starts again.
    void restart(End end) {
        Map.copyOf(end.wires).forEach((_, wire) -> hangUp(end, wire));
        end.wires.clear();
        end.armed.clear();
        end.learned.clear();
        end.connections = NeighborConnections.idle(end.connections.session());
        end.desired = Advertisements.NONE;
        start(end);
    }

    /// A connection that nobody meant, from one end's address to the other's.
    void strayConnection(End from) {
        later(delay(), () -> accept(other(from), new Wire()));
    }

    private void checkInvariants(End end) {
        Supplier<String> when = () -> "at " + nowMillis + " ms: " + end.connections;
        NeighborConnection rival = end.connections.rival();
        assertFalse(rival != null && rival.state() instanceof State.Established, when);
        for (int connectionId : end.wires.keySet()) {
            boolean known =
                    connectionId == end.connections.connectionId()
                            || (rival != null && connectionId == rival.connectionId());
            assertTrue(known, () -> "connection " + connectionId + " is nobody's " + when.get());
        }
        for (int connectionId : end.armed.keySet()) {
            boolean known =
                    connectionId == end.connections.connectionId()
                            || (rival != null && connectionId == rival.connectionId());
            assertTrue(known, () -> "timers of " + connectionId + " run on " + when.get());
        }
        if (end.state() instanceof State.Established up && !up.announced().routes().isEmpty()) {
            assertTrue(
                    nowMillis <= end.leaseEndMillis + TICK_MILLIS, () -> "no lease " + when.get());
        }
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void on(End end, int connectionId, Event event) {
        follow(end, end.connections.on(connectionId, event));
    }

    private void follow(End end, ConnectionsStep step) {
        NeighborConnections before = end.connections;
        end.connections = step.connections();
        boolean up = false;
        for (ConnectionAction ordered : step.actions()) {
            end.log.add(ordered.action());
            perform(end, ordered, before.codec(ordered.connectionId()));
            up |= ordered.action() instanceof Action.Up;
        }
        if (up) {
            on(end, end.connections.connectionId(), new Event.Advertise(end.desired));
        }
    }

    private void perform(End end, ConnectionAction ordered, Codec codec) {
        int connectionId = ordered.connectionId();
        switch (ordered.action()) {
            case Action.Connect _ -> later(delay(), () -> dial(end, connectionId));
            case Action.Send(Message message) -> {
                Wire wire = end.wires.get(connectionId);
                if (wire == null) {
                    throw new AssertionError(
                            "sent while closed: " + message + " " + end.connections);
                }
                carry(end, wire, codec.encode(message));
                later(0, () -> on(end, connectionId, new Event.Sent()));
            }
            case Action.Close _ -> {
                end.armed.remove(connectionId);
                Wire wire = end.wires.remove(connectionId);
                if (wire != null) {
                    hangUp(end, wire);
                }
            }
            case Action.Arm(Timer timer, long millis) -> {
                long mark = ++order;
                Map<Timer, Long> timers =
                        end.armed.computeIfAbsent(connectionId, _ -> new EnumMap<>(Timer.class));
                timers.put(timer, mark);
                later(
                        timer.delayMillis(millis, random),
                        () -> {
                            if (timers.getOrDefault(timer, 0L) == mark) {
                                on(end, connectionId, new Event.Expired(timer));
                            }
                        });
            }
            case Action.Disarm(Timer timer) ->
                    end.armed.getOrDefault(connectionId, new EnumMap<>(Timer.class)).remove(timer);
            case Action.Deliver(Message.Update update) -> {
                update.allWithdrawn().forEach(end.learned::remove);
                end.learned.addAll(update.allAnnounced());
            }
            case Action.Down(String reason) -> {
                collisions += reason.contains("collision") ? 1 : 0;
                if (!(end.state() instanceof State.Established)) {
                    end.learned.clear();
                }
            }
            case Action.Up _, Action.Refuse _ -> {}
        }
    }

    private void dial(End from, int connectionId) {
        if (!from.armed.containsKey(connectionId)) {
            return; // given up meanwhile
        }
        if (!linked || !from.dials || other(from).state() instanceof State.Idle) {
            on(from, connectionId, new Event.Closed("refused"));
            return;
        }
        Wire wire = new Wire();
        later(delay(), () -> accept(other(from), wire));
        wire.connectionIds.put(from, connectionId);
        from.wires.put(connectionId, wire);
        on(from, connectionId, new Event.Connected(from.address));
    }

    private void accept(End at, Wire wire) {
        int connectionId = at.connections.nextConnectionId();
        wire.connectionIds.put(at, connectionId);
        at.wires.put(connectionId, wire);
        follow(at, at.connections.accept(at.address));
    }

    /// In order, like TCP.
    private void carry(End from, Wire wire, byte[] octets) {
        End to = other(from);
        long arrival =
                Math.max(
                        wire.lastArrival.getOrDefault(to, 0L),
                        nowMillis + delayMillisMax + delay());
        wire.lastArrival.put(to, arrival);
        wire.lossy |= !linked;
        if (!wire.lossy) {
            later(
                    arrival - nowMillis,
                    () -> {
                        Integer connectionId = wire.connectionIds.get(to);
                        if (connectionId != null && to.wires.containsKey(connectionId)) {
                            receive(to, connectionId, octets);
                        }
                    });
        }
    }

    private void receive(End to, int connectionId, byte[] octets) {
        switch (to.connections.codec(connectionId).decode(octets)) {
            case Decoded.Intact(Message message) ->
                    on(to, connectionId, new Event.Received(message));
            case Decoded.Tolerated(Message.Update update, List<String> _) ->
                    on(to, connectionId, new Event.Received(update));
            case Decoded.Broken broken -> on(to, connectionId, new Event.Garbled(broken));
        }
    }

    /// What was sent before still arrives; then the other end sees the end.
    private void hangUp(End end, Wire wire) {
        End to = other(end);
        wire.connectionIds.remove(end);
        long arrival = Math.max(wire.lastArrival.getOrDefault(to, 0L), nowMillis + delayMillisMax);
        wire.lossy |= !linked;
        if (!wire.lossy) {
            later(
                    arrival - nowMillis + 1,
                    () -> {
                        Integer connectionId = wire.connectionIds.get(to);
                        if (connectionId != null) {
                            gone(to, connectionId, "closed by the other end");
                        }
                    });
        }
    }

    private void gone(End end, int connectionId, String reason) {
        if (end.wires.remove(connectionId) != null) {
            on(end, connectionId, new Event.Closed(reason));
        }
    }

    private long delay() {
        return random.nextLong(delayMillisMax + 1);
    }

    private void later(long millis, Runnable task) {
        due.add(new Due(nowMillis + millis, ++order, task));
    }

    /// Both ends agree on one connection and on what is announced over it.
    void assertAgreed(String seed) {
        assertTrue(left.state() instanceof State.Established, () -> seed + left.connections);
        assertTrue(right.state() instanceof State.Established, () -> seed + right.connections);
        assertEquals(1, left.wires.size(), seed);
        assertEquals(left.wires.values().stream().toList(), right.wires.values().stream().toList());
        State.Established up = (State.Established) left.state();
        assertEquals(
                List.copyOf(up.announced().routes().keySet()), List.copyOf(right.learned), seed);
    }
}
