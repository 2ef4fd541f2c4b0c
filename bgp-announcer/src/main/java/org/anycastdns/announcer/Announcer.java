package org.anycastdns.announcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.fleet.Beacon;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.ops.AdminServer;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.announcer.ops.Metrics;
import org.anycastdns.announcer.ops.Snapshot;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.config.Loaded;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The running announcer. All observations and orders go to the health loop. A changed decision is
/// carried out on the loop's thread, so nothing delays the UPDATE after the evidence. Work that may
/// block (starting and ending sessions, running hooks) has its own threads.
final class Announcer implements Controls, HealthLoop.DecisionListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /// Extra time for a drain beyond the phases, because the health loop only acts on ticks in
    /// between.
    private static final Duration STOP_MARGIN = Duration.ofSeconds(1);

    /// The time between two attempts to listen again after a drain.
    private static final Duration REOPEN = Duration.ofSeconds(1);

    private final Instant started = Instant.now();
    private final Metrics metrics = new Metrics();
    private final Supplier<Loaded<Config>> file;
    private final Runnable onDeath;
    private final LeasedDecision leasedDecision;
    private final Watchdog watchdog;
    private final HealthLoop loop;
    private final AdminServer admin;
    private final RouteSink sink;
    private final Probes probes;
    private final Hook hook = new Hook();
    private final @Nullable MaintenanceFile maintenance;
    private final @Nullable Beacon beacon;
    private final LoopbackAddresses loopback;
    private final ExecutorService sessions =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("sessions").factory());
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile Config config;
    private volatile Map<Cause, Instant> reasonsSince = Map.of();
    private boolean connected;
    private boolean closed;
    private boolean alarmed;

    /// Starts the announcer.
    ///
    /// @param file reads the configuration again
    /// @param neighbors creates the unconnected neighbors; opened once the admin HTTP server
    ///   listens
    /// @param onDeath runs when a bug ends the health loop; all prefixes are withdrawn by then
    /// @throws IOException when the admin HTTP server, BGP, BFD or the fleet's socket cannot
    ///   listen; nothing is left running
    Announcer(
            Config config,
            Supplier<Loaded<Config>> file,
            BiFunction<Config, Observer, RouteSink> neighbors,
            Runnable onDeath)
            throws IOException {
        this.config = config;
        this.file = file;
        this.onDeath = onDeath;
        Path away = config.drain().file();
        String present = away == null ? null : MaintenanceFile.reason(away);
        DecisionPipeline first = pipeline(config, present);
        this.loop =
                new HealthLoop(
                        Evidence.none(limits(config.health()), config.identity()),
                        first,
                        Math.max(1, config.health().names().size()),
                        config.health().lease(),
                        this);
        this.leasedDecision =
                new LeasedDecision(config.health().lease(), first.decision(), this::carryOut);
        this.watchdog = new Watchdog(leasedDecision);
        this.sink = neighbors.apply(config, metrics);
        Config.Fleet fleet = config.fleet();
        this.beacon = fleet == null ? null : beacon(config, fleet);
        this.loopback = new LoopbackAddresses(config.loopback());
        this.admin = listen(config, first);
        this.maintenance = away == null ? null : new MaintenanceFile(away, present, this::maintain);
        metrics.watch(this::snapshot);
        loop.start();
        watchdog.start();
        if (beacon != null) {
            beacon.start();
        }
        this.probes = new Probes(config, this::see);
        if (maintenance != null) {
            maintenance.start();
        }
    }

    /// Opens everything that can fail. On an error it closes what is already open.
    private AdminServer listen(Config config, DecisionPipeline first) throws IOException {
        AdminServer server = null;
        try {
            server = AdminServer.start(config.admin(), config.adminNames(), this, metrics);
            if (!config.backstop().isEmpty()) {
                sink.advertise(Routes.of(first.decision(), config.backstop()));
            }
            if (!first.drain().stopped()) {
                sink.open();
                connected = true;
            }
            return server;
        } catch (IOException | UncheckedIOException e) {
            if (server != null) {
                server.close();
            }
            if (beacon != null) {
                beacon.close();
            }
            loopback.close();
            throw e instanceof UncheckedIOException wrapped
                    ? wrapped.getCause()
                    : new IOException(e.getMessage(), e);
        }
    }

    /// Returns the address on which the admin HTTP server listens.
    InetSocketAddress adminAddress() {
        return admin.address();
    }

    @Override
    public Snapshot snapshot() {
        Config now = config;
        return new Snapshot(
                now.identity(),
                Version.TEXT,
                started,
                now.health().responder(),
                new TreeSet<>(now.prefixes()),
                new TreeSet<>(now.backstop()),
                leasedDecision.decision(),
                leasedDecision.since(),
                reasonsSince,
                loop.evidence(),
                loop.pipeline(),
                sink.status());
    }

    @Override
    public void drain(String reason) {
        Reason why = new Reason(Cause.OPERATOR, "drained by operator: " + reason);
        order(Drain.Source.OPERATOR, why);
    }

    @Override
    public void resume() {
        loop.order(pipeline -> {
            long now = System.nanoTime();
            return pipeline.with(pipeline.drain().released(Drain.Source.OPERATOR, now)).forgiven();
        });
    }

    @Override
    public synchronized Answer reload(boolean allowWithdraw) {
        Config before = config;
        Set<Prefix> announced = new TreeSet<>(leasedDecision.decision().prefixes());
        announced.addAll(before.backstop());
        Reload reload = Reload.judge(before, file.get(), announced, allowWithdraw);
        Config next = reload.next();
        LOG.atLevel(reload.answer().verdict() == Verdict.DONE ? Level.INFO : Level.WARN)
                .log(
                        "reload result={} lines={}",
                        reload.answer().verdict(),
                        reload.answer().lines());
        if (next != null && !next.equals(before) && !closed) {
            loop.order(pipeline ->
                    pipeline.announcing(
                                    new TreeSet<>(next.prefixes()),
                                    Routes.depreference(next.depreference()))
                            .with(pipeline.drain().at(pace(next.drain()))));
            config = next;
            if (!next.backstop().equals(before.backstop())) {
                leasedDecision.again(
                        decision -> sink.advertise(Routes.of(decision, next.backstop())));
            }
            sessions.execute(() -> LongLived.contain("reconfigure", () -> sink.reconfigure(next)));
        }
        return reload.answer();
    }

    /// Drains the site within the configured time, then withdraws, ends all sessions and stops.
    ///
    /// @param text the shutdown text for the neighbors (RFC 9003)
    void drainAndClose(String text) {
        Duration bound = config.drain().stop();
        Reason why = new Reason(Cause.STOPPING, text);
        LOG.info("stopping: the site is drained within {} s", bound.toSeconds());
        try {
            loop.order(pipeline -> {
                Drain hasty = pipeline.drain().at(pace(config.drain()).within(bound));
                return pipeline.with(hasty.ordered(Drain.Source.STOPPING, why, System.nanoTime()));
            });
            if (sink.status().stream().anyMatch(Announcer::established)
                    && !drained.await(bound.plus(STOP_MARGIN).toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the drain did not end in time");
            }
        } catch (IllegalStateException e) {
            LOG.warn("no drain: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        close(text);
    }

    /// Makes [#drainAndClose] stop waiting for clients.
    void hurry() {
        drained.countDown();
    }

    /// Withdraws, ends all sessions and stops, within a few seconds. Does nothing the second time.
    ///
    /// @param text the shutdown text for the neighbors (RFC 9003)
    synchronized void close(String text) {
        if (closed) {
            return;
        }
        closed = true;
        if (maintenance != null) {
            maintenance.close();
        }
        loop.close();
        watchdog.close();
        leasedDecision.renew(
                new Decision.Withdraw(new Reason(Cause.STOPPING, text)), System.nanoTime());
        sessions.shutdownNow();
        sink.close(text);
        probes.close();
        if (beacon != null) {
            beacon.close();
        }
        hook.close();
        loopback.close();
        admin.close();
    }

    @Override
    public void close() {
        close("the announcer is stopped");
    }

    @Override
    public void decided(DecisionPipeline pipeline, long atNanos) {
        leasedDecision.renew(pipeline.decision(), atNanos);
        if (beacon != null) {
            beacon.tell(pipeline.stance());
        }
        alarm(pipeline.fleet(), atNanos);
        boolean stopped = pipeline.drain().stopped();
        boolean stopping = pipeline.drain().orders().containsKey(Drain.Source.STOPPING);
        if (stopped && stopping) {
            drained.countDown();
        }
        if (connected == stopped && !stopping) {
            connected = !stopped;
            String text = stopped ? pipeline.decision().why().getFirst().text() : "";
            sessions.execute(connected ? this::open : () -> sink.close(text));
        }
    }

    /// Logs once when unusually many other sites change state, and once when that is over.
    private void alarm(Fleet fleet, long nowNanos) {
        boolean turning = fleet.turning(nowNanos);
        if (turning != alarmed) {
            alarmed = turning;
            if (turning) {
                LOG.error(
                        "{} of {} other sites changed state within {} s: one cause behind it?{}",
                        fleet.changed(nowNanos),
                        fleet.size(),
                        fleet.brake().window().toSeconds(),
                        fleet.brake().freezes() ? " Soft evidence moves nothing meanwhile" : "");
            } else {
                LOG.info("the other sites change state no more than usual");
            }
        }
    }

    @Override
    public void died(Throwable bug) {
        LOG.error("the health loop died: withdrawing everything and exiting", bug);
        Reason reason = new Reason(Cause.HUNG, "health loop died: " + bug);
        leasedDecision.renew(new Decision.Withdraw(reason), System.nanoTime());
        onDeath.run();
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

    private void see(Observation observation) {
        metrics.observed(observation);
        loop.see(observation);
    }

    private void order(Drain.Source source, Reason why) {
        loop.order(pipeline ->
                pipeline.with(pipeline.drain().ordered(source, why, System.nanoTime())));
    }

    private void maintain(@Nullable String reason) {
        if (reason == null) {
            loop.order(pipeline -> {
                long now = System.nanoTime();
                return pipeline.with(pipeline.drain().released(Drain.Source.MAINTENANCE_FILE, now))
                        .forgiven();
            });
        } else {
            order(Drain.Source.MAINTENANCE_FILE, new Reason(Cause.OPERATOR, reason));
        }
    }

    /// Updates the neighbors first, then writes the log line and runs the hook.
    private void carryOut(Decision decision, Decision before, long evidenceNanos) {
        Config now = config;
        boolean told = !decision.sameRoutes(before);
        if (told) {
            metrics.decided(decision, evidenceNanos);
            sink.advertise(Routes.of(decision, now.backstop()));
        }
        reasonsSince = since(decision);
        LogLine.changed(decision, before, now.prefixes(), loop.evidence());
        if (told) {
            hook.run(
                    now.hooks().command(),
                    now.hooks().timeout(),
                    HookEnvironment.of(now, decision, before));
        }
    }

    private Map<Cause, Instant> since(Decision decision) {
        Map<Cause, Instant> since = new EnumMap<>(Cause.class);
        Instant now = Instant.now();
        for (Reason reason : decision.why()) {
            since.put(reason.cause(), reasonsSince.getOrDefault(reason.cause(), now));
        }
        return Map.copyOf(since);
    }

    private static boolean established(NeighborStatus status) {
        return !status.announced().isEmpty();
    }

    private static DecisionPipeline pipeline(Config config, @Nullable String maintenance) {
        Config.HoldDown hold = config.holdDown();
        Drain.Pace pace = pace(config.drain());
        long now = System.nanoTime();
        Drain drain =
                maintenance == null
                        ? Drain.none(pace)
                        : Drain.stopped(
                                pace,
                                Drain.Source.MAINTENANCE_FILE,
                                new Reason(Cause.OPERATOR, maintenance),
                                now);
        long delay = config.depreference().delay().toMillis();
        long drawn = delay == 0 ? 0 : ThreadLocalRandom.current().nextLong(delay / 2, delay + 1);
        return DecisionPipeline.of(
                new TreeSet<>(config.prefixes()),
                Routes.depreference(config.depreference()),
                Duration.ofMillis(drawn),
                new HoldDown.Pace(hold.first(), hold.longest(), hold.clean()),
                fleet(config),
                drain,
                now);
    }

    private static Fleet fleet(Config config) {
        Config.Fleet option = config.fleet();
        if (option == null) {
            return Fleet.ALONE;
        }
        int others = option.sites().size();
        Long most = option.withdrawnMax();
        return new Fleet(
                config.identity(),
                most == null ? Fleet.withdrawnMax(others + 1) : most.intValue(),
                option.lastSite() == Config.LastSite.ANNOUNCE,
                new Fleet.Brake(option.brakePercent(), option.brakeWindow(), option.freeze()),
                others,
                Map.of());
    }

    private Beacon beacon(Config config, Config.Fleet fleet) throws IOException {
        return new Beacon(
                config.identity(),
                fleet.listen(),
                fleet.sites(),
                fleet.secretFile().secret().text(),
                this::heard);
    }

    private void heard(String site, Fleet.Stance stance) {
        try {
            loop.order(pipeline ->
                    pipeline.with(pipeline.fleet().heard(site, stance, System.nanoTime())));
        } catch (IllegalStateException _) {
            return; // the next heartbeat follows soon
        }
    }

    private static Drain.Pace pace(Config.Drain drain) {
        return new Drain.Pace(drain.waitTime(), drain.linger(), drain.quietRate());
    }

    private static Limits limits(HealthConfig health) {
        return new Limits(
                health.fall(),
                health.rise(),
                Limits.SILENT_TICKS,
                Limits.quietTicks(
                        health.fall(),
                        (int) health.interval().toMillis(),
                        (int) health.timeout().toMillis()),
                health.slow().toNanos(),
                health.absorbRate(),
                health.signatureValidity().toSeconds());
    }
}
