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
import org.anycastdns.announcer.bfd.BfdAction;
import org.anycastdns.announcer.bfd.BfdCodec;
import org.anycastdns.announcer.bfd.BfdDecoded;
import org.anycastdns.announcer.bfd.BfdEvent;
import org.anycastdns.announcer.bfd.BfdSeal;
import org.anycastdns.announcer.bfd.BfdSession;
import org.anycastdns.announcer.bfd.BfdState;
import org.anycastdns.announcer.bfd.BfdStep;
import org.anycastdns.announcer.bfd.BfdTimer;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.Packet;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one BFD session. All its state belongs to the BFD thread; other threads read an immutable
/// [BfdStatus].
final class BfdDriver {

    private static final Logger log = LoggerFactory.getLogger(BfdSessions.class);

    /// If a detection timer is later than this, our own process was delayed, not the neighbor.
    /// Packets that arrived in the meantime still wait in the socket.
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// The time for the event loop to read the waiting packets.
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// Warnings about late packets: on a busy host every packet of every neighbor may be late.
    private static final LogLimiter<Neighbor> LATE = new LogLimiter<>("bfd_late");

    private final Neighbor neighbor;
    private final EventLoop loop;
    private final Datagrams.Outgoing outgoing;
    private final @Nullable BfdSeal seal;
    private final Observer observer;
    private final BiConsumer<Neighbor, String> down;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<BfdTimer, Future<?>> timers = new EnumMap<>(BfdTimer.class);

    /// The reasons for discards since the session was last up. Each is logged once.
    private final Set<Discard> discarded = EnumSet.noneOf(Discard.class);

    /// The last of them; null without one.
    private @Nullable Discard lastDiscard;

    private BfdSession session;
    private BfdState state = BfdSession.FIRST;

    /// Parameters that wait for the end of a Poll Sequence; null when none do.
    private @Nullable BfdTerms waiting;

    private long sentNanos;
    private Instant since = Instant.now();
    private String lastError = "";
    private int flaps;
    private volatile BfdStatus status;

    BfdDriver(
            BfdSession session,
            Neighbor neighbor,
            EventLoop loop,
            Datagrams.Outgoing outgoing,
            @Nullable BfdSeal seal,
            Observer observer,
            BiConsumer<Neighbor, String> down) {
        this.session = session;
        this.neighbor = neighbor;
        this.loop = loop;
        this.outgoing = outgoing;
        this.seal = seal;
        this.observer = observer;
        this.down = down;
        this.status = describe();
    }

    BfdStatus status() {
        return status;
    }

    /// Returns the neighbor as it was when the session began.
    Neighbor neighbor() {
        return neighbor;
    }

    /// Returns a session with these parameters.
    static BfdSession session(int discriminator, BfdTerms terms) {
        long micros = TimeUnit.MILLISECONDS.toMicros(terms.intervalMillis());
        return new BfdSession(discriminator, micros, micros, terms.detectMultiplier());
    }

    /// Starts sending. Thread-safe.
    void start() {
        loop.execute(LongLived.task(() -> on(new BfdEvent.Start())));
    }

    /// Changes the parameters of the running session. Thread-safe.
    void change(BfdTerms terms) {
        loop.execute(
                LongLived.task(() -> {
                    waiting = terms;
                    changeWaiting();
                }));
    }

    /// Begins a change that waits. A new Poll Sequence must not start before the last one has
    /// ended, because its answer could be mistaken for the answer to the new one (RFC 5880 section
    /// 6.5).
    private void changeWaiting() {
        BfdTerms terms = waiting;
        if (terms == null || (state instanceof BfdState.Up && state.polling())) {
            return;
        }
        waiting = null;
        long micros = TimeUnit.MILLISECONDS.toMicros(terms.intervalMillis());
        session = session.changed(micros, micros, terms.detectMultiplier());
        log.info(
                "neighbor {}: BFD asks for packets every {} ms, {} lost ones are the end",
                neighbor,
                terms.intervalMillis(),
                terms.detectMultiplier());
        follow(session.announced(state));
    }

    /// Tells the neighbor that the session is stopped on purpose. Runs on the event loop.
    void stop() {
        on(new BfdEvent.Stop());
    }

