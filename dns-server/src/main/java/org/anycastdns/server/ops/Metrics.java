package org.anycastdns.server.ops;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongBiFunction;
import org.anycastdns.daemon.Build;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.PrometheusText;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.serve.WorkerCounters;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.anycastdns.server.wire.Name;

/// Writes all metrics in the Prometheus text format. Nothing is counted here: a scrape reads the
/// workers' counters and the state of the zones.
///
/// {@link CounterSlots} limits the number of zone labels. Further zones are added up as "other";
/// queries outside the served zones count as "none". Neither can be a zone's name, which ends in a
/// dot.
final class Metrics implements AutoCloseable {

    private static final String NO_ZONE = "none";
    private static final String OTHER_ZONES = "other";
    private static final double NANOS = 1e9;
    private static final String COMMIT = Build.commit(Metrics.class);

    /// The help of each counter of [Traffic#counters].
    private static final Map<String, String> SOCKET_COUNTERS =
            Map.of(
                    "dns_tcp_accepted", "Accepted TCP connections.",
                    "dns_udp_ignored", "Datagrams from sources that must not be answered.",
                    "dns_udp_text_service",
                            "Datagrams from ports of services that answer every reply; dropped.",
                    "dns_udp_unsent", "Responses that the system did not take.",
                    "dns_udp_overflow", "Queries lost in full socket queues.",
                    "dns_failures",
                            "Requests that were not answered because of an internal error.");

    private final Vitals vitals;
    private final CounterSlots slots;
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Metrics(Vitals vitals, CounterSlots slots) {
        this.vitals = vitals;
        this.slots = slots;
        // Prometheus' own linter rejects these names; collect() exports the same values under other
        // names.
        registry.config()
                .meterFilter(
                        MeterFilter.deny(id ->
                                id.getName().equals("process.cpu.time")
                                        || id.getName().equals("system.cpu.count")));
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        MultiCollector collector = this::collect;
        registry.getPrometheusRegistry().register(collector);
    }

    /// Returns the text of a scrape.
    String scrape() {
        return PrometheusText.withPlainBounds(registry.scrape());
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private MetricSnapshots collect() {
        List<MetricSnapshot> all = new ArrayList<>();
        Traffic traffic = vitals.traffic();
        List<WorkerCounters> workers = traffic.workerCounters().get();
        all.add(queries(workers));
        all.add(responseTime(workers));
        all.add(
                counter(
                        "dns_dropped",
                        "Requests that got no response.",
                        sum(workers, WorkerCounters::droppedCount)));
        all.add(
                counter(
                        "dns_truncated",
                        "Responses with TC set.",
                        sum(workers, WorkerCounters::truncatedCount)));
        all.add(
                counter(
                        "dns_trailing",
                        "Queries with octets behind their last record.",
                        sum(workers, WorkerCounters::trailingCount)));
        all.add(
                counters(
                        "dns_cookies",
                        "Requests with a DNS cookie: new has no server part, invalid was not made"
                                + " here.",
                        "state",
                        sums(workers, WorkerCounters.COOKIES, WorkerCounters::cookieCount)));
        all.add(
                counters(
                        "dns_tsig",
                        "Requests with a TSIG record: ok was verified, the others were refused.",
                        "result",
                        sums(workers, WorkerCounters.SIGNATURES, WorkerCounters::signatureCount)));
        sockets(traffic, all);
        PrimaryStatus primary = vitals.primary();
        if (primary != null) {
            PrimaryMetrics.add(primary, all);
        }
        TlsStatus tls = vitals.tls();
        if (tls != null) {
            TlsMetrics.add(tls, all);
        }
        process(all);
        all.add(state());
        all.add(buildInfo(traffic));
        ContentMetrics.add(vitals, all);
        ZonesStatus zones = vitals.zones();
        all.add(
                counter(
                        "dns_reload_internal_errors",
                        "Internal errors of the reload thread, apart from those of zones.",
                        (double) vitals.reload().errorCount()));
        SecondaryZones transfers = vitals.transfers();
        if (transfers != null) {
            TransferMetrics.add(transfers, vitals.now(), all);
        }
        if (zones != null) {
            reloads(zones, all);
            trouble(zones, all);
            zones(zones, all);
        }
        return new MetricSnapshots(all);
    }

    private MetricSnapshot buildInfo(Traffic traffic) {
        return GaugeSnapshot.builder()
                .name("dns_build_info")
                .help("Always 1; the labels tell what is running.")
                .dataPoint(
                        point(
                                Labels.of(
                                        "version",
                                        vitals.software,
                                        "commit",
                                        COMMIT,
                                        "jdk",
                                        Build.jdk(),
                                        "engine",
                                        traffic.engine()),
                                1))
                .build();
    }

    private static void sockets(Traffic traffic, List<MetricSnapshot> all) {
        all.add(
                gauge(
                        "dns_tcp_connections",
                        "Open TCP connections.",
                        traffic.tcpConnections().getAsInt()));
        all.add(
                gauge(
                        "dns_tcp_client_networks",
                        "Client networks whose TCP connections began or went wrong lately.",
                        traffic.tcpNetworks().getAsInt()));
        all.add(
                gauge(
                        "dns_listen_absent",
                        "Addresses of listen that are not on this host.",
                        traffic.absent().get().size()));
        traffic.counters()
                .get()
                .forEach((name, count) ->
                        all.add(
                                counter(
                                        name,
                                        SOCKET_COUNTERS.getOrDefault(name, name),
                                        (double) count)));
        all.add(
                counters(
                        "dns_tcp_closed",
                        "Ended TCP connections, by reason.",
                        "reason",
                        traffic.tcpClosed().get()));
    }

    private static void process(List<MetricSnapshot> all) {
        all.add(
                counters(
                        "dns_internal_errors",
                        "Internal errors that did not end the program, by thread.",
                        "thread",
                        LongLived.restarts()));
        all.add(
                counters(
                        "dns_log_suppressed",
                        "Log lines left out because others like them had just been logged.",
                        "lines",
                        LogLimiter.suppressed()));
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        all.add(
                counter(
                        "process_cpu_seconds",
                        "CPU time of this process, user and system.",
                        cpu.toMillis() / 1e3));
    }

    private static Map<String, Long> sums(
            List<WorkerCounters> workers,
            List<String> labels,
            ToLongBiFunction<WorkerCounters, Integer> count) {
        Map<String, Long> sums = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            int index = i;
            sums.put(
                    labels.get(i),
                    workers.stream().mapToLong(each -> count.applyAsLong(each, index)).sum());
        }
        return sums;
    }

