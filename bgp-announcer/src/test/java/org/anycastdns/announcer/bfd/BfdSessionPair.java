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
final class BfdSessionPair {

    /// One end: a session, its state, and what it did.
    static final class End {

        final String name;
        BfdSession session;
        BfdState state = BfdSession.FIRST;
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
        private final Map<BfdTimer, Long> armed = new EnumMap<>(BfdTimer.class);

        private End(String name, BfdSession session) {
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

    BfdSessionPair(BfdSession left, BfdSession right, long delayMicrosMax, long seed) {
        this.left = new End("left", left);
        this.right = new End("right", right);
        this.delayMicrosMax = delayMicrosMax;
        this.random = new SplittableRandom(seed);
    }

    /// Lets an event happen at an end, and does what it leads to.
    void on(End end, BfdEvent event) {
        BfdState before = end.state;
        follow(end, end.session.on(before, event), event);
        check(end, before, event);
        if (!end.state.polling()) {
            end.session = end.session.settled();
        }
    }

    /// An operator changes the parameters of an end.
    void change(End end, long micros, int multiplier) {
        end.session = end.session.changed(micros, micros, multiplier);
        follow(end, end.session.announced(end.state), new BfdEvent.Start());
    }

    private void follow(End end, BfdStep step, BfdEvent event) {
        BfdState before = end.state;
        end.state = step.state();
        if (before.onWire() != end.state.onWire()) {
            note(end.name + " " + before.onWire() + " -> " + end.state.onWire() + " on " + event);
        }
        if (end.state instanceof BfdState.Init || end.state instanceof BfdState.Up) {
            end.initiatedMicros = nowMicros;
        }
        boolean periodic =
                event instanceof BfdEvent.Expired(BfdTimer timer) && timer == BfdTimer.TRANSMIT;
        for (BfdAction action : step.actions()) {
            perform(end, action, periodic);
        }
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
        end.state = BfdSession.FIRST;
        end.session =
                new BfdSession(
                        discriminator,
                        end.session.desiredMinTxMicros(),
                        end.session.requiredMinRxMicros(),
                        end.session.detectMultiplier());
        on(end, new BfdEvent.Start());
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
        return left.state instanceof BfdState.Up && right.state instanceof BfdState.Up;
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void perform(End end, BfdAction action, boolean periodic) {
        switch (action) {
            case BfdAction.Send(Packet packet) -> {
                if (periodic) {
                    checkPace(end);
                }
                end.periodicMicros = packet.isFinal() ? end.periodicMicros : nowMicros;
                end.sentMicros = nowMicros;
                carry(other(end), BfdCodec.encode(packet));
            }
            case BfdAction.Arm(BfdTimer timer, long micros) -> {
                long mark = ++order;
                end.armed.put(timer, mark);
                end.heardMicros = timer == BfdTimer.DETECTION ? nowMicros : end.heardMicros;
                long from = timer == BfdTimer.TRANSMIT ? end.sentMicros : nowMicros;
                long delay = timer.delayMicros(micros, end.session.detectMultiplier(), random);
                later(
                        Math.max(0, from + delay - nowMicros),
                        () -> {
                            if (end.armed.getOrDefault(timer, 0L) == mark) {
                                on(end, new BfdEvent.Expired(timer));
                            }
                        });
            }
            case BfdAction.Disarm(BfdTimer timer) -> end.armed.remove(timer);
            case BfdAction.Up _ -> end.ups++;
            case BfdAction.Down _ -> end.downs++;
            case BfdAction.Discarded _ -> {}
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
        if (to.alive && BfdCodec.decode(octets) instanceof BfdDecoded.Intact(Packet packet)) {
            on(to, new BfdEvent.Received(packet));
        }
    }

    /// Never faster than agreed: at least three quarters of the slower of what this end wants to
    /// send, a second while not Up, and the other can receive (RFC 5880 section 6.8.7).
    private void checkPace(End end) {
        if (end.periodicMicros >= 0) {
            boolean up = end.state instanceof BfdState.Up;
            long desired =
                    up && end.state.polling()
                            ? Math.min(end.session.lastTxMicros(), end.session.desiredMinTxMicros())
                            : end.session.desiredMinTxMicros();
            long agreed =
                    Math.max(
                            up ? desired : Math.max(1_000_000, desired),
                            end.state.remote().requiredMinRxMicros());
            long gap = nowMicros - end.periodicMicros;
            require(gap >= agreed * 3 / 4 - 1, end.name + " sent after " + gap + " of " + agreed);
        }
    }

    private void check(End end, BfdState before, BfdEvent event) {
        boolean cameUp = !(before instanceof BfdState.Up) && end.state instanceof BfdState.Up;
        if (cameUp) {
            End other = other(end);
            require(
                    nowMicros - other.initiatedMicros <= delayMicrosMax
                            || other.state instanceof BfdState.Init
                            || other.state instanceof BfdState.Up,
                    end.name + " is Up, and the other end was never even Init");
        }
        if (end.state instanceof BfdState.Up) {
            require(end.state.remote().discriminator() != 0, "Up with nobody");
            require(
                    nowMicros - end.heardMicros <= end.session.detectionMicros(end.state),
                    end.name + " is Up after silence beyond the detection time");
        }
        boolean lost =
                before instanceof BfdState.Up
                        && event instanceof BfdEvent.Expired(BfdTimer timer)
                        && timer == BfdTimer.DETECTION;
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