    /// Stops on purpose, and later closes the socket. Thread-safe.
    ///
    /// @param afterMillis for how long the neighbor is told
    void end(long afterMillis) {
        loop.execute(LongLived.task(this::stop));
        var _ = loop.schedule(LongLived.task(this::close), afterMillis, TimeUnit.MILLISECONDS);
    }

    /// Gives up a session that was never started, without a packet. Thread-safe.
    void abandon() {
        loop.execute(LongLived.task(this::close));
    }

    /// Stops all timers and closes the socket. Runs on the event loop.
    void close() {
        for (BfdTimer timer : BfdTimer.values()) {
            cancel(timer);
        }
        outgoing.close();
    }

    /// Handles a datagram from the neighbor's address. Runs on the event loop.
    void received(byte[] octets) {
        switch (BfdCodec.decode(octets, seal != null)) {
            case BfdDecoded.Intact(Packet packet) -> {
                Discard why =
                        seal == null
                                ? null
                                : seal.check(octets, packet, session, System.nanoTime());
                if (why == null) {
                    on(new BfdEvent.Received(packet));
                } else {
                    discard(why);
                }
            }
            case BfdDecoded.Unfit(Discard why) -> discard(why);
        }
    }

    private void on(BfdEvent event) {
        follow(session.on(state, event));
        if (!state.polling()) {
            session = session.settled();
            changeWaiting();
        }
    }

    private void follow(BfdStep step) {
        BfdState before = state;
        state = step.state();
        boolean moved = before.onWire() != state.onWire();
        if (moved) {
            since = Instant.now();
        }
        for (BfdAction action : step.actions()) {
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

    /// Logs the negotiated intervals when they change.
    private void report(BfdStatus last) {
        boolean others =
                last.transmitMillis() != status.transmitMillis()
                        || last.detectionMillis() != status.detectionMillis();
        if (state instanceof BfdState.Up && others) {
            log.info(
                    "neighbor {}: BFD packets every {} ms, silence detected in {} ms",
                    neighbor,
                    status.transmitMillis(),
                    status.detectionMillis());
        }
    }

    private void perform(BfdAction action) {
        switch (action) {
            case BfdAction.Send(Packet packet) -> {
                byte[] octets = BfdCodec.encode(packet);
                outgoing.send(seal == null ? octets : seal.signed(octets));
                sentNanos = System.nanoTime();
            }
            case BfdAction.Arm(BfdTimer timer, long micros) -> arm(timer, micros);
            case BfdAction.Disarm(BfdTimer timer) -> cancel(timer);
            case BfdAction.Up _ -> {
                discarded.clear();
                lastDiscard = null;
                log.info("neighbor {}: BFD up", neighbor);
            }
            case BfdAction.Down(boolean failed, String reason) -> down(failed, reason);
            case BfdAction.Discarded(Discard why) -> discard(why);
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

    private void arm(BfdTimer timer, long micros) {
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
        if (late > interval / 2) {
            LATE.log(
                    neighbor,
                    more ->
                            log.warn(
                                    "neighbor {}: a BFD packet left {} ms late: this host is too"
                                            + " busy for an interval of {} ms, see"
                                            + " bfd_lateness_seconds{}",
                                    neighbor,
                                    TimeUnit.NANOSECONDS.toMillis(late),
                                    TimeUnit.NANOSECONDS.toMillis(interval),
                                    more));
        }
        on(new BfdEvent.Expired(BfdTimer.TRANSMIT));
    }

    private void detect(long due) {
        if (System.nanoTime() - due > STALL_NANOS) {
            // A packet that is read now restarts the timer and so cancels this.
            Future<?> last =
                    loop.schedule(
                            LongLived.task(() -> on(new BfdEvent.Expired(BfdTimer.DETECTION))),
                            CATCH_UP_NANOS,
                            TimeUnit.NANOSECONDS);
            timers.put(BfdTimer.DETECTION, last);
        } else {
            on(new BfdEvent.Expired(BfdTimer.DETECTION));
        }
    }

    private void cancel(BfdTimer timer) {
        Future<?> running = timers.remove(timer);
        if (running != null) {
            running.cancel(false);
        }
    }

    private void discard(Discard why) {
        observer.bfdDiscarded(why);
        if (why == Discard.STOPPED) {
            return;
        }
        if (why != lastDiscard) {
            lastDiscard = why;
            status = describe();
        }
        if (discarded.add(why)) {
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
                lastDiscard == null ? "" : lastDiscard.text(),
                flaps);
    }
}
