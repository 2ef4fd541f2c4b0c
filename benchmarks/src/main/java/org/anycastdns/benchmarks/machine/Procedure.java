package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.compare.Overload;
import org.anycastdns.benchmarks.compare.Place;
import org.anycastdns.benchmarks.compare.RateSearch;
import org.anycastdns.benchmarks.compare.Results;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.load.Expectations;
import org.anycastdns.benchmarks.load.Report;
import org.anycastdns.benchmarks.machine.CompareOptions.Figures;

/// The order of all measurements. In each round and for each set of zones, all servers are started.
/// Then each step is taken with one server after the other; each round begins with another server.
/// Steps are short, because disturbances of the machine last a few seconds. A step is one rate of
/// kxdpgun, or one of several passes at a steady load.
final class Procedure {

    /// The share of right responses that counts as all of them.
    private static final double ALL = 0.999;

    /// Above it the loss may be the machine's, not the rate's: the step is repeated once.
    private static final double NEARLY_ALL = 0.98;

    /// More than any server answers on one core. The generator skips what it cannot send.
    private static final double FLOOD = 400_000;

    /// A rate that every server can answer.
    private static final double WARM_UP = 10_000;

    private static final double[] PRACTICE = {1_000, 20_000, 400_000, 5_000, 50_000, 100_000};
    private static final double[] KXDPGUN_STEPS = {1.0, 1.3, 1.6, 2.0};
    private static final int ROUNDING = 100;

    /// How often each server is measured at a steady load. All passes count together.
    private static final int PASSES = 3;

    /// Queries needed for a p99.9. At low rates there are more passes, up to twice as many.
    private static final double TAIL_QUERIES = 50_000;

    /// Time at the steady load before each measurement. A server that was just thawed has cold
    /// processor caches.
    private static final double SETTLE_SECONDS = 0.5;

    /// Responses per scenario that are compared with those of the reference.
    private static final int EXPECTED = 20_000;

    /// Servers that define the right response; the first one that takes part is used.
    private static final List<String> REFERENCES =
            List.of("knot", "nsd", "bind", "powerdns", Contestant.OURS);

    private final CompareOptions options;
    private final RunningServer.Site site;
    private final List<Contestant> contestants;
    private final Path folder;
    private final Material material;
    private final Gauges gauges;
    private final Gauges settling;
    private final PrintStream progress;
    private final Results results;
    private final Map<Scenario, Expectations> expectations = new HashMap<>();

    Procedure(
            CompareOptions options,
            RunningServer.Site site,
            List<Contestant> contestants,
            Path folder,
            Results results,
            PrintStream progress) {
        this.options = options;
        this.site = site;
        this.contestants = contestants;
        this.folder = folder;
        this.results = results;
        this.progress = progress;
        material = new Material(folder);
        gauges = new Gauges(site.network(), options.generatorCore, options.seconds);
        settling = new Gauges(site.network(), options.generatorCore, SETTLE_SECONDS);
    }

    /// Writes the results so far.
    @FunctionalInterface
    interface Finished {
        void write(int round) throws IOException;
    }

    /// Measures everything.
    ///
    /// @param finished called with the round's number after each round, so results can be read
    ///   early
    void run(Finished finished) throws IOException {
        Map<Scenario.Zones, List<Scenario>> groups =
                options.scenarios.stream()
                        .sorted()
                        .collect(
                                Collectors.groupingBy(
                                        Scenario::zones,
                                        java.util.TreeMap::new,
                                        Collectors.toList()));
        practice();
        for (int round = 1; round <= options.rounds; round++) {
            for (Map.Entry<Scenario.Zones, List<Scenario>> group : groups.entrySet()) {
                say("round %d of %d, %s".formatted(round, options.rounds, group.getKey()));
                measure(group.getKey(), group.getValue(), round);
            }
            finished.write(round);
        }
    }

    /// Warms up the generator against the reflector, so that JIT compilation of it has settled.
    private void practice() throws IOException {
        say("the generator warms up");
        int index = contestants.size() - 1;
        Material.Served served = material.served(Scenario.Zones.SMALL);
        RunningServer reflector =
                start(contestants.get(index), index, Scenario.Zones.SMALL, served);
        try {
            Material.Asked asked = material.asked(Scenario.SMALL);
            Expectations any = Expectations.none(asked.queries().size());
            Subject subject = new Subject(Scenario.SMALL, reflector, asked, any);
            for (double rate : PRACTICE) {
                each(List.of(subject), each -> load(each, rate, false));
            }
        } finally {
            reflector.group().close();
        }
    }

