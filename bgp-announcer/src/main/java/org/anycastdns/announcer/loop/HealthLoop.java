package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.QueryRate;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that owns the evidence and the decision pipeline. Every observation and order goes
/// through its inbox.
public final class HealthLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthLoop.class);

    /// The maximum number of queued observations and orders, enough for some seconds. A full inbox
    /// means that the loop hangs. What is lost then does not matter, because the lease runs out.
    private static final int INBOX_MAX = 1024;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Limits.TICK_MILLIS);

    /// How long to wait for the loop to end.
    private static final Duration JOIN = Duration.ofSeconds(1);

    /// Receives the results of the loop, on its thread; must not block.
    public interface DecisionListener {

        /// Called after every observation, order and tick.
        ///
        /// @param atNanos when the evidence arrived, by [System#nanoTime]
        void decided(DecisionPipeline pipeline, long atNanos);

        /// Called when a bug has ended the loop.
        void died(Throwable bug);
    }

    private record Entry(Runnable change, long atNanos) {}

    private final BlockingQueue<Entry> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final int questions;
    private final long leaseNanos;
    private final DecisionListener listener;
    private final Thread thread;
    private QueryRate rate = QueryRate.UNKNOWN;
    private volatile Evidence evidence;
    private volatile DecisionPipeline pipeline;
    private volatile boolean closed;

    /// Creates a loop that has not started.
    ///
    /// @param questions how many queries a probe sends
    /// @param lease how long one round of the loop may take before it counts as hung
    public HealthLoop(
            Evidence evidence,
            DecisionPipeline pipeline,
            int questions,
            Duration lease,
            DecisionListener listener) {
        this.evidence = evidence;
        this.pipeline = pipeline;
        this.questions = questions;
        this.leaseNanos = lease.toNanos();
        this.listener = listener;
        this.thread = LongLived.vital("health", this::run);
    }

    public void start() {
        thread.start();
    }

    /// Returns the current evidence.
    public Evidence evidence() {
        return evidence;
    }

    /// Returns the current state of the decision pipeline.
    public DecisionPipeline pipeline() {
        return pipeline;
    }

    /// Queues an observation. Thread-safe.
    public void see(Observation observation) {
        long now = System.nanoTime();
        if (!inbox.offer(new Entry(() -> take(observation, now), now))) {
            LOG.error("the health loop does not keep up; lost {}", observation);
        }
    }

    /// Queues an order that changes the pipeline. An order is carried out or refused, never lost.
    /// Thread-safe.
    ///
    /// @throws IllegalStateException when the loop does not keep up
    public void order(UnaryOperator<DecisionPipeline> order) {
        if (!inbox.offer(new Entry(() -> pipeline = order.apply(pipeline), System.nanoTime()))) {
            throw new IllegalStateException("the health loop does not keep up");
        }
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
            long last = System.nanoTime();
            long nextTick = last + TICK_NANOS;
            while (!closed) {
                Entry entry = inbox.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS);
                long now = System.nanoTime();
                if (entry == null) {
                    nextTick = now + TICK_NANOS;
                    evidence = evidence.on(new Observation.Tick());
                } else {
                    entry.change().run();
                }
                if (now - last >= leaseNanos) {
                    pipeline = pipeline.hung(now);
                }
                last = now;
                pipeline = pipeline.on(evidence, now);
                listener.decided(pipeline, entry == null ? now : entry.atNanos());
            }
        } catch (InterruptedException _) {
            LOG.debug("the health loop was told to end");
        } catch (RuntimeException | Error e) {
            listener.died(e);
        }
    }

    private void take(Observation observation, long atNanos) {
        evidence = evidence.on(observation);
        double before = rate.perSecond();
        rate =
                switch (observation) {
                    case Observation.Beat beat -> rate.on(beat.queries(), atNanos);
                    case Observation.Closed _ -> QueryRate.UNKNOWN;
                    case Observation.Probed(_, Outcome.Right _),
                            Observation.Probed(_, Outcome.Wrong _) ->
                            rate.probed(questions);
                    case Observation.Probed(_, Outcome.Unanswered _),
                            Observation.Tick _,
                            Observation.Reported _,
                            Observation.Located _,
                            Observation.Rated _ ->
                            rate;
                };
        if (Double.compare(rate.perSecond(), before) != 0) {
            evidence = evidence.on(new Observation.Rated(rate.perSecond()));
        }
    }
}
