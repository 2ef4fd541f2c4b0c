package org.anycastdns.announcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.anycastdns.announcer.check.Probes;
import org.anycastdns.announcer.command.RunningAnnouncer;
import org.anycastdns.announcer.command.Version;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.driver.RouteSink;
import org.anycastdns.announcer.driver.Speakers;
import org.anycastdns.announcer.fleet.Beacon;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.host.Hook;
import org.anycastdns.announcer.host.LoopbackAddresses;
import org.anycastdns.announcer.host.MaintenanceFile;
import org.anycastdns.announcer.loop.DecisionExecution;
import org.anycastdns.announcer.loop.FleetAlarm;
import org.anycastdns.announcer.loop.HealthLoop;
import org.anycastdns.announcer.loop.Inbox;
import org.anycastdns.announcer.loop.Input;
import org.anycastdns.announcer.loop.LeasedDecision;
import org.anycastdns.announcer.loop.LoopSettings;
import org.anycastdns.announcer.loop.LoopState;
import org.anycastdns.announcer.loop.NeighborInputs;
import org.anycastdns.announcer.loop.OperatorControls;
import org.anycastdns.announcer.loop.Recorder;
import org.anycastdns.announcer.loop.Recording;
import org.anycastdns.announcer.loop.SessionSwitch;
import org.anycastdns.announcer.loop.Watchdog;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.ops.AnnouncerAdmin;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.announcer.ops.Metrics;
import org.anycastdns.announcer.ops.Snapshot;
import org.anycastdns.daemon.admin.AdminServer;
import org.anycastdns.daemon.config.Loaded;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running announcer: connects the parts, and starts and ends them in the right order. It
/// decides nothing.
final class Announcer implements RunningAnnouncer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /// Extra time for a drain beyond the phases, because the health loop only acts on ticks in
    /// between.
    private static final Duration STOP_MARGIN = Duration.ofSeconds(1);

    private final Instant started = Instant.now();
    private final Metrics metrics = new Metrics();
    private final Inbox inbox = new Inbox();
    private final Hook hook = new Hook();
    private final AtomicReference<Config> config;
    private final Runnable onDeath;
    private final RouteSink sink;
    private final DecisionExecution execution;
    private final LeasedDecision leasedDecision;
    private final Watchdog watchdog;
    private final SessionSwitch sessions;
    private final OperatorControls controls;
    private final @Nullable Recording recording;
    private final @Nullable Beacon beacon;
    private final LoopbackAddresses loopback;
    private final AdminServer admin;
    private final HealthLoop loop;
    private final Probes probes;
    private final @Nullable MaintenanceFile maintenance;
    private volatile Function<Config, List<String>> exposures = _ -> List.of();
    private boolean closed;

    /// Starts the announcer.
    ///
    /// @param file reads the configuration again
    /// @param neighbors creates the unconnected neighbors; opened once the admin HTTP server
    ///   listens
    /// @param record the file for a recording; null without one
    /// @param onDeath runs when a bug ends the health loop; all prefixes are withdrawn by then
    /// @throws IOException when the recording, the admin HTTP server, BGP, BFD or the fleet's
    ///   socket cannot be opened; nothing is left running
    Announcer(
            Config config,
            Supplier<Loaded<Config>> file,
            BiFunction<Config, Observer, RouteSink> neighbors,
            @Nullable Path record,
            Runnable onDeath)
            throws IOException {
        this.config = new AtomicReference<>(config);
        this.onDeath = onDeath;
        Path away = config.drain().file();
        String present = away == null ? null : MaintenanceFile.reason(away);
        LoopSettings settings = LoopSettings.of(config, present);
        LoopState first = settings.first(System.nanoTime());
        boolean connects = !first.pipeline().drain().stopped();
        Decision decision = first.pipeline().decision();
        this.sink = neighbors.apply(config, Observer.both(metrics, new NeighborInputs(inbox)));
        this.execution =
                new DecisionExecution(this.config::get, this::evidence, sink, metrics, hook);
        this.leasedDecision = new LeasedDecision(settings.lease(), decision, execution);
        this.watchdog = new Watchdog(leasedDecision);
        this.sessions = new SessionSwitch(sink, connects);
        this.controls =
                new OperatorControls(
                        inbox,
                        this.config,
                        file,
                        leasedDecision,
                        execution,
                        sessions,
                        this::snapshot);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            this.recording = record == null ? null : opened(Recording.to(record), opened);
            Config.Fleet fleet = config.fleet();
            this.beacon = fleet == null ? null : opened(beacon(config, fleet), opened);
            this.loopback = opened(new LoopbackAddresses(config.loopback()), opened);
            Recorder recorder = recording == null ? Recorder.NONE : recording;
            this.loop = new HealthLoop(settings, first, inbox, recorder, listeners(), this::died);
            this.admin = opened(startAdmin(config), opened);
            if (!config.backstop().isEmpty()) {
                execution.announce(decision);
            }
            if (connects) {
                sink.open();
            }
        } catch (IOException | UncheckedIOException e) {
            opened.reversed().forEach(Announcer::close);
            throw e instanceof UncheckedIOException wrapped
                    ? wrapped.getCause()
                    : new IOException(e.getMessage(), e);
        }
        metrics.watch(this::snapshot);
        if (recording != null) {
            metrics.recording(recording::lost);
        }
        loop.start();
        watchdog.start();
        if (beacon != null) {
            beacon.start();
        }
        this.probes = new Probes(config, this::see);
        this.maintenance = away == null ? null : new MaintenanceFile(away, present, this::maintain);
        if (maintenance != null) {
            maintenance.start();
        }
    }

    /// Starts the announcer with the neighbors of its configuration.
    static RunningAnnouncer start(
            Config config, Supplier<Loaded<Config>> file, @Nullable Path record, Runnable onDeath)
            throws IOException {
        return new Announcer(config, file, Speakers::new, record, onDeath);
    }

    private AdminServer startAdmin(Config config) throws IOException {
        try {
            return AdminServer.start(
                    new AdminServer.Settings(
                            AnnouncerAdmin.PROGRAM,
                            config.admin(),
                            config.adminNames(),
                            config.adminTokenFile()),
                    AnnouncerAdmin.pages(controls, metrics));
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on %s for the admin HTTP: %s"
                            .formatted(Addresses.text(config.admin()), e.getMessage()),
                    e);
        }
    }

    @Override
    public void exposures(Function<Config, List<String>> finder) {
        exposures = finder;
    }

    @Override
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    @Override
    public Controls.Answer reload(boolean allowWithdraw) {
        return controls.reload(allowWithdraw);
    }

    @Override
    public void drainAndClose(String text) {
        Config.Drain drain = config.get().drain();
        Duration bound = drain.stop();
        LOG.info("stopping: the site is drained within {} s", bound.toSeconds());
        try {
            Drain.Pace hasty = LoopSettings.pace(drain).within(bound);
            inbox.order(new Input.Stopping(new Reason(Cause.STOPPING, text), hasty));
            if (sink.status().stream().anyMatch(Announcer::established)
                    && !sessions.awaitDrained(bound.plus(STOP_MARGIN))) {
                LOG.warn("the drain did not end in time");
            }
        } catch (IllegalStateException e) {
            LOG.warn("no drain: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        close(text);
    }

    @Override
    public void hurry() {
        sessions.hurry();
    }

    @Override
    public synchronized void close(String text) {
        if (closed) {
            return;
        }
        closed = true;
        if (maintenance != null) {
            maintenance.close();
        }
        controls.close();
        loop.close();
        watchdog.close();
        leasedDecision.renew(
                new Decision.Withdraw(new Reason(Cause.STOPPING, text)), System.nanoTime());
        sessions.close();
        sink.close(text);
        probes.close();
        if (beacon != null) {
            beacon.close();
        }
        hook.close();
        loopback.close();
        admin.close();
        if (recording != null) {
            recording.close();
        }
    }

    @Override
    public void close() {
        close("the announcer is stopped");
    }

    private List<HealthLoop.DecisionListener> listeners() {
        List<HealthLoop.DecisionListener> listeners = new ArrayList<>();
        listeners.add((pipeline, nanos) -> leasedDecision.renew(pipeline.decision(), nanos));
        Beacon told = beacon;
        if (told != null) {
            listeners.add((pipeline, _) -> told.tell(pipeline.stance()));
        }
        listeners.add(new FleetAlarm());
        listeners.add(sessions);
        return listeners;
    }

    private Beacon beacon(Config config, Config.Fleet fleet) throws IOException {
        return new Beacon(
                config.identity(),
                fleet.listen(),
                fleet.sites(),
                fleet.secretFile().secret().text(),
                (site, stance) -> inbox.see(new Input.Heard(site, stance)));
    }

    private void see(Observation observation) {
        metrics.observed(observation);
        inbox.see(new Input.Observed(observation));
    }

    private void maintain(@Nullable String reason) {
        Drain.Source source = Drain.Source.MAINTENANCE_FILE;
        inbox.order(
                reason == null
                        ? new Input.DrainReleased(source)
                        : new Input.DrainOrdered(source, new Reason(Cause.OPERATOR, reason)));
    }

    private void died(Throwable bug) {
        LOG.error("the health loop died: withdrawing everything and exiting", bug);
        Reason reason = new Reason(Cause.HUNG, "health loop died: " + bug);
        leasedDecision.renew(new Decision.Withdraw(reason), System.nanoTime());
        onDeath.run();
    }

    private Evidence evidence() {
        return loop.state().evidence();
    }

    private Snapshot snapshot() {
        Config now = config.get();
        LoopState state = loop.state();
        return new Snapshot(
                now.identity(),
                Version.TEXT,
                started,
                now.health().responder(),
                new TreeSet<>(now.prefixes()),
                new TreeSet<>(now.backstop()),
                leasedDecision.decision(),
                leasedDecision.since(),
                execution.reasonsSince(),
                state.evidence(),
                state.pipeline(),
                sink.status(),
                exposures.apply(now));
    }

    private static boolean established(NeighborStatus status) {
        return !status.announced().isEmpty();
    }

    private static <T extends AutoCloseable> T opened(T part, List<AutoCloseable> opened) {
        opened.add(part);
        return part;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("closing {}", part, e);
        }
    }
}
