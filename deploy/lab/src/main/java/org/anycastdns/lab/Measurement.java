package org.anycastdns.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.topology.Topology.Client;

/// One run of a scenario. Every client queries at a constant rate, and an event happens at 5 s. The
/// losses are reported, checked against the scenario's limits, and written as JSON and SVG.
final class Measurement {

    /// Delay before the clients begin. It covers the startup of their JVMs, on a busy machine too.
    private static final int HEAD_START_MS = 6_000;

    /// How long before a push its preparation begins. It asks the PoPs all the time from then on.
    private static final int PREPARE_MS = 3_000;

    /// The attack ends before the measurement does.
    private static final int ATTACK_SECONDS = 10;

    /// `2026-11-22T23:33:11.323Z WARN decision: withdraw prefixes=...`
    private static final Pattern DECISION =
            Pattern.compile("^(\\S+Z) \\w+ +decision: (withdraw|announce) .*");

    /// A line of `ip -ts monitor`: `[2026-11-22T23:33:11.323456] [ROUTE]192.0.2.0/24 via ...`
    private static final Pattern ROUTE =
            Pattern.compile("^\\[(\\S+)] (Deleted )?192\\.0\\.2\\.0/24 (.*)$");

    private final Lab lab;
    private final Scenario scenario;
    private final String pop;
    private final String zone;
    private final int rate;
    private final int attackRate;
    private final List<Observed.Event> events = new ArrayList<>();
    private long startEpochMs;
    private ZonePush.Push pushed = ZonePush.Push.NONE;

    /// Responses that each PoP sent during the run, from its counters.
    private final Map<String, Long> answered = new LinkedHashMap<>();

    private long attacked;

    /// Creates a run.
    ///
    /// @param pop the PoP that the event happens to
    /// @param zone the zone that the clients ask for, and that is pushed
    /// @param rate UDP queries per second of each client; over TCP it is a tenth of that
    Measurement(Lab lab, Scenario scenario, String pop, String zone, int rate, int attackRate) {
        this.lab = lab;
        this.scenario = scenario;
        this.pop = pop;
        this.zone = zone;
        this.rate = rate;
        this.attackRate = attackRate;
    }

    /// Runs the scenario and reports the result.
    ///
    /// @param folder where the JSON and SVG files go
    /// @return whether all limits were met
    boolean run(Path folder) throws IOException {
        List<Client> clients = lab.topology().clients();
        Optional<Client> attacker = attacker();
        List<Client> askers =
                clients.stream()
                        .filter(client -> attacker.filter(client::equals).isEmpty())
                        .toList();
        Console.say(
                "%s of %s: %d clients ask %d times a second for %d s ..."
                        .formatted(scenario.label(), pop, askers.size(), rate, Observed.SECONDS));
        lab.status().forEach(status -> answered.put(status.name(), -status.queries()));
        startEpochMs = System.currentTimeMillis() + HEAD_START_MS;
        Process monitor =
                lab.engine()
                        .start(
                                List.of(
                                        "exec",
                                        Lab.container("router-" + router()),
                                        "timeout",
                                        Integer.toString(
                                                HEAD_START_MS / 1000 + Observed.SECONDS + 1),
                                        "stdbuf",
                                        "-oL",
                                        "ip",
                                        "-ts",
                                        "-o",
                                        "monitor",
                                        "route"));
        List<Callable<Optional<Found>>> tasks = new ArrayList<>();
        askers.forEach(client -> tasks.add(() -> Optional.of(load(client))));
        tasks.add(() -> {
            happen();
            return Optional.empty();
        });
        attacker.ifPresent(client -> tasks.add(() -> attack(client)));
        List<Found> found;
        try {
            found = Tasks.together(tasks).stream().flatMap(Optional::stream).toList();
            lab.status()
                    .forEach(status -> answered.merge(status.name(), status.queries(), Long::sum));
        } finally {
            restore();
        }
        routeEvents(monitor);
        decisions();
        events.removeIf(event -> event.atMs() < 0 || event.atMs() > Observed.SECONDS * 1000.0);
        events.sort(java.util.Comparator.comparingDouble(Observed.Event::atMs));
        Observed run =
                new Observed(
                        scenario,
                        pop,
                        rate,
                        startEpochMs,
                        events,
                        found,
                        pushed,
                        answered,
                        attacked);
        RunReport report = new RunReport(run, Verdict.on(run, lab.topology()).missed());
        report.print();
        report.write(folder, lab.topology().popNames());
        return report.missed().isEmpty();
    }

    /// Returns the client that attacks, in the attack scenario: one that the PoP serves.
    private Optional<Client> attacker() {
        return scenario == Scenario.ATTACK
                ? lab.catchment().entrySet().stream()
                        .filter(entry -> entry.getValue().getFirst().equals(pop))
                        .map(Map.Entry::getKey)
                        .reduce((_, last) -> last)
                : Optional.empty();
    }

