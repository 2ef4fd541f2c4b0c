package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;

/// Two sessions joined by a link in memory, under a clock that only moves from one thing due to the
/// next. `left` connects, `right` is connected to. Messages travel as octets and take a while.
final class SessionPair {

    /// One end: a session, its state, and what it did.
    static final class End {

        final Session session;
        final InetAddress address;
        final List<Action> log = new ArrayList<>();
        State state;
        private final Map<Timer, Long> armed = new EnumMap<>(Timer.class);

        private End(Session session, State state, String address) {
            this.session = session;
            this.state = state;
            this.address = Addresses.of(Addresses.parse(address));
        }
    }

    private record Due(long millis, long order, Runnable task) {}

    final End left;
    final End right;
    long nowMillis;
    boolean linked = true;
    private final SplittableRandom random;
    private final long delayMillisMax;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(
                    Comparator.comparingLong(Due::millis).thenComparingLong(Due::order));
    private long order;
    private long lastArrivalMillis;
    private int connection;
    private boolean open;

    SessionPair(Session left, Session right, long delayMillisMax, long seed) {
        this.left = new End(left, new State.Idle(0), "192.0.2.1");
        this.right = new End(right, new State.Active(0), "192.0.2.2");
        this.delayMillisMax = delayMillisMax;
        this.random = new SplittableRandom(seed);
    }

    /// Lets an event happen at an end, and does what it leads to.
    void on(End end, Event event) {
        Codec codec = end.state.codec();
        Step step = end.session.on(end.state, event);
        end.state = step.state();
        for (Action action : step.actions()) {
            end.log.add(action);
            perform(end, action, codec);
        }
        if (end == right && end.state instanceof State.Idle) {
            end.state = new State.Active(0); // listens on, for the next connection
            end.armed.clear();
        }
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
        return true;
    }

    /// Lets so much time pass.
    void pass(long millis) {
        long until = nowMillis + millis;
        while (step(until)) {}
    }

    /// Ends the connection without a word; both ends learn of it.
    void breakConnection() {
        if (open) {
            open = false;
            connection++;
            on(left, new Event.Closed("reset"));
            on(right, new Event.Closed("reset"));
        }
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void perform(End end, Action action, Codec codec) {
        switch (action) {
            case Action.Connect _ -> {
                int attempt = ++connection;
                later(1, () -> connected(attempt));
            }
            case Action.Send(Message message) -> {
                if (!open) {
                    throw new AssertionError("sent while closed: " + message);
                }
                if (linked) {
                    carry(other(end), codec.encode(message));
                }
            }
            case Action.Close _ -> close(end);
            case Action.Arm(Timer timer, long millis) -> {
                long mark = ++order;
                end.armed.put(timer, mark);
                later(
                        timer.delayMillis(millis, random),
                        () -> {
                            if (end.armed.getOrDefault(timer, 0L) == mark) {
                                on(end, new Event.Expired(timer));
                            }
                        });
            }
            case Action.Disarm(Timer timer) -> end.armed.remove(timer);
            case Action.Up _, Action.Down _, Action.Deliver _, Action.Refuse _ -> {}
        }
    }

    private void connected(int attempt) {
        if (attempt != connection) {
            return;
        }
        if (!linked || !(right.state instanceof State.Active)) {
            on(left, new Event.Closed("refused"));
            return;
        }
        open = true;
        on(left, new Event.Connected(left.address));
        on(right, new Event.Connected(right.address));
    }

    /// In order, like TCP.
    private void carry(End to, byte[] octets) {
        int on = connection;
        lastArrivalMillis =
                Math.max(lastArrivalMillis, nowMillis + random.nextLong(delayMillisMax + 1));
        later(
                lastArrivalMillis - nowMillis,
                () -> {
                    if (on == connection && open) {
                        receive(to, octets);
                    }
                });
    }

    private void receive(End to, byte[] octets) {
        switch (to.state.codec().decode(octets)) {
            case Decoded.Intact(Message message) -> on(to, new Event.Received(message));
            case Decoded.Tolerated(Message.Update update, List<String> _) ->
                    on(to, new Event.Received(update));
            case Decoded.Broken broken -> on(to, new Event.Garbled(broken));
        }
    }

    /// What was sent before the close still arrives; then the other end sees the end.
    private void close(End end) {
        int was = connection;
        boolean wasOpen = open;
        later(
                Math.max(0, lastArrivalMillis - nowMillis),
                () -> {
                    if (wasOpen && was == connection && open) {
                        open = false;
                        connection++;
                        on(other(end), new Event.Closed("closed by the other end"));
                    }
                });
    }

    private void later(long millis, Runnable task) {
        due.add(new Due(nowMillis + millis, ++order, task));
    }
}
