package org.anycastdns.announcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.health.Transport;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.ops.AdminServer;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.announcer.ops.Metrics;
import org.anycastdns.announcer.ops.Snapshot;
import org.anycastdns.announcer.probe.LifelineClient;
import org.anycastdns.announcer.probe.Prober;
import org.anycastdns.announcer.probe.Questions;
import org.anycastdns.announcer.probe.ServedZones;
import org.anycastdns.announcer.session.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running announcer. Everything that is seen goes through one inbox to one thread, the health
/// loop, which alone holds the evidence; a change of mind is carried out on that thread, so that
/// nothing waits between the evidence and the UPDATE.
final class Announcer implements Controls, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /// Observations in waiting: some seconds' worth. When it is full the loop hangs, and what is
    /// lost is of no account, for the lease runs out.
    private static final int INBOX_MAX = 1024;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Limits.TICK_MILLIS);

    /// How long the health loop gets to end when it is told to.
    private static final Duration JOIN = Duration.ofSeconds(1);

    private record Seen(Observation observation, long atNanos) {}

    private final Config config;
    private final Set<Prefix> prefixes;
    private final Set<Route> routes;
    private final Instant started = Instant.now();
    private final Metrics metrics = new Metrics();
    private final BlockingQueue<Seen> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final List<AutoCloseable> probes = new ArrayList<>();
    private final Verdicts verdicts;
    private final Watchdog watchdog;
    private final Thread loop;
    private final Runnable onDeath;
    private final AdminServer admin;
    private volatile Outlet outlet = Outlet.NONE;
    private volatile Evidence evidence;
    private volatile boolean closed;

    /// Starts everything.
    ///
    /// @param neighbors connects to the neighbours; called once the admin HTTP listens
    /// @param onDeath is run when the health loop dies of a bug; everything is withdrawn by then
    /// @throws IOException when the admin HTTP, BGP or BFD cannot listen; nothing runs then
    Announcer(Config config, BiFunction<Config, Observer, Outlet> neighbors, Runnable onDeath)
            throws IOException {
        this.config = config;
        this.onDeath = onDeath;
        this.prefixes = new TreeSet<>(config.prefixes());
        this.routes = prefixes.stream().map(Route::to).collect(Collectors.toSet());
        Config.Health health = config.health();
        Limits limits =
                Limits.of(health.fall(), health.rise(), health.intervalMs(), health.timeoutMs());
        this.evidence = Evidence.none(limits, config.identity());
        this.verdicts =
                new Verdicts(
                        Duration.ofMillis(health.leaseMs()),
                        Decision.of(evidence.grade(), prefixes),
                        this::carryOut);
        this.watchdog = new Watchdog(verdicts);
        this.loop = Thread.ofPlatform().daemon().name("health").unstarted(this::run);
        this.admin = AdminServer.start(config.admin(), this, metrics);
        try {
            outlet = neighbors.apply(config, metrics);
        } catch (UncheckedIOException e) {
            admin.close();
            throw e.getCause();
        }
        metrics.watch(
                outlet.status().stream().map(NeighborStatus::neighbor).toList(),
                prefixes,
                this::snapshot);
        loop.start();
        watchdog.start();
        probe(health);
    }

    /// Where the admin HTTP listens.
    InetSocketAddress adminAddress() {
        return admin.address();
    }

    @Override
    public Snapshot snapshot() {
        return new Snapshot(
                config.identity(),
                Version.TEXT,
                started,
                config.health().responder(),
                prefixes,
                verdicts.decision(),
                verdicts.since(),
                evidence,
                outlet.status());
    }

    @Override
    public void drain(String reason) {
        order(new Observation.Drained(reason));
    }

    @Override
    public void resume() {
        order(new Observation.Resumed());
    }

    /// Withdraws, says good-bye to every neighbour and ends; at most some seconds.
    ///
    /// @param text for the neighbours' logs (RFC 9003)
    void close(String text) {
        closed = true;
        loop.interrupt();
        watchdog.close();
        join();
        long now = System.nanoTime();
        verdicts.renew(new Decision.Withdraw(new Reason(Cause.STOPPING, text)), now);
        outlet.close(text);
        for (AutoCloseable probe : probes) {
            try {
                probe.close();
            } catch (Exception e) {
                LOG.warn("closing {}", probe, e);
            }
        }
        admin.close();
    }

    @Override
    public void close() {
        close("the announcer is stopped");
    }

    private void probe(Config.Health health) {
        Questions questions;
        if (health.names().isEmpty()) {
            ServedZones zones = new ServedZones(health.lifeline());
            probes.add(zones);
            zones.start();
            questions = zones;
        } else {
            questions = Questions.zones(health.names());
        }
        for (Transport transport : Transport.values()) {
            Prober prober =
                    new Prober(
                            transport,
                            health.responder(),
                            config.identity(),
                            Duration.ofMillis(health.intervalMs()),
                            Duration.ofMillis(health.timeoutMs()),
                            questions,
                            this::see);
            probes.add(prober);
            prober.start();
        }
        LifelineClient lifeline = new LifelineClient(health.lifeline(), this::see);
        probes.add(lifeline);
        lifeline.start();
    }

    private void see(Observation observation) {
        metrics.observed(observation);
        if (!inbox.offer(new Seen(observation, System.nanoTime()))) {
            LOG.error("the health loop does not keep up; lost {}", observation);
        }
    }

    /// What the operator orders is carried out or refused, never lost.
    private void order(Observation order) {
        if (!inbox.offer(new Seen(order, System.nanoTime()))) {
            throw new IllegalStateException("the health loop does not keep up");
        }
    }

    private void run() {
        try {
            long nextTick = System.nanoTime() + TICK_NANOS;
            while (!closed) {
                Seen seen = inbox.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (seen == null) {
                    seen = new Seen(new Observation.Tick(), System.nanoTime());
                    nextTick = seen.atNanos() + TICK_NANOS;
                }
                evidence = evidence.on(seen.observation());
                verdicts.renew(Decision.of(evidence.grade(), prefixes), seen.atNanos());
            }
        } catch (InterruptedException _) {
            LOG.debug("the health loop was told to end");
        } catch (RuntimeException | Error e) {
            LOG.error("the health loop died: withdrawing everything and exiting", e);
            Reason reason = new Reason(Cause.HUNG, "health loop died: " + e);
            verdicts.renew(new Decision.Withdraw(reason), System.nanoTime());
            onDeath.run();
        }
    }

    /// Tells the neighbours first, and people afterwards.
    private void carryOut(Decision decision, Decision before, long evidenceNanos) {
        if (!decision.sameRoutes(before)) {
            metrics.decided(decision, evidenceNanos);
            Set<Route> desired =
                    switch (decision) {
                        case Decision.Announce _ -> routes;
                        case Decision.Withdraw _ -> Set.of();
                    };
            outlet.advertise(desired);
            LogLine.changed(decision, prefixes, evidence);
        } else if (!LogLine.sameCause(decision, before)) {
            LogLine.stillWithdrawn(decision, evidence);
        }
    }

    private void join() {
        try {
            if (!loop.join(JOIN)) {
                LOG.warn("the health loop did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
