package org.anycastdns.announcer.bfd;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// Two sessions joined by a link in memory that loses, delays, reorders and repeats packets, under
/// a clock that only moves from one thing due to the next. Packets travel as octets. After every
/// step the invariants are checked.
final class SessionPair {

    /// One end: a session, its state, and what it did.
    static final class End {

        final String name;
        Session session;
        State state = Session.FIRST;
        int ups;
        int downs;

        /// When a periodic packet left last; -1 for none since the last change.
        private long periodicMicros = -1;

        /// The longest wait that was agreed on since then.
        private long sentMicros;

        private long heardMicros;
        private long arrivalMicros;

        /// When this end was last Init or Up.
        private long initiatedMicros = Long.MIN_VALUE / 2;

        private boolean alive = true;
        private final Map<Timer, Long> armed = new EnumMap<>(Timer.class);

        private End(String name, Session session) {
            this.name = name;
            this.session = session;
        }
    }

    private record Due(long micros, long order, Runnable task) {}

    final End left;
    final End right;
    long nowMicros;

    /// How many packets of a hundred are lost on the way from the left and from the right.
    int leftLossPercent;

    int rightLossPercent;

    /// How many packets of a hundred arrive twice.
    int repeatPercent;

    /// Whether packets overtake each other, which they do not on one link.
    boolean reorders;

    final long delayMicrosMax;
    private final SplittableRandom random;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(
                    Comparator.comparingLong(Due::micros).thenComparingLong(Due::order));
    private final Deque<String> history = new ArrayDeque<>();
    private long order;

    SessionPair(Session left, Session right, long delayMicrosMax, long seed) {
        this.left = new End("left", left);
        this.right = new End("right", right);
        this.delayMicrosMax = delayMicrosMax;
        this.random = new SplittableRandom(seed);
    }

    /// Lets an event happen at an end, and does what it leads to.
    void on(End end, Event event) {
        State before = end.state;
        Step step = end.session.on(before, event);
        end.state = step.state();
        if (before.onWire() != end.state.onWire()) {
            note(end.name + " " + before.onWire() + " -> " + end.state.onWire() + " on " + event);
        }
        if (end.state instanceof State.Init || end.state instanceof State.Up) {
            end.initiatedMicros = nowMicros;
        }
        boolean periodic = event instanceof Event.Expired(Timer timer) && timer == Timer.TRANSMIT;
        for (Action action : step.actions()) {
            perform(end, action, periodic);
        }
        check(end, before, event);
    }

    /// The end is gone without a word, as when its host is.
    void kill(End end) {
        end.alive = false;
        end.armed.clear();
    }

    /// A new process in the place of the old, with a discriminator of its own.
    void restart(End end, int discriminator) {
        kill(end);
        end.alive = true;
        end.periodicMicros = -1;
        end.state = Session.FIRST;
        end.session =
                new Session(
                        discriminator,
                        end.session.desiredMinTxMicros(),
                        end.session.requiredMinRxMicros(),
                        end.session.detectMultiplier());
        on(end, new Event.Start());
    }

    /// Lets so much time pass.
    void pass(long micros) {
        long until = nowMicros + micros;
        while (!due.isEmpty() && due.peek().micros <= until) {
            Due next = due.remove();
            nowMicros = next.micros;
            next.task.run();
        }
        nowMicros = until;
    }

    boolean bothUp() {
        return left.state instanceof State.Up && right.state instanceof State.Up;
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void perform(End end, Action action, boolean periodic) {
        switch (action) {
            case Action.Send(Packet packet) -> {
                if (periodic) {
                    checkPace(end);
                }
                end.periodicMicros = packet.isFinal() ? end.periodicMicros : nowMicros;
                end.sentMicros = nowMicros;
                carry(other(end), Codec.encode(packet));
            }
            case Action.Arm(Timer timer, long micros) -> {
                long mark = ++order;
                end.armed.put(timer, mark);
                end.heardMicros = timer == Timer.DETECTION ? nowMicros : end.heardMicros;
                long from = timer == Timer.TRANSMIT ? end.sentMicros : nowMicros;
                long delay = timer.delayMicros(micros, end.session.detectMultiplier(), random);
                later(
                        Math.max(0, from + delay - nowMicros),
                        () -> {
                            if (end.armed.getOrDefault(timer, 0L) == mark) {
                                on(end, new Event.Expired(timer));
                            }
                        });
            }
            case Action.Disarm(Timer timer) -> end.armed.remove(timer);
            case Action.Up _ -> end.ups++;
            case Action.Down _ -> end.downs++;
            case Action.Discarded _ -> {}
        }
    }

    private void carry(End to, byte[] octets) {
        int loss = to == right ? leftLossPercent : rightLossPercent;
        int copies = random.nextInt(100) < repeatPercent ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
            if (random.nextInt(100) >= loss) {
                long arrival = nowMicros + random.nextLong(delayMicrosMax + 1);
                to.arrivalMicros = Math.max(to.arrivalMicros, arrival);
                later(
                        (reorders ? arrival : to.arrivalMicros) - nowMicros,
                        () -> arrive(to, octets));
            }
        }
    }

    private void arrive(End to, byte[] octets) {
        if (to.alive && Codec.decode(octets) instanceof Decoded.Intact(Packet packet)) {
            on(to, new Event.Received(packet));
        }
    }

    /// Never faster than agreed: at least three quarters of the slower of what this end wants to
    /// send, a second while not Up, and the other can receive (RFC 5880 section 6.8.7).
    private void checkPace(End end) {
        if (end.periodicMicros >= 0) {
            boolean up = end.state instanceof State.Up;
            long desired = end.session.desiredMinTxMicros();
            long agreed =
                    Math.max(
                            up ? desired : Math.max(1_000_000, desired),
                            end.state.remote().requiredMinRxMicros());
            long gap = nowMicros - end.periodicMicros;
            require(gap >= agreed * 3 / 4 - 1, end.name + " sent after " + gap + " of " + agreed);
        }
    }

    private void check(End end, State before, Event event) {
        boolean cameUp = !(before instanceof State.Up) && end.state instanceof State.Up;
        if (cameUp) {
            End other = other(end);
            require(
                    nowMicros - other.initiatedMicros <= delayMicrosMax
                            || other.state instanceof State.Init
                            || other.state instanceof State.Up,
                    end.name + " is Up, and the other end was never even Init");
        }
        if (end.state instanceof State.Up) {
            require(end.state.remote().discriminator() != 0, "Up with nobody");
            require(
                    nowMicros - end.heardMicros <= end.session.detectionMicros(end.state),
                    end.name + " is Up after silence beyond the detection time");
        }
        boolean lost =
                before instanceof State.Up
                        && event instanceof Event.Expired(Timer timer)
                        && timer == Timer.DETECTION;
        if (lost) {
            require(
                    nowMicros - end.heardMicros >= end.session.detectionMicros(before),
                    end.name + " gave up before the detection time");
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(
                    what + " at " + nowMicros + " us\n" + String.join("\n", history));
        }
    }

    private void note(String line) {
        history.add(nowMicros + " " + line);
        if (history.size() > 40) {
            history.remove();
        }
    }

    private void later(long micros, Runnable task) {
        due.add(new Due(nowMicros + micros, ++order, task));
    }
}
