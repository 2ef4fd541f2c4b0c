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

        final Map<End, Integer> lives = new HashMap<>();
        final Map<End, Long> lastArrival = new HashMap<>();
        boolean lossy; // something was lost: nothing behind it ever arrives
    }

    /// One end: its tracks, what exists of each life, and what it did.
    final class End {

        final InetAddress address;
        final List<Action> log = new ArrayList<>();
        final TreeSet<Prefix> learnt = new TreeSet<>();
        Tracks tracks;
        boolean healthy;

        /// Whether its attempts to connect come to anything.
        boolean dials = true;

        long leaseEndMillis = -1;
        private Advertisements desired = Advertisements.NONE;
        private final Map<Integer, Wire> wires = new HashMap<>();
        private final Map<Integer, Map<Timer, Long>> armed = new HashMap<>();

        private End(Session session, String address) {
            this.tracks = Tracks.idle(session);
            this.address = Addresses.of(Addresses.parse(address));
        }

        State state() {
            return tracks.state();
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
            on(this, tracks.life(), new Event.Advertise(routes));
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
        on(end, end.tracks.life(), new Event.Start());
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
                    .forEach((life, wire) -> {
                        wire.lives.remove(other(end));
                        later(delay(), () -> gone(end, life, "reset"));
                    });
        }
    }

    /// The program at one end is killed and starts again.
    void restart(End end) {
        Map.copyOf(end.wires).forEach((_, wire) -> hangUp(end, wire));
        end.wires.clear();
        end.armed.clear();
        end.learnt.clear();
        end.tracks = Tracks.idle(end.tracks.session());
        end.desired = Advertisements.NONE;
        start(end);
    }

    /// A connection that nobody meant, from one end's address to the other's.
    void strayConnection(End from) {
        later(delay(), () -> accept(other(from), new Wire()));
    }

    private void checkInvariants(End end) {
        Supplier<String> when = () -> "at " + nowMillis + " ms: " + end.tracks;
        Track rival = end.tracks.rival();
        assertFalse(rival != null && rival.state() instanceof State.Established, when);
        for (int life : end.wires.keySet()) {
            boolean known = life == end.tracks.life() || (rival != null && life == rival.life());
            assertTrue(known, () -> "connection " + life + " is nobody's " + when.get());
        }
        for (int life : end.armed.keySet()) {
            boolean known = life == end.tracks.life() || (rival != null && life == rival.life());
            assertTrue(known, () -> "timers of " + life + " run on " + when.get());
        }
        if (end.state() instanceof State.Established up && !up.announced().routes().isEmpty()) {
            assertTrue(
                    nowMillis <= end.leaseEndMillis + TICK_MILLIS, () -> "no lease " + when.get());
        }
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void on(End end, int life, Event event) {
        follow(end, end.tracks.on(life, event));
    }

    private void follow(End end, Turn turn) {
        Tracks before = end.tracks;
        end.tracks = turn.tracks();
        boolean up = false;
        for (Turn.Act act : turn.acts()) {
            end.log.add(act.action());
            perform(end, act, before.codec(act.life()));
            up |= act.action() instanceof Action.Up;
        }
        if (up) {
            on(end, end.tracks.life(), new Event.Advertise(end.desired));
        }
    }

    private void perform(End end, Turn.Act act, Codec codec) {
        int life = act.life();
        switch (act.action()) {
            case Action.Connect _ -> later(delay(), () -> dial(end, life));
            case Action.Send(Message message) -> {
                Wire wire = end.wires.get(life);
                if (wire == null) {
                    throw new AssertionError("sent while closed: " + message + " " + end.tracks);
                }
                carry(end, wire, codec.encode(message));
                later(0, () -> on(end, life, new Event.Sent()));
            }
            case Action.Close _ -> {
                end.armed.remove(life);
                Wire wire = end.wires.remove(life);
                if (wire != null) {
                    hangUp(end, wire);
                }
            }
            case Action.Arm(Timer timer, long millis) -> {
                long mark = ++order;
                Map<Timer, Long> timers =
                        end.armed.computeIfAbsent(life, _ -> new EnumMap<>(Timer.class));
                timers.put(timer, mark);
                later(
                        timer.delayMillis(millis, random),
                        () -> {
                            if (timers.getOrDefault(timer, 0L) == mark) {
                                on(end, life, new Event.Expired(timer));
                            }
                        });
            }
            case Action.Disarm(Timer timer) ->
                    end.armed.getOrDefault(life, new EnumMap<>(Timer.class)).remove(timer);
            case Action.Deliver(Message.Update update) -> {
                update.allWithdrawn().forEach(end.learnt::remove);
                end.learnt.addAll(update.allAnnounced());
            }
            case Action.Down(String reason) -> {
                collisions += reason.contains("collision") ? 1 : 0;
                if (!(end.state() instanceof State.Established)) {
                    end.learnt.clear();
                }
            }
            case Action.Up _, Action.Refuse _ -> {}
        }
    }

    private void dial(End from, int life) {
        if (!from.armed.containsKey(life)) {
            return; // given up meanwhile
        }
        if (!linked || !from.dials || other(from).state() instanceof State.Idle) {
            on(from, life, new Event.Closed("refused"));
            return;
        }
        Wire wire = new Wire();
        later(delay(), () -> accept(other(from), wire));
        wire.lives.put(from, life);
        from.wires.put(life, wire);
        on(from, life, new Event.Connected(from.address));
    }

    private void accept(End at, Wire wire) {
        int life = at.tracks.lives();
        wire.lives.put(at, life);
        at.wires.put(life, wire);
        follow(at, at.tracks.accept(at.address));
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
                        Integer life = wire.lives.get(to);
                        if (life != null && to.wires.containsKey(life)) {
                            receive(to, life, octets);
                        }
                    });
        }
    }

    private void receive(End to, int life, byte[] octets) {
        switch (to.tracks.codec(life).decode(octets)) {
            case Decoded.Intact(Message message) -> on(to, life, new Event.Received(message));
            case Decoded.Tolerated(Message.Update update, List<String> _) ->
                    on(to, life, new Event.Received(update));
            case Decoded.Broken broken -> on(to, life, new Event.Garbled(broken));
        }
    }

    /// What was sent before still arrives; then the other end sees the end.
    private void hangUp(End end, Wire wire) {
        End to = other(end);
        wire.lives.remove(end);
        long arrival = Math.max(wire.lastArrival.getOrDefault(to, 0L), nowMillis + delayMillisMax);
        wire.lossy |= !linked;
        if (!wire.lossy) {
            later(
                    arrival - nowMillis + 1,
                    () -> {
                        Integer life = wire.lives.get(to);
                        if (life != null) {
                            gone(to, life, "closed by the other end");
                        }
                    });
        }
    }

    private void gone(End end, int life, String reason) {
        if (end.wires.remove(life) != null) {
            on(end, life, new Event.Closed(reason));
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
        assertTrue(left.state() instanceof State.Established, () -> seed + left.tracks);
        assertTrue(right.state() instanceof State.Established, () -> seed + right.tracks);
        assertEquals(1, left.wires.size(), seed);
        assertEquals(left.wires.values().stream().toList(), right.wires.values().stream().toList());
        State.Established up = (State.Established) left.state();
        assertEquals(
                List.copyOf(up.announced().routes().keySet()), List.copyOf(right.learnt), seed);
    }
}
