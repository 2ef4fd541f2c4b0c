package org.anycastdns.announcer.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.SessionState;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.Silence;
import org.anycastdns.announcer.driver.BfdStatus;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.daemon.Build;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.PrometheusText;
import org.jspecify.annotations.Nullable;

/// The metrics, with names and labels in the style of Prometheus. Every label has a closed set of
/// values. Thread-safe.
public final class Metrics implements Observer {

    private static final String ESTABLISHED = "Established";

    /// From the latency of a healthy responder on the same host to one that no client waits for.
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(50_000),
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1)
    };

    private static final List<String> GRADES = List.of("healthy", "degraded", "failed", "draining");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /// The established sessions, by the name of the neighbor. A neighbor may change while its
    /// session stays.
    private final Set<String> established = ConcurrentHashMap.newKeySet();

    private final SessionCounters counters = new SessionCounters(registry);
    private final Timer evidenceToUpdate =
            Timer.builder("anycast.evidence.to.update")
                    .description("Time from the evidence that changed the decision to the UPDATE")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);

    /// The counters of runs. To look one up in the registry costs far more.
    private final Map<CheckRuns, Counter> checkRuns = new ConcurrentHashMap<>();

    /// What a counter of runs counts.
    private record CheckRuns(String service, String check, String result) {}

    private final Set<String> bfdWatched = ConcurrentHashMap.newKeySet();
    private final Set<String> bfdUp = ConcurrentHashMap.newKeySet();
    private final Timer bfdLateness =
            Timer.builder("bfd.lateness")
                    .description("How late BFD packets were sent")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);

    /// The neighbors that have not been sent the last decision yet. `evidenceNanos` is the time of
    /// its evidence.
    private final Set<String> owed = new HashSet<>();

    private long evidenceNanos;

    private final MultiGauge sessionUp =
            gauges("bgp.session.up", "1 if the session is established");
    private final MultiGauge sessionFlaps =
            gauges("bgp.session.flaps", "Established sessions that have ended");
    private final MultiGauge prefixAnnounced =
            gauges("bgp.prefix.announced", "To how many neighbors the prefix is announced");
    private final MultiGauge grade =
            gauges("anycast.grade", "1 for the current grade of the service");
    private final MultiGauge wanted =
            gauges("anycast.wanted", "1 if the decision is to announce, depreferenced or not");
    private final MultiGauge announcing =
            gauges(
                    "anycast.announcing",
                    "Whether every wanted prefix has been sent to some neighbor");
    private final MultiGauge flaps =
            gauges("anycast.flaps", "How many failures hold-down remembers");
    private final MultiGauge checkUp = gauges("anycast.check.up", "1 if the check is up");
    private final Timer checkLateness =
            Timer.builder("anycast.check.lateness")
                    .description("How late runs of checks began")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
    private final MultiGauge drainPhase =
            gauges("anycast.drain.phase", "1 for the current phase of the drain");
    private Supplier<Snapshot> now =
            () -> {
                throw new IllegalStateException("nothing is watched yet");
            };

    /// Creates metrics with the counters of some services at 0.
    ///
    /// @param services the names of the services at the start
    public Metrics(Collection<String> services) {
        for (String service : services) {
            announcements(service);
            for (Cause cause : Cause.values()) {
                withdrawals(service, cause);
                depreferences(service, cause);
            }
        }
    }

    /// Adds the gauges that are read from the running announcer at each scrape.
    public void watch(Supplier<Snapshot> snapshot) {
        now = snapshot;
        Gauge.builder("anycast.build.info", () -> 1)
                .description("Always 1; the labels tell what is running")
                .tag("version", snapshot.get().version())
                .tag("commit", Build.commit(Metrics.class))
                .tag("jdk", Build.jdk())
                .register(registry);
        Gauge.builder("anycast.queries.per.second", () -> perSecond(now.get()))
                .description("What the responder answers its clients")
                .register(registry);
        Gauge.builder(
                        "anycast.fleet.down",
                        () -> most(now.get(), fleet -> fleet.down(System.nanoTime())))
                .description("Other PoPs that are down or silent")
                .register(registry);
        Gauge.builder("anycast.fleet.silent", () -> silent(now.get()))
                .description("Other PoPs that send no heartbeats")
                .register(registry);
        Gauge.builder(
                        "anycast.fleet.turning",
                        () -> most(now.get(), fleet -> fleet.turning(System.nanoTime()) ? 1 : 0))
                .description("1 if so many PoPs change state that someone must look")
                .register(registry);
    }

    /// Adds the counter of a recording.
    ///
    /// @param lost returns how many lines could not be written
    public void recording(LongSupplier lost) {
        FunctionCounter.builder("anycast.recording.lost", lost, LongSupplier::getAsLong)
                .description("Lines of the recording that could not be written")
                .register(registry);
    }

    /// Returns the queries per second of all responders; NaN when unknown.
    private static double perSecond(Snapshot snapshot) {
        return snapshot.services().stream()
                .mapToDouble(service -> service.evidence().perSecond())
                .filter(rate -> !Double.isNaN(rate))
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    /// Returns the largest value of any service's view of the fleet.
    private static int most(Snapshot snapshot, ToIntFunction<Fleet> value) {
        return snapshot.services().stream()
                .mapToInt(service -> value.applyAsInt(service.pipeline().fleet()))
                .max()
                .orElse(0);
    }

    private static int silent(Snapshot snapshot) {
        List<Fleet> views =
                snapshot.services().stream().map(service -> service.pipeline().fleet()).toList();
        return Silence.of(views, System.nanoTime()).count();
    }

    private void watchBfd(String neighbor, Supplier<Snapshot> now) {
        Gauge.builder("bfd.session.up", () -> bfdUp.contains(neighbor) ? 1 : 0)
                .description("1 if the BFD session is up")
                .tag("neighbor", neighbor)
                .register(registry);
        FunctionCounter.builder("bfd.session.flaps", neighbor, one -> flaps(bfd(one, now)))
                .description("How often the BFD session was up and went down")
                .tag("neighbor", neighbor)
                .register(registry);
    }

    private static @Nullable BfdStatus bfd(String neighbor, Supplier<Snapshot> now) {
        return now.get().neighbors().stream()
                .filter(status -> name(status.neighbor()).equals(neighbor))
                .map(NeighborStatus::bfd)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static int flaps(@Nullable BfdStatus status) {
        return status == null ? 0 : status.flaps();
    }

    /// Counts an observation of a service.
    public void observed(String service, Observation observation) {
        if (observation instanceof Observation.Checked(var check, var result)) {
            checkRuns
                    .computeIfAbsent(new CheckRuns(service, check, result.label()), this::counter)
                    .increment();
        }
        if (observation instanceof Observation.Probed(var transport, var outcome)) {
            Counter.builder("anycast.probes")
                    .description("Probes by transport and result")
                    .tag("transport", transport.label())
                    .tag("result", outcome.label())
                    .register(registry)
                    .increment();
            if (outcome instanceof Outcome.Right(var nanos)) {
                duration(transport).record(Duration.ofNanos(nanos));
            }
        }
    }

    private Counter counter(CheckRuns runs) {
        return Counter.builder("anycast.checks")
                .description("Runs of checks by result")
                .tags("service", runs.service, "check", runs.check, "result", runs.result)
                .register(registry);
    }

    /// Records how late a run of a check began.
    public void checkLate(Duration lateness) {
        checkLateness.record(lateness);
    }

    /// Counts a changed decision about a service, just before the neighbors are updated.
    ///
    /// @param atNanos when the evidence arrived, by [System#nanoTime]
    public void decided(String service, Decision decision, long atNanos) {
        switch (decision) {
            case Decision.Announce _ -> announcements(service).increment();
            case Decision.Depreference(_, _, var reasons) ->
                    depreferences(service, reasons.getFirst().cause()).increment();
            case Decision.Withdraw(var reasons) ->
                    withdrawals(service, reasons.getFirst().cause()).increment();
        }
        synchronized (owed) {
            owed.clear();
            owed.addAll(established);
            evidenceNanos = atNanos;
        }
    }

    @Override
    public void stateChanged(Neighbor neighbor, String from, String to, String reason) {
        if (to.equals(ESTABLISHED)) {
            established.add(name(neighbor));
            counters.up(name(neighbor));
            return;
        }
        if (established.remove(name(neighbor))) {
            counters.down(name(neighbor));
        }
        synchronized (owed) {
            owed.remove(name(neighbor));
        }
    }

    @Override
    public void updated(Neighbor neighbor, Set<Prefix> announced, Set<Prefix> withdrawn) {
        synchronized (owed) {
            if (owed.remove(name(neighbor))) {
                evidenceToUpdate.record(Duration.ofNanos(System.nanoTime() - evidenceNanos));
            }
        }
    }

    @Override
    public void exchanged(Neighbor neighbor, boolean sent, Message message) {
        counters.exchanged(name(neighbor), sent, message);
    }

    @Override
    public void strangerRefused() {
        counters.strangerRefused();
    }

    @Override
    public void bfdChanged(Neighbor neighbor, SessionState state) {
        if (state == SessionState.UP) {
            bfdUp.add(name(neighbor));
        } else {
            bfdUp.remove(name(neighbor));
        }
    }

    @Override
    public void bfdLate(Neighbor neighbor, Duration lateness) {
        bfdLateness.record(lateness);
    }

    @Override
    public void bfdDiscarded(Discard why) {
        Counter.builder("bfd.packets.discarded")
                .description("BFD packets from neighbors that were not accepted, by reason")
                .tag("reason", why.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    /// Returns all metrics in the Prometheus text format.
    public String scrape() {
        Snapshot snapshot = now.get();
        List<NeighborStatus> neighbors = snapshot.neighbors();
        for (NeighborStatus status : neighbors) {
            String name = name(status.neighbor());
            counters.expect(name);
            if (status.bfd() != null && bfdWatched.add(name)) {
                watchBfd(name, now);
            }
        }
        sessionUp.register(
                neighbors.stream()
                        .map(n -> Row.of(Tags.of("neighbor", name(n.neighbor())), up(n)))
                        .collect(Collectors.toList()),
                true);
        sessionFlaps.register(
                neighbors.stream()
                        .map(n ->
                                Row.of(
                                        Tags.of("neighbor", name(n.neighbor())),
                                        n.history().flaps()))
                        .collect(Collectors.toList()),
                true);
        prefixAnnounced.register(
                Stream.of(snapshot.prefixes(), snapshot.backstop())
                        .flatMap(Set::stream)
                        .map(p -> Row.of(Tags.of("prefix", p.toString()), announced(p, neighbors)))
                        .collect(Collectors.toList()),
                true);
        services(snapshot);
        watch(
                "anycast.internal.errors",
                "Internal errors that did not end the program, by thread",
                "thread",
                LongLived::restarts);
        watch(
                "anycast.log.suppressed",
                "Log lines left out because others like them had just been logged",
                "lines",
                LogLimiter::suppressed);
        return PrometheusText.withPlainBounds(registry.scrape());
    }

    /// Reads the gauges of the services.
    private void services(Snapshot snapshot) {
        List<Row<?>> wishes = new ArrayList<>();
        List<Row<?>> announcings = new ArrayList<>();
        List<Row<?>> grades = new ArrayList<>();
        List<Row<?>> flapped = new ArrayList<>();
        List<Row<?>> phases = new ArrayList<>();
        List<Row<?>> checks = new ArrayList<>();
        for (ServiceStatus service : snapshot.services()) {
            Tags tags = Tags.of("service", service.name());
            wishes.add(Row.of(tags, service.announcing() ? 1 : 0));
            announcings.add(Row.of(tags, snapshot.isSent(service) ? 1 : 0));
            flapped.add(Row.of(tags, service.pipeline().hold().flaps()));
            String graded = service.evidence().grade().grade();
            for (String word : GRADES) {
                grades.add(Row.of(tags.and("grade", word), word.equals(graded) ? 1 : 0));
            }
            Drain.Phase phase = service.pipeline().drain().phase();
            for (Drain.Phase each : Drain.Phase.values()) {
                phases.add(Row.of(tags.and("phase", label(each)), each == phase ? 1 : 0));
            }
            service.evidence()
                    .checks()
                    .forEach((name, state) ->
                            checks.add(Row.of(tags.and("check", name), state.up() ? 1 : 0)));
        }
        wanted.register(wishes, true);
        announcing.register(announcings, true);
        grade.register(grades, true);
        flaps.register(flapped, true);
        drainPhase.register(phases, true);
        checkUp.register(checks, true);
    }

    /// Registers a counter for each label that is new since the last scrape.
    private void watch(
            String name, String description, String label, Supplier<Map<String, Long>> counts) {
        for (String value : counts.get().keySet()) {
            FunctionCounter.builder(name, value, of -> counts.get().getOrDefault(of, 0L))
                    .description(description)
                    .tag(label, value)
                    .register(registry);
        }
    }

    private MultiGauge gauges(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private static String label(Drain.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private int up(NeighborStatus status) {
        return established.contains(name(status.neighbor())) ? 1 : 0;
    }

    private Counter announcements(String service) {
        return Counter.builder("anycast.announcements")
                .description("Changes of the decision to a full announcement")
                .tag("service", service)
                .register(registry);
    }

    private Counter depreferences(String service, Cause cause) {
        return Counter.builder("anycast.depreferences")
                .description("Changes of the decision to depreferenced, by gravest cause")
                .tags("service", service, "reason", cause.label())
                .register(registry);
    }

    private Counter withdrawals(String service, Cause cause) {
        return Counter.builder("anycast.withdrawals")
                .description("Changes of the decision to withdrawn, by gravest cause")
                .tags("service", service, "reason", cause.label())
                .register(registry);
    }

    private Timer duration(ProbeTransport transport) {
        return Timer.builder("anycast.probe.duration")
                .description("How long correct answers to probes took")
                .tag("transport", transport.label())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private static double announced(Prefix prefix, List<NeighborStatus> neighbors) {
        return neighbors.stream().filter(neighbor -> neighbor.has(prefix)).count();
    }

    private static String name(Neighbor neighbor) {
        String address = neighbor.id().name();
        return neighbor.port() == Neighbor.PORT ? address : address + " port " + neighbor.port();
    }
}