    private String router() {
        return lab.topology().pop(pop).orElseThrow().router();
    }

    private Found load(Client client) {
        String out =
                lab.inside(
                                "client-" + client.name(),
                                List.of(
                                        "load",
                                        "--zone=" + zone,
                                        "--rate=" + rate,
                                        "--tcp-rate=" + Math.max(1, rate / 10),
                                        "--seconds=" + Observed.SECONDS,
                                        "--start=" + startEpochMs))
                        .out();
        Json result = Json.parse(out);
        if (result.at("udp").value() == null) {
            throw new LabException("the client " + client.name() + " gave no result");
        }
        return new Found(client, result.at("udp"), result.at("tcp"));
    }

    private Optional<Found> attack(Client client) {
        events.add(
                new Observed.Event(Observed.EVENT_MS, "attack from " + client.name() + " begins"));
        events.add(new Observed.Event(Observed.EVENT_MS + ATTACK_SECONDS * 1000.0, "attack ends"));
        String out =
                lab.inside(
                                "client-" + client.name(),
                                List.of(
                                        "load",
                                        "--flood",
                                        "--rate=" + attackRate,
                                        "--seconds=" + ATTACK_SECONDS,
                                        "--start=" + (startEpochMs + Observed.EVENT_MS)))
                        .out();
        attacked = (long) Json.parse(out).at("sent").number();
        return Optional.empty();
    }

    /// Triggers the events of the scenario while the clients send queries.
    private void happen() throws IOException {
        if (scenario == Scenario.ZONE_PUSH) {
            push();
            return;
        }
        await(Observed.EVENT_MS);
        switch (scenario) {
            case CRASH -> event("kill " + pop, () -> lab.kill(pop));
            case HANG -> event("hang " + pop, () -> lab.hang(pop));
            case POWEROFF -> event("poweroff " + pop, () -> lab.poweroff(pop));
            case DRAIN -> {
                event("drain " + pop, () -> lab.drain(pop));
                await(Observed.SECOND_EVENT_MS);
                event("resume " + pop, () -> lab.resume(pop));
            }
            case ZONE_PUSH, ATTACK -> {}
        }
    }

    /// Pushes the zone. The program that watches it is started before, so that the push is at its
    /// time.
    private void push() throws IOException {
        await(Observed.EVENT_MS - PREPARE_MS);
        Path next = ZonePush.next(lab, zone);
        try (ZonePush push = new ZonePush(lab, next, Console::say)) {
            await(Observed.EVENT_MS);
            event("push " + zone, () -> pushed = push.push(_ -> {}));
        }
    }

    private void event(String what, Runnable action) {
        double before = now();
        action.run();
        synchronized (events) {
            events.add(new Observed.Event(before, what));
        }
    }

    private void restore() {
        switch (scenario) {
            case CRASH, HANG, POWEROFF -> lab.start(pop);
            case DRAIN -> lab.resume(pop);
            case ZONE_PUSH, ATTACK -> {}
        }
    }

    private double now() {
        return System.currentTimeMillis() - startEpochMs;
    }

    private void await(double ms) {
        for (double left; (left = ms - now()) > 0; ) {
            LockSupport.parkNanos((long) (left * 1e6));
        }
    }

    /// Records route changes at the PoP's router; a burst counts as its first change.
    private void routeEvents(Process monitor) throws IOException {
        double last = Double.NEGATIVE_INFINITY;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                Matcher route = ROUTE.matcher(line);
                if (route.matches()) {
                    double at =
                            Instant.parse(route.group(1) + "Z").toEpochMilli()
                                    - (double) startEpochMs;
                    if (at - last > 20) {
                        String via = route.group(2) == null ? via(route.group(3)) : "nobody";
                        events.add(
                                new Observed.Event(at, "router " + router() + ": route to " + via));
                    }
                    last = at;
                }
            }
        }
    }

    private String via(String route) {
        Matcher via = Pattern.compile("via (\\S+)").matcher(route);
        return via.find()
                ? new org.anycastdns.lab.topology.Addresses(lab.topology())
                        .names()
                        .getOrDefault(via.group(1), via.group(1))
                : route.strip();
    }

    /// Records the decisions of the announcers from their logs.
    private void decisions() {
        for (String name : lab.topology().popNames()) {
            var logs =
                    lab.engine()
                            .docker(
                                    "logs",
                                    "--since",
                                    Instant.ofEpochMilli(startEpochMs).toString(),
                                    Lab.container(name + "-bgp"));
            (logs.out() + logs.err())
                    .lines()
                    .map(DECISION::matcher)
                    .filter(Matcher::matches)
                    .forEach(decision ->
                            events.add(
                                    new Observed.Event(
                                            Instant.parse(decision.group(1)).toEpochMilli()
                                                    - (double) startEpochMs,
                                            name
                                                    + ": "
                                                    + decision.group(2)
                                                            .toUpperCase(java.util.Locale.ROOT))));
        }
    }
}
