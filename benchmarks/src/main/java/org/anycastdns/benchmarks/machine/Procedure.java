package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.compare.Place;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.load.Expectations;
import org.anycastdns.benchmarks.machine.CompareOptions.Figures;

/// The order of all measurements. In each round and for each set of zones, all servers are started.
/// Then each step is taken with one server after the other; each round begins with another server.
/// Steps are short, because disturbances of the machine last a few seconds. A step is one rate of
/// kxdpgun, or one of several passes at a steady load.
///
/// @param options what is measured, and how long
/// @param site where the servers run
/// @param contestants the servers; the last one is the reflector
/// @param material the zones and queries
/// @param steps takes the measurements
/// @param references tells which responses are right
record Procedure(
        CompareOptions options,
        RunningServer.Site site,
        List<Contestant> contestants,
        Material material,
        Steps steps,
        References references) {

    private static final double[] PRACTICE = {1_000, 20_000, 400_000, 5_000, 50_000, 100_000};

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
                steps.say("round %d of %d, %s".formatted(round, options.rounds, group.getKey()));
                measure(group.getKey(), group.getValue(), round);
            }
            finished.write(round);
        }
    }

    /// Warms up the generator against the reflector, so that JIT compilation of it has settled.
    private void practice() throws IOException {
        steps.say("the generator warms up");
        int index = contestants.size() - 1;
        Material.Served served = material.served(Scenario.Zones.SMALL);
        RunningServer reflector =
                start(contestants.get(index), index, Scenario.Zones.SMALL, served);
        try {
            Material.Asked asked = material.asked(Scenario.SMALL);
            Expectations any = Expectations.none(asked.queries().size());
            Subject subject = new Subject(Scenario.SMALL, reflector, asked, any);
            for (double rate : PRACTICE) {
                Subject.each(List.of(subject), each -> steps.load(each, rate, false));
            }
        } finally {
            reflector.group().close();
        }
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
                        material.folder().resolve(contestant.name() + "-" + zones).toString(),
                        served.folder().toString(),
                        served.zones(),
                        served.signed());
        RunningServer server = RunningServer.start(site, contestant, place, served.probes());
        steps.say(
                "%s answers after %.0f ms"
                        .formatted(contestant.title(), server.firstAnswerMillis()));
        return server;
    }

    private void measure(
            Scenario scenario,
            List<RunningServer> turn,
            List<RunningServer> servers,
            boolean justStarted)
            throws IOException {
        Material.Asked asked = material.asked(scenario);
        Expectations right = references.expected(scenario, asked, servers);
        List<Subject> subjects = new ArrayList<>();
        for (RunningServer server : turn) {
            Expectations expected =
                    server.contestant().answers()
                            ? right
                            : Expectations.none(asked.queries().size());
            subjects.add(new Subject(scenario, server, asked, expected));
            if (server.contestant().answers()) {
                steps.add(subjects.getLast(), Metric.FIRST_ANSWER, server.firstAnswerMillis());
            }
        }
        boolean throughput = options.measures(Figures.THROUGHPUT);
        boolean latency = options.measures(Figures.LATENCY);
        if (throughput && justStarted) {
            Subject.each(
                    subjects,
                    subject -> {
                        double cold = steps.load(subject, Steps.FLOOD, false).goodput();
                        steps.add(subject, Metric.COLD, cold);
                    });
        }
        Subject.each(subjects, steps::warmUp);
        if (throughput || (latency && steps.results().weakest(scenario).isEmpty())) {
            steps.say("%s: saturation".formatted(scenario.id()));
            Subject.each(subjects, new Saturation(steps)::search);
            new Saturation(steps).weakest(scenario, subjects);
        }
        if (throughput) {
            steps.say("%s: kxdpgun".formatted(scenario.id()));
            new Kxdpgun(steps).measure(scenario, subjects);
        }
        if (latency) {
            steps.say(
                    "%s: at half and four fifths of %d/s"
                            .formatted(scenario.id(), steps.results().weakest(scenario).orElse(0)));
            new SteadyLoad(steps).measure(subjects, 0.5);
            new SteadyLoad(steps).measure(subjects, 0.8);
        }
        Subject.each(subjects, steps::memory);
        if (options.measures(Figures.TCP)) {
            steps.say("%s: TCP".formatted(scenario.id()));
            Subject.each(subjects, steps::tcp);
        }
    }
}
