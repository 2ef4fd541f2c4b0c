package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that takes the inputs one by one and keeps the [LoopState].
public final class HealthLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthLoop.class);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Limits.TICK_MILLIS);

    /// How long to wait for the loop to end.
    private static final Duration JOIN = Duration.ofSeconds(1);

    /// Receives the results of the loop, on its thread; must not block.
    @FunctionalInterface
    public interface DecisionListener {

        /// Called after every input.
        ///
        /// @param atNanos when the input arrived, by [System#nanoTime]
        void decided(LoopState state, long atNanos);
    }

    private final LoopSettings settings;
    private final Inbox inbox;
    private final Recorder recorder;
    private final List<DecisionListener> listeners;
    private final Consumer<Throwable> death;
    private final Thread thread;
    private volatile LoopState state;
    private volatile boolean closed;

    /// Creates a loop that has not started.
    ///
    /// @param first the first state with these settings
    /// @param listeners receive the results, in this order
    /// @param death receives the bug that has ended the loop
    public HealthLoop(
            LoopSettings settings,
            LoopState first,
            Inbox inbox,
            Recorder recorder,
            List<DecisionListener> listeners,
            Consumer<Throwable> death) {
        this.settings = settings;
        this.state = first;
        this.inbox = inbox;
        this.recorder = recorder;
        this.listeners = List.copyOf(listeners);
        this.death = death;
        this.thread = LongLived.vital("health", this::run);
    }

    /// Starts the thread.
    public void start() {
        thread.start();
    }

    /// Returns the current state.
    public LoopState state() {
        return state;
    }

    /// Ends the loop and waits for it at most a second.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(JOIN)) {
                LOG.warn("the health loop did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            long start = System.nanoTime();
            recorder.began(settings, state.atNanos(), start);
            state = state.began(start);
            long nextTick = start + TICK_NANOS;
            while (!closed) {
                Inbox.Arrival arrival = inbox.poll(nextTick - System.nanoTime());
                long now = System.nanoTime();
                if (arrival == null) {
                    nextTick = now + TICK_NANOS;
                    arrival = new Inbox.Arrival(new Input.Tick(), now);
                }
                take(arrival, now);
            }
        } catch (InterruptedException _) {
            LOG.debug("the health loop was told to end");
        } catch (RuntimeException | Error e) {
            death.accept(e);
        }
    }

    private void take(Inbox.Arrival arrival, long now) {
        recorder.took(arrival.input(), arrival.atNanos(), now);
        LoopState before = state;
        LoopState next = before.on(arrival.input(), arrival.atNanos(), now);
        state = next;
        if (!next.decisions().equals(before.decisions())) {
            next.decisions()
                    .byService()
                    .forEach((service, decision) -> {
                        if (!decision.equals(before.decisions().byService().get(service))) {
                            recorder.decided(service, decision, now);
                        }
                    });
        }
        listeners.forEach(listener -> listener.decided(next, arrival.atNanos()));
    }
}