    private void say(String sentence) {
        progress.println("compare: " + sentence);
    }

    private void measure(Scenario.Zones zones, List<Scenario> scenarios, int round)
            throws IOException {
        List<RunningServer> servers = new ArrayList<>();
        try {
            Material.Served served = material.served(zones);
            for (int i = 0; i < contestants.size(); i++) {
                servers.add(start(contestants.get(i), i, zones, served));
            }
            for (Scenario scenario : scenarios) {
                List<RunningServer> turn = new ArrayList<>(servers);
                Collections.rotate(turn, 1 - round);
                boolean justStarted = scenario == scenarios.getFirst();
                measure(scenario, turn, servers, justStarted);
            }
        } finally {
            for (RunningServer server : servers) {
                server.group().close();
            }
        }
    }

    private RunningServer start(
            Contestant contestant, int index, Scenario.Zones zones, Material.Served served)
            throws IOException {
        Place place =
                new Place(
                        Network.server(index),
                        Network.PORT,
                        folder.resolve(contestant.name() + "-" + zones).toString(),
                        served.folder().toString(),
                        served.zones(),
                        served.signed());
        RunningServer server = RunningServer.start(site, contestant, place, served.probes());
        say("%s answers after %.0f ms".formatted(contestant.title(), server.firstAnswerMillis()));
        return server;
    }

    private void measure(
            Scenario scenario,
            List<RunningServer> turn,
            List<RunningServer> servers,
            boolean justStarted)
            throws IOException {
        Material.Asked asked = material.asked(scenario);
        Expectations right = expected(scenario, asked, servers);
        List<Subject> subjects = new ArrayList<>();
        for (RunningServer server : turn) {
            Expectations expected =
                    server.contestant().answers()
                            ? right
                            : Expectations.none(asked.queries().size());
            subjects.add(new Subject(scenario, server, asked, expected));
            if (server.contestant().answers()) {
                add(subjects.getLast(), Metric.FIRST_ANSWER, server.firstAnswerMillis());
            }
        }
        boolean throughput = options.measures(Figures.THROUGHPUT);
        boolean latency = options.measures(Figures.LATENCY);
        if (throughput && justStarted) {
            each(
                    subjects,
                    subject -> add(subject, Metric.COLD, load(subject, FLOOD, false).goodput()));
        }
        each(subjects, this::warmUp);
        if (throughput || (latency && results.weakest(scenario).isEmpty())) {
            say("%s: saturation".formatted(scenario.id()));
            each(subjects, this::saturate);
            weakest(scenario, subjects);
        }
        if (throughput) {
            say("%s: kxdpgun".formatted(scenario.id()));
            kxdpgun(scenario, subjects);
        }
        if (latency) {
            say(
                    "%s: at half and four fifths of %d/s"
                            .formatted(scenario.id(), results.weakest(scenario).orElse(0)));
            steady(subjects, 0.5);
            steady(subjects, 0.8);
        }
        each(subjects, this::memory);
        if (options.measures(Figures.TCP)) {
            say("%s: TCP".formatted(scenario.id()));
            each(subjects, this::tcp);
        }
    }

    /// One server in one scenario.
    private record Subject(
            Scenario scenario, RunningServer server, Material.Asked asked, Expectations expected) {

        String name() {
            return server.contestant().name();
        }
    }

    /// A step with one server.
    @FunctionalInterface
    private interface Step {
        void take(Subject subject) throws IOException;
    }

    private static void each(List<Subject> subjects, Step step) throws IOException {
        for (Subject subject : subjects) {
            subject.server().group().thaw();
            try {
                step.take(subject);
            } finally {
                subject.server().group().freeze();
            }
        }
    }

    private Expectations expected(
            Scenario scenario, Material.Asked asked, List<RunningServer> servers)
            throws IOException {
        Expectations known = expectations.get(scenario);
        if (known != null) {
            return known;
        }
        RunningServer reference =
                REFERENCES.stream()
                        .flatMap(name ->
                                servers.stream()
                                        .filter(server -> server.contestant().name().equals(name)))
                        .findFirst()
                        .orElse(servers.getFirst());
        results.condition("right is what", reference.contestant().title() + " answers");
        reference.group().thaw();
        try {
            int every = Math.max(1, asked.queries().size() / EXPECTED);
            Expectations recorded =
                    Expectations.record(reference.address(), asked.queries(), every);
            expectations.put(scenario, recorded);
            return recorded;
        } finally {
            reference.group().freeze();
        }
    }