    private static double sum(
            List<WorkerCounters> workers, ToDoubleFunction<WorkerCounters> count) {
        return workers.stream().mapToDouble(count).sum();
    }

    private MetricSnapshot queries(List<WorkerCounters> workers) {
        CounterSnapshot.Builder queries =
                CounterSnapshot.builder()
                        .name("dns_queries")
                        .help("Responses by zone, question type, response code and transport.");
        Map<Integer, Name> zones = slots.zones();
        // Arrays, because an iterator for each of the many counters would make much garbage.
        Transport[] transports = Transport.values();
        WorkerCounters[] all = workers.toArray(WorkerCounters[]::new);
        for (int slot = 0; slot < WorkerCounters.SLOTS; slot++) {
            String zone = label(slot, zones);
            for (int type = 0; type < WorkerCounters.TYPE_COUNT; type++) {
                for (int rcode = 0; rcode < WorkerCounters.RCODE_COUNT; rcode++) {
                    for (Transport transport : transports) {
                        long count = 0;
                        for (WorkerCounters counters : all) {
                            count += counters.responses(slot, type, rcode, transport);
                        }
                        if (count > 0) {
                            queries.dataPoint(query(zone, type, rcode, transport, count));
                        }
                    }
                }
            }
        }
        return queries.build();
    }

    private static String label(int slot, Map<Integer, Name> zones) {
        if (slot == WorkerCounters.SLOT_NONE) {
            return NO_ZONE;
        }
        Name zone = zones.get(slot);
        return zone == null ? OTHER_ZONES : zone.toString();
    }

    private static CounterDataPointSnapshot query(
            String zone, int type, int rcode, Transport transport, long count) {
        Labels labels =
                Labels.of(
                        "zone",
                        zone,
                        "type",
                        WorkerCounters.typeLabel(type),
                        "rcode",
                        WorkerCounters.rcodeLabel(rcode),
                        "transport",
                        transport.label());
        return CounterDataPointSnapshot.builder().labels(labels).value((double) count).build();
    }

