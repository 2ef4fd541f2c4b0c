package org.anycastdns.announcer.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.driver.RouteSink;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the sessions when the drain of every service is complete and starts them again after it.
/// That may block, so it has its own thread.
public final class SessionSwitch implements HealthLoop.DecisionListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionSwitch.class);

    /// The time between two attempts to listen again after a drain.
    private static final Duration REOPEN = Duration.ofSeconds(1);

    private final RouteSink sink;
    private final ExecutorService sessions =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("sessions").factory());
    private final CountDownLatch drained = new CountDownLatch(1);
    private boolean connected;

    /// Creates a switch that is on when the sessions are started.
    public SessionSwitch(RouteSink sink, boolean connected) {
        this.sink = sink;
        this.connected = connected;
    }

    @Override
    public void decided(LoopState state, long atNanos) {
        boolean stopped = state.stopped();
        boolean stopping = state.stopping();
        if (stopped && stopping) {
            drained.countDown();
        }
        if (connected == stopped && !stopping) {
            connected = !stopped;
            String text = stopped ? why(state) : "";
            sessions.execute(connected ? this::open : () -> sink.close(text));
        }
    }

    /// Returns the reason of the first drain, for the neighbors.
    private static String why(LoopState state) {
        return state.decisions().byService().values().stream()
                .flatMap(decision -> decision.why().stream())
                .map(Reason::text)
                .findFirst()
                .orElse("");
    }

    /// Opens what another configuration needs, and changes nothing else.
    ///
    /// @throws IOException when something cannot be opened; the message is fit for the operator
    public void prepare(Config next) throws IOException {
        sink.prepare(next);
    }

    /// Closes what was opened for a configuration that is not applied.
    public void release() {
        sink.release();
    }

    /// Applies another configuration to the sessions. Does not wait.
    public void reconfigure(Config next) {
        sessions.execute(() -> LongLived.contain("reconfigure", () -> sink.reconfigure(next)));
    }

    /// Waits until the drain before the end is complete, or until [#hurry]. Returns whether it was
    /// in time.
    public boolean awaitDrained(Duration limit) throws InterruptedException {
        return drained.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Makes [#awaitDrained] return.
    public void hurry() {
        drained.countDown();
    }

    @Override
    public void close() {
        sessions.shutdownNow();
    }

    /// Retries until it succeeds, because the previous listening address may still be in use.
    private void open() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                sink.open();
                return;
            } catch (UncheckedIOException e) {
                LOG.error("{}; trying again", e.getMessage());
                LockSupport.parkNanos(REOPEN.toNanos());
            }
        }
    }
}
