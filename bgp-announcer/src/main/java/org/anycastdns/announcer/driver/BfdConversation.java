package org.anycastdns.announcer.driver;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.anycastdns.announcer.bfd.Action;
import org.anycastdns.announcer.bfd.Codec;
import org.anycastdns.announcer.bfd.Decoded;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.Event;
import org.anycastdns.announcer.bfd.Packet;
import org.anycastdns.announcer.bfd.Session;
import org.anycastdns.announcer.bfd.State;
import org.anycastdns.announcer.bfd.Step;
import org.anycastdns.announcer.bfd.Timer;
import org.anycastdns.announcer.daemon.LongLived;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One BFD session at work; all its state belongs to the thread of BFD, and what others may see is
/// published as an immutable [BfdStatus].
final class BfdConversation {

    private static final Logger log = LoggerFactory.getLogger(BfdSessions.class);

    /// A detection timer that is late by more than this says that we stood still, not the
    /// neighbour: what it sent meanwhile waits in the socket.
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// Time for the event loop to read what waits.
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// Between two warnings of our own lateness.
    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Session session;
    private final Neighbor neighbor;
    private final EventLoop loop;
    private final Datagrams.Outgoing outgoing;
    private final Observer observer;
    private final BiConsumer<Neighbor, String> down;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<Timer, Future<?>> timers = new EnumMap<>(Timer.class);

    /// What the neighbour's packets have been discarded for since the session was last up: told to
    /// the log once.
    private final Set<Discard> discarded = EnumSet.noneOf(Discard.class);

    private State state = Session.FIRST;
    private long sentNanos;
    private long complainedNanos = System.nanoTime() - COMPLAINT_NANOS;
    private Instant since = Instant.now();
    private String lastError = "";
    private int flaps;
    private volatile BfdStatus status;

    BfdConversation(
            Session session,
            Neighbor neighbor,
            EventLoop loop,
            Datagrams.Outgoing outgoing,
            Observer observer,
            BiConsumer<Neighbor, String> down) {
        this.session = session;
        this.neighbor = neighbor;
        this.loop = loop;
        this.outgoing = outgoing;
        this.observer = observer;
        this.down = down;
        this.status = describe();
    }

    BfdStatus status() {
        return status;
    }

    /// Begins to send. Thread-safe.
    void start() {
        loop.execute(LongLived.task(() -> on(new Event.Start())));
    }

    /// Tells the neighbour that the end is on purpose; on the event loop.
    void stop() {
        on(new Event.Stop());
    }

    /// Takes a datagram from the neighbour's address; on the event loop.
    void received(byte[] octets) {
        switch (Codec.decode(octets)) {
            case Decoded.Intact(Packet packet) -> on(new Event.Received(packet));
            case Decoded.Unfit(Discard why) -> discard(why);
        }
    }

    private void on(Event event) {
        State before = state;
        Step step = session.on(before, event);
        state = step.state();
        boolean moved = before.onWire() != state.onWire();
        if (moved) {
            since = Instant.now();
        }
        for (Action action : step.actions()) {
            perform(action);
        }
        if (!before.equals(state)) {
            BfdStatus last = status;
            status = describe();
            report(last);
        }
        if (moved) {
            observer.bfdChanged(neighbor, state.onWire());
        }
    }

    /// The intervals agreed upon, whenever they are others.
    private void report(BfdStatus last) {
        boolean others =
                last.transmitMillis() != status.transmitMillis()
                        || last.detectionMillis() != status.detectionMillis();
        if (state instanceof State.Up && others) {
            log.info(
                    "neighbor {}: BFD packets every {} ms, silence detected in {} ms",
                    neighbor,
                    status.transmitMillis(),
                    status.detectionMillis());
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Send(Packet packet) -> {
                outgoing.send(Codec.encode(packet));
                sentNanos = System.nanoTime();
            }
            case Action.Arm(Timer timer, long micros) -> arm(timer, micros);
            case Action.Disarm(Timer timer) -> cancel(timer);
            case Action.Up _ -> {
                discarded.clear();
                log.info("neighbor {}: BFD up", neighbor);
            }
            case Action.Down(boolean failed, String reason) -> down(failed, reason);
            case Action.Discarded(Discard why) -> discard(why);
        }
    }

    private void down(boolean failed, String reason) {
        flaps++;
        lastError = reason;
        if (failed) {
            down.accept(neighbor, reason);
            log.warn("neighbor {}: BFD down: {}", neighbor, reason);
        } else {
            log.info("neighbor {}: BFD down: {}; BGP is left alone", neighbor, reason);
        }
    }

    private void arm(Timer timer, long micros) {
        cancel(timer);
        long delay =
                TimeUnit.MICROSECONDS.toNanos(
                        timer.delayMicros(micros, session.detectMultiplier(), random));
        long now = System.nanoTime();
        long due =
                switch (timer) {
                    case TRANSMIT -> sentNanos + delay;
                    case DETECTION -> now + delay;
                };
        Runnable task =
                switch (timer) {
                    case TRANSMIT -> () -> transmit(due);
                    case DETECTION -> () -> detect(due);
                };
        timers.put(
                timer,
                loop.schedule(LongLived.task(task), Math.max(0, due - now), TimeUnit.NANOSECONDS));
    }

    private void transmit(long due) {
        long now = System.nanoTime();
        long late = now - due;
        observer.bfdLate(neighbor, Duration.ofNanos(late));
        long interval = TimeUnit.MICROSECONDS.toNanos(session.transmitMicros(state));
        if (late > interval / 2 && now - complainedNanos >= COMPLAINT_NANOS) {
            complainedNanos = now;
            log.warn(
                    "neighbor {}: a BFD packet left {} ms late: this host is too busy for an"
                            + " interval of {} ms, see bfd_lateness_seconds",
                    neighbor,
                    TimeUnit.NANOSECONDS.toMillis(late),
                    TimeUnit.NANOSECONDS.toMillis(interval));
        }
        on(new Event.Expired(Timer.TRANSMIT));
    }

    private void detect(long due) {
        if (System.nanoTime() - due > STALL_NANOS) {
            // A packet that is read now arms the timer anew and so cancels this.
            Future<?> last =
                    loop.schedule(
                            LongLived.task(() -> on(new Event.Expired(Timer.DETECTION))),
                            CATCH_UP_NANOS,
                            TimeUnit.NANOSECONDS);
            timers.put(Timer.DETECTION, last);
        } else {
            on(new Event.Expired(Timer.DETECTION));
        }
    }

    private void cancel(Timer timer) {
        Future<?> running = timers.remove(timer);
        if (running != null) {
            running.cancel(false);
        }
    }

    private void discard(Discard why) {
        observer.bfdDiscarded(why);
        if (why != Discard.STOPPED && discarded.add(why)) {
            log.warn("neighbor {}: BFD packets discarded: {}", neighbor, why.text());
        }
    }

    private BfdStatus describe() {
        boolean known = state.remote().discriminator() != 0;
        return new BfdStatus(
                state.onWire().toString(),
                since,
                state.remote().state().toString(),
                state.diagnostic().toString(),
                session.transmitMicros(state) / 1000,
                known ? session.detectionMicros(state) / 1000 : 0,
                lastError,
                flaps);
    }
}