    private Report load(Subject subject, double rate, boolean settled) throws IOException {
        return load(gauges, subject, rate, settled);
    }

    private Report load(Gauges with, Subject subject, double rate, boolean settled)
            throws IOException {
        Report report =
                with.load(
                        subject.server().address(),
                        subject.asked(),
                        subject.expected(),
                        rate,
                        settled);
        if (report.wrong() > 0) {
            results.note(
                    "%s, %s: gave answers that differ from the reference's, and count as lost"
                            .formatted(subject.scenario().id(), subject.name()));
        }
        return report;
    }

    private void add(Subject subject, Metric metric, double value) {
        results.add(subject.scenario(), subject.name(), metric, value);
    }

    private void warmUp(Subject subject) throws IOException {
        long end = System.nanoTime() + (long) (options.warmUpSeconds * 1e9);
        do {
            load(subject, WARM_UP, true);
        } while (System.nanoTime() - end < 0);
    }

    /// Searches for the highest rate without loss, beginning with the throughput under a flood.
    private void saturate(Subject subject) throws IOException {
        Groups.Group group = subject.server().group();
        load(subject, FLOOD, true);
        long before = group.cpuMicros();
        Report flood = load(subject, FLOOD, true);
        double busy = (double) (group.cpuMicros() - before) / (1e6 * options.seconds);
        add(subject, Metric.BUSY, 100 * Math.min(1, busy));
        double peak = flood.goodput();
        double best = 0;
        boolean limited = false;
        RateSearch search = new RateSearch(peak);
        while (!search.over()) {
            Report report = load(subject, search.rate(), false);
            if (share(report) < ALL && share(report) > NEARLY_ALL) {
                report = load(subject, search.rate(), false);
            }
            peak = Math.max(peak, report.goodput());
            boolean all = share(report) >= ALL;
            if (all) {
                best = report.goodput();
            } else {
                limited = !report.onSchedule();
            }
            search.tried(all);
        }
        if (limited) {
            results.note(
                    "%s, %s: the generator was late when the saturation was found: it may be more"
                            .formatted(subject.scenario().id(), subject.name()));
        }
        add(subject, Metric.SATURATION, best);
        add(subject, Metric.PEAK, peak);
        double twice = 2 * peak;
        if (twice >= 1) {
            Report overload = load(subject, twice, false);
            add(subject, Metric.GOODPUT_2X, overload.goodput());
            add(subject, Metric.OFFERED_2X, overload.offered());
        }
        say(
                "  %s: %.0f/s, at most %.0f/s (of a flood of %.0f/s: %.0f/s)"
                        .formatted(subject.name(), best, peak, flood.offered(), flood.goodput()));
    }

    private static double share(Report report) {
        return (double) report.answered() / Math.max(1.0, (double) report.scheduled());
    }

    private void kxdpgun(Scenario scenario, List<Subject> subjects) throws IOException {
        Map<String, List<Double>> seen = new HashMap<>();
        for (double step : KXDPGUN_STEPS) {
            each(
                    subjects,
                    subject -> {
                        double peak =
                                results.values(scenario, subject.name(), Metric.PEAK).getLast();
                        double rate = Math.max(1_000, step * peak);
                        seen.computeIfAbsent(subject.name(), _ -> new ArrayList<>())
                                .add(
                                        gauges.kxdpgun(
                                                subject.server().address(), subject.asked(), rate));
                    });
        }
        each(
                subjects,
                subject -> {
                    double most = Collections.max(seen.getOrDefault(subject.name(), List.of()));
                    Overload overload =
                            Overload.measure(
                                    most,
                                    rate ->
                                            gauges.kxdpgun(
                                                    subject.server().address(),
                                                    subject.asked(),
                                                    rate));
                    add(subject, Metric.KXDPGUN, most);
                    add(subject, Metric.KXDPGUN_2X, overload.atTwice());
                    add(subject, Metric.KXDPGUN_LEFT, overload.percentLeft());
                    say(
                            "  %s: %.0f/s, %.0f/s when offered, %.0f/s when twice that is"
                                    .formatted(
                                            subject.name(),
                                            most,
                                            overload.atSaturation(),
                                            overload.atTwice()));
                });
    }