    private static MetricSnapshot responseTime(List<WorkerCounters> workers) {
        long[] nanos = WorkerCounters.bucketNanos();
        double[] bounds = new double[nanos.length + 1];
        long[] counts = new long[nanos.length + 1];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = i < nanos.length ? nanos[i] / NANOS : Double.POSITIVE_INFINITY;
            for (WorkerCounters counters : workers) {
                counts[i] += counters.responseTimes(i);
            }
        }
        return HistogramSnapshot.builder()
                .name("dns_response_time_seconds")
                .help("Time from the arrival of a request to the hand-over of its response.")
                .unit(Unit.SECONDS)
                .dataPoint(
                        HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                                .sum(sum(workers, WorkerCounters::responseNanos) / NANOS)
                                .build())
                .build();
    }

    private MetricSnapshot state() {
        GaugeSnapshot.Builder states =
                GaugeSnapshot.builder().name("dns_state").help("1 for the current state.");
        for (Vitals.State state : Vitals.State.values()) {
            Labels labels = Labels.of("state", state.label());
            states.dataPoint(point(labels, state == vitals.state() ? 1 : 0));
        }
        return states.build();
    }

    private static void reloads(ZonesStatus zones, List<MetricSnapshot> all) {
        CounterSnapshot.Builder reloads =
                CounterSnapshot.builder()
                        .name("dns_reloads")
                        .help("Loads and reloads that found something to do, by result.");
        ZonesStatus.Counts counts = zones.counts();
        reloads.dataPoint(labeled("result", "ok", counts.ok()));
        reloads.dataPoint(labeled("result", "failed", counts.failed()));
        reloads.dataPoint(labeled("result", "refused", counts.refused()));
        all.add(reloads.build());
        all.add(
                counter(
                        "dns_reload_refused",
                        "Reloads refused by the guard, because too much would have been lost.",
                        (double) counts.refused()));
        all.add(
                gauge(
                        "dns_reload_last_result",
                        "1 if the last reload loaded everything, otherwise 0.",
                        zones.last().outcome() == Outcome.OK ? 1 : 0));
        Instant success = zones.lastSuccess();
        all.add(
                gauge(
                        "dns_reload_last_success_timestamp_seconds",
                        "When a reload last loaded everything, as Unix time; 0 means never.",
                        success == null ? 0 : success.toEpochMilli() / 1e3));
        all.add(gauge("dns_zones", "Zones in service.", zones.availableCount()));
    }

    private static void trouble(ZonesStatus zones, List<MetricSnapshot> all) {
        all.add(
                counter(
                        "dns_zone_internal_errors",
                        "Internal errors while a zone was loaded, replaced or removed.",
                        (double) zones.counts().internalErrors()));
        all.add(
                counter(
                        "dns_zone_serial_warnings",
                        "Zone versions that were loaded although their serial is not greater.",
                        (double) zones.counts().serialWarnings()));
        all.add(
                gauge(
                        "dns_zones_unavailable",
                        "Zones that could not be loaded and answer SERVFAIL.",
                        zones.count(Condition.UNAVAILABLE)));
        all.add(
                gauge(
                        "dns_zones_stale",
                        "Zones whose last good version is served, because the newest file is"
                                + " bad.",
                        zones.count(Condition.STALE)));
        all.add(
                gauge(
                        "dns_zones_waiting",
                        "Zones whose newest file is not read yet: it is incomplete, or its disk"
                                + " hangs.",
                        zones.waitingCount()));
    }

    private static CounterDataPointSnapshot labeled(String label, String value, long count) {
        return CounterDataPointSnapshot.builder()
                .labels(Labels.of(label, value))
                .value((double) count)
                .build();
    }

    static MetricSnapshot gauges(
            String name, String help, String label, Map<String, Integer> values) {
        GaugeSnapshot.Builder gauges = gauges(name, help);
        values.forEach((value, count) -> gauges.dataPoint(point(Labels.of(label, value), count)));
        return gauges.build();
    }

    static MetricSnapshot counters(
            String name, String help, String label, Map<String, Long> counts) {
        CounterSnapshot.Builder counters = CounterSnapshot.builder().name(name).help(help);
        counts.forEach((value, count) -> counters.dataPoint(labeled(label, value, count)));
        return counters.build();
    }

    private void zones(ZonesStatus status, List<MetricSnapshot> all) {
        GaugeSnapshot.Builder serials =
                gauges("dns_zone_serial", "SOA serial of the version in service.");
        GaugeSnapshot.Builder records =
                gauges("dns_zone_records", "Records of the version in service.");
        GaugeSnapshot.Builder ages =
                gauges("dns_zone_age_seconds", "Time since the version in service was loaded.");
        GaugeSnapshot.Builder expiries =
                gauges(
                        "dns_zone_signature_expiry_seconds",
                        "When the first signature of the zone expires, as Unix time.");
        GaugeSnapshot.Builder problems =
                gauges(
                        "dns_zone_problems",
                        "Errors that keep the newest file of the zone out of service.");
        Map<String, Integer> errors = new TreeMap<>();
        Map<Name, Integer> numbers = new HashMap<>();
        slots.zones().forEach((slot, zone) -> numbers.put(zone, slot));
        for (ZoneState zone : status.zones()) {
            boolean own = numbers.containsKey(zone.apex());
            String label = own ? zone.apex().toString() : OTHER_ZONES;
            errors.merge(label, zone.errorCount(), Integer::sum);
            var served = zone.zone();
            if (own && served != null && served.available()) {
                Labels labels = Labels.of("zone", label);
                serials.dataPoint(point(labels, (double) Integer.toUnsignedLong(served.serial())));
                records.dataPoint(point(labels, served.recordCount()));
                if (served.signatureExpirySeconds() > 0) {
                    expiries.dataPoint(point(labels, (double) served.signatureExpirySeconds()));
                }
                Duration age = Duration.between(zone.loadedAt(), vitals.now());
                ages.dataPoint(point(labels, age.toMillis() / 1e3));
            }
        }
        errors.forEach((zone, count) -> problems.dataPoint(point(Labels.of("zone", zone), count)));
        all.add(serials.build());
        all.add(records.build());
        all.add(ages.build());
        all.add(expiries.build());
        all.add(problems.build());
    }

    private static GaugeSnapshot.Builder gauges(String name, String help) {
        return GaugeSnapshot.builder().name(name).help(help);
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    static MetricSnapshot gauge(String name, String help, double value) {
        return gauges(name, help).dataPoint(point(Labels.EMPTY, value)).build();
    }

    static MetricSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
