package org.anycastdns.announcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.anycastdns.announcer.check.Probes;
import org.anycastdns.announcer.command.RunningAnnouncer;
import org.anycastdns.announcer.command.Version;
import org.anycastdns.announcer.config.AddressRules;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.decision.Decisions;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.driver.RouteSink;
import org.anycastdns.announcer.driver.Speakers;
import org.anycastdns.announcer.fleet.Beacon;
import org.anycastdns.announcer.health.Cause;
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
import org.anycastdns.announcer.ops.ServiceStatus;
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
    private final Metrics metrics;
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
        List<String> unavailable = AddressRules.unavailable(config);
        if (!unavailable.isEmpty()) {
            throw new IOException(String.join("; ", unavailable));
        }
        this.config = new AtomicReference<>(config);
        this.onDeath = onDeath;
        this.metrics = new Metrics(Service.of(config).stream().map(Service::name).toList());
        this.probes = new Probes(this::see, metrics::checkLate);
        Path away = config.drain().file();
        String present = away == null ? null : MaintenanceFile.reason(away);
        LoopSettings settings = LoopSettings.of(config, present);
        LoopState first = settings.first(System.nanoTime());
        boolean connects = !first.stopped();
        Decisions decisions = first.decisions();
        this.sink = neighbors.apply(config, Observer.both(metrics, new NeighborInputs(inbox)));
        this.execution = new DecisionExecution(this.config::get, this::state, sink, metrics, hook);
        this.leasedDecision = new LeasedDecision(settings.lease(), decisions, execution);
        this.watchdog = new Watchdog(leasedDecision);
        this.sessions = new SessionSwitch(sink, connects);
        this.controls =
                new OperatorControls(
                        new OperatorControls.Site(
                                inbox,
                                this.config,
                                file,
                                leasedDecision,
                                execution,
                                sessions,
                                this::snapshot,
                                this.probes::follow));
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
                execution.announce(decisions);
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
        probes.follow(config);
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
    public String sent() {
        Snapshot snapshot = snapshot();
        return snapshot.isSent()
                ? snapshot.wanted().toString()
                : "nothing yet (%s)".formatted(String.join("; ", snapshot.obstacles()));
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
        Duration bound = config.get().drain().stop();
        LOG.info("stopping: the site is drained within {} s", bound.toSeconds());
        try {
            inbox.order(new Input.Stopping(new Reason(Cause.STOPPING, text), bound));
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
        leasedDecision.withdraw(new Reason(Cause.STOPPING, text));
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
        listeners.add((state, nanos) -> leasedDecision.renew(state.decisions(), nanos));
        Beacon told = beacon;
        if (told != null) {
            listeners.add((state, _) -> told.tell(stances(state)));
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
                new Beacon.Sink() {
                    @Override
                    public void heard(String site, String service, Fleet.Stance stance) {
                        Announcer.this.heard(site, service, stance);
                    }

                    @Override
                    public void renamed(String site) {
                        inbox.see(new Input.Renamed(site));
                    }
                });
    }

    /// Returns the stance about each service, by the name of its heartbeats.
    private Map<String, Fleet.Stance> stances(LoopState state) {
        String site = config.get().identity();
        Map<String, Fleet.Stance> stances = new HashMap<>();
        state.services()
                .forEach((name, service) ->
                        stances.put(Beacon.name(site, name), service.pipeline().stance()));
        return stances;
    }

    /// Takes what another site says about a service; services that it alone has do not count.
    private void heard(String site, String service, Fleet.Stance stance) {
        if (loop.state().services().containsKey(service)) {
            inbox.see(new Input.Heard(service, site, stance));
        }
    }

    private void see(String service, Observation observation) {
        metrics.observed(service, observation);
        inbox.see(new Input.Observed(service, observation));
    }

    private void maintain(@Nullable String reason) {
        Drain.Source source = Drain.Source.MAINTENANCE_FILE;
        Set<String> all = loop.state().services().keySet();
        inbox.order(
                reason == null
                        ? new Input.DrainReleased(all, source)
                        : new Input.DrainOrdered(all, source, new Reason(Cause.OPERATOR, reason)));
    }

    private void died(Throwable bug) {
        LOG.error("the health loop died: withdrawing everything and exiting", bug);
        leasedDecision.withdraw(new Reason(Cause.HUNG, "health loop died: " + bug));
        onDeath.run();
    }

    private LoopState state() {
        return loop.state();
    }

    private Snapshot snapshot() {
        Config now = config.get();
        return new Snapshot(
                now.identity(),
                Version.TEXT,
                started,
                services(loop.state(), now),
                new TreeSet<>(now.backstop()),
                sink.status(),
                exposures.apply(now));
    }

    private List<ServiceStatus> services(LoopState state, Config now) {
        Decisions decisions = leasedDecision.decisions();
        Map<String, DecisionExecution.Since> since = execution.since();
        List<ServiceStatus> services = new ArrayList<>();
        state.services()
                .forEach((name, service) -> {
                    Service configured = Service.find(now, name);
                    HealthConfig health = configured == null ? null : configured.health();
                    DecisionExecution.Since its = since.get(name);
                    services.add(
                            new ServiceStatus(
                                    name,
                                    health == null ? null : health.responder(),
                                    service.pipeline().prefixes(),
                                    decisions.of(name, new Reason(Cause.STARTING, "starting")),
                                    its == null ? started : its.routes(),
                                    its == null ? Map.of() : its.reasons(),
                                    service.evidence(),
                                    service.pipeline()));
                });
        return services;
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