    /// Set in the first round only, so that rounds are comparable.
    private void weakest(Scenario scenario, List<Subject> subjects) throws IOException {
        if (results.weakest(scenario).isPresent()) {
            return;
        }
        OptionalDouble least =
                subjects.stream()
                        .filter(subject -> subject.server().contestant().answers())
                        .mapToDouble(subject ->
                                results.values(scenario, subject.name(), Metric.SATURATION)
                                        .getLast())
                        .min();
        int rate = (int) least.orElse(0) / ROUNDING * ROUNDING;
        if (rate == 0) {
            throw new IOException(
                    "a server does not answer right at any rate in scenario " + scenario.id());
        }
        results.weakest(scenario, rate);
    }

    /// Sum of a server's results over all passes at a steady load.
    private static final class Steady {

        private final Histogram latency = new Histogram(3);
        private long cpuMicros;
        private long scheduled;
        private long answered;
        private boolean onSchedule = true;

        void add(Report report, long micros) {
            latency.add(report.latency());
            cpuMicros += micros;
            scheduled += report.scheduled();
            answered += report.answered();
            onSchedule &= report.onSchedule();
        }
    }

    private void steady(List<Subject> subjects, double share) throws IOException {
        Map<String, Steady> sums = new HashMap<>();
        int rate = results.weakest(subjects.getFirst().scenario()).orElseThrow();
        double needed = Math.ceil(TAIL_QUERIES / (share * rate * options.seconds));
        int passes = (int) Math.clamp(needed, PASSES, 2 * PASSES);
        for (int pass = 0; pass < passes; pass++) {
            each(
                    subjects,
                    subject ->
                            pass(
                                    subject,
                                    share,
                                    sums.computeIfAbsent(subject.name(), _ -> new Steady())));
        }
        for (Subject subject : subjects) {
            steady(subject, share, sums.getOrDefault(subject.name(), new Steady()));
        }
    }

    private void pass(Subject subject, double share, Steady sum) throws IOException {
        double rate = share * results.weakest(subject.scenario()).orElseThrow();
        load(settling, subject, rate, true);
        Groups.Group group = subject.server().group();
        long before = group.cpuMicros();
        Report report = load(subject, rate, true);
        sum.add(report, group.cpuMicros() - before);
    }

    private void steady(Subject subject, double share, Steady sum) {
        boolean half = share <= 0.5;
        double cpu = (double) sum.cpuMicros / Math.max(1.0, (double) sum.answered);
        add(subject, half ? Metric.CPU_50 : Metric.CPU_80, cpu);
        add(subject, half ? Metric.P50_AT_50 : Metric.P50_AT_80, micros(sum.latency, 50));
        add(subject, half ? Metric.P99_AT_50 : Metric.P99_AT_80, micros(sum.latency, 99));
        add(subject, half ? Metric.P999_AT_50 : Metric.P999_AT_80, micros(sum.latency, 99.9));
        if (!half) {
            double lost = (double) (sum.scheduled - sum.answered);
            add(subject, Metric.LOST_AT_80, 1e6 * lost / Math.max(1.0, (double) sum.scheduled));
        }
        if (!sum.onSchedule) {
            results.note(
                    "%s, %s: the generator was late at %.0f %% load: latencies are its own in part"
                            .formatted(subject.scenario().id(), subject.name(), 100 * share));
        }
        say(
                "  %s: %.2f us CPU, p50 %.0f us, p99.9 %.0f us"
                        .formatted(
                                subject.name(),
                                cpu,
                                micros(sum.latency, 50),
                                micros(sum.latency, 99.9)));
    }

    private static double micros(Histogram nanos, double percentile) {
        return (double) nanos.getValueAtPercentile(percentile) / 1e3;
    }

    private void memory(Subject subject) throws IOException {
        if (subject.server().contestant().answers()) {
            add(subject, Metric.PSS, (double) subject.server().group().memory() / 1e6);
        }
    }

    private void tcp(Subject subject) throws IOException {
        if (!subject.server().contestant().answers()) {
            return;
        }
        InetSocketAddress server = subject.server().address();
        boolean dnssecOk = subject.scenario().dnssecOk();
        double kept;
        double connections;
        long end = System.nanoTime() + (long) (options.warmUpSeconds * 1e9);
        do {
            kept = gauges.keptConnections(server, subject.asked(), dnssecOk);
            connections = gauges.connections(server, subject.asked());
        } while (System.nanoTime() - end < 0);
        add(subject, Metric.TCP_KEPT, kept);
        add(subject, Metric.TCP_CONNECTIONS, connections);
        say(
                "  %s: %.0f queries/s, %.0f connections/s"
                        .formatted(subject.name(), kept, connections));
    }
}
