package org.anycastdns.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.anycastdns.lab.measure.Timeline;
import org.anycastdns.lab.topology.Topology.Client;

/// One run of a scenario. Every client queries at a constant rate, and an event happens at 5 s. The
/// losses are reported, checked against the scenario's limits, and written as JSON and SVG.
final class Measurement {

    /// An event of the run.
    ///
    /// @param atMs milliseconds since the clients' start
    /// @param what description
    record Event(double atMs, String what) {}

    /// The measurements of one client.
    record Found(Client client, Json udp, Json tcp) {

        /// Returns whether a PoP answered the client shortly before a time.
        boolean wasOn(String pop, double beforeMs) {
            return udp.at("bins").list().stream()
                    .filter(bin -> bin.at("at-ms").number() < beforeMs)
                    .anyMatch(bin -> bin.at("counts", pop).number() > 0);
        }

        /// Returns the PoPs that answered the client, in order.
        List<String> pops() {
            return udp.at("changes").list().stream()
                    .map(change -> change.at("pop").text())
                    .toList();
        }

        /// Returns when another PoP first answered after a time, in milliseconds, or nothing if
        /// none did.
        Optional<Double> nextAnswerMs(String but, double afterMs) {
            return udp.at("changes").list().stream()
                    .filter(change -> !change.at("pop").text().equals(but))
                    .map(change -> change.at("at-ms").number())
                    .filter(at -> at > afterMs)
                    .findFirst();
        }
    }

    /// Length of the run, time of the event, and time of the resume after a drain.
    private static final int SECONDS = 20;

    private static final int EVENT_MS = 5_000;
    private static final int SECOND_EVENT_MS = 13_000;

    /// Delay before the clients begin. It covers the startup of their JVMs, on a busy machine too.
    private static final int HEAD_START_MS = 6_000;

    /// The attack ends before the measurement does.
    private static final int ATTACK_SECONDS = 10;

    private static final double CRASH_GAP_MS = 200;
    private static final double HANG_GAP_MS = 1_500;
    private static final double POWEROFF_GAP_MS = 1_500;
    private static final long PUSH_MS = 2_000;

    /// The fewest queries that can show that a drain loses nothing.
    private static final int DRAIN_QUERIES = 10_000;

    /// How many PoPs may answer a client in turn. A drain and a resume make three, and routers may
    /// choose one more on the way to the best route.
    private static final int POPS_MAX = 4;

    /// The share of a client's queries that may remain unsent.
    private static final double UNSENT_SHARE = 0.05;

    /// How many responses the other PoPs may send beyond their clients' queries, as a share of the
    /// attack. This allows for the probes of their announcers, not for attack traffic.
    private static final double STRAY_SHARE = 0.02;

    /// `2026-11-22T23:33:11.323Z WARN decision: withdraw prefixes=...`
    private static final Pattern DECISION =
            Pattern.compile("^(\\S+Z) \\w+ +decision: (withdraw|announce) .*");

    /// A line of `ip -ts monitor`: `[2026-11-22T23:33:11.323456] [ROUTE]192.0.2.0/24 via ...`
    private static final Pattern ROUTE =
            Pattern.compile("^\\[(\\S+)] (Deleted )?192\\.0\\.2\\.0/24 (.*)$");

    private final Lab lab;
    private final Scenario scenario;
    private final String pop;
    private final int rate;
    private final int attackRate;
    private final List<Event> events = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();
    private long startEpochMs;
    private Map<String, Long> pushed = Map.of();

    /// Responses that each PoP sent during the run, from its counters.
    private final Map<String, Long> answered = new LinkedHashMap<>();

    private long attacked;

    /// Creates a run.
    ///
    /// @param pop the PoP that the event happens to
    /// @param rate UDP queries per second of each client; over TCP it is a tenth of that
    Measurement(Lab lab, Scenario scenario, String pop, int rate, int attackRate) {
        this.lab = lab;
        this.scenario = scenario;
        this.pop = pop;
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
                        .formatted(scenario.label(), pop, askers.size(), rate, SECONDS));
        lab.status().forEach(status -> answered.put(status.name(), -status.queries()));
        startEpochMs = System.currentTimeMillis() + HEAD_START_MS;
        Process monitor =
                lab.engine()
                        .start(
                                List.of(
                                        "exec",
                                        Lab.container("router-" + router()),
                                        "timeout",
                                        Integer.toString(HEAD_START_MS / 1000 + SECONDS + 1),
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
            found = Lab.together(tasks).stream().flatMap(Optional::stream).toList();
            lab.status()
                    .forEach(status -> answered.merge(status.name(), status.queries(), Long::sum));
        } finally {
            restore();
        }
        routeEvents(monitor);
        decisions();
        events.removeIf(event -> event.atMs() < 0 || event.atMs() > SECONDS * 1000.0);
        events.sort(java.util.Comparator.comparingDouble(Event::atMs));
        judge(found);
        report(found);
        write(folder, found);
        return missed.isEmpty();
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
                                        "--rate=" + rate,
                                        "--tcp-rate=" + Math.max(1, rate / 10),
                                        "--seconds=" + SECONDS,
                                        "--start=" + startEpochMs))
                        .out();
        Json result = Json.parse(out);
        if (result.at("udp").value() == null) {
            throw new LabException("the client " + client.name() + " gave no result");
        }
        return new Found(client, result.at("udp"), result.at("tcp"));
    }

    private Optional<Found> attack(Client client) {
        events.add(new Event(EVENT_MS, "attack from " + client.name() + " begins"));
        events.add(new Event(EVENT_MS + ATTACK_SECONDS * 1000.0, "attack ends"));
        String out =
                lab.inside(
                                "client-" + client.name(),
                                List.of(
                                        "load",
                                        "--flood",
                                        "--rate=" + attackRate,
                                        "--seconds=" + ATTACK_SECONDS,
                                        "--start=" + (startEpochMs + EVENT_MS)))
                        .out();
        attacked = (long) Json.parse(out).at("sent").number();
        return Optional.empty();
    }

    /// Triggers the events of the scenario while the clients send queries.
    private void happen() throws IOException {
        await(EVENT_MS);
        switch (scenario) {
            case CRASH -> event("kill " + pop, () -> lab.kill(pop));
            case HANG -> event("hang " + pop, () -> lab.hang(pop));
            case POWEROFF -> event("poweroff " + pop, () -> lab.poweroff(pop));
            case DRAIN -> {
                event("drain " + pop, () -> lab.drain(pop));
                await(SECOND_EVENT_MS);
                event("resume " + pop, () -> lab.resume(pop));
            }
            case ZONE_PUSH -> {
                Path next = new ZonePush(lab).next("example.com");
                event("push example.com", () -> pushed = new ZonePush(lab).deploy(next, _ -> {}));
            }
            case ATTACK -> {}
        }
    }

    private void event(String what, Runnable action) {
        double before = now();
        action.run();
        synchronized (events) {
            events.add(new Event(before, what));
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
                        events.add(new Event(at, "router " + router() + ": route to " + via));
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
                                    new Event(
                                            Instant.parse(decision.group(1)).toEpochMilli()
                                                    - (double) startEpochMs,
                                            name
                                                    + ": "
                                                    + decision.group(2)
                                                            .toUpperCase(java.util.Locale.ROOT))));
        }
    }

    private double eventMs() {
        return events.stream()
                .filter(event ->
                        event.what().contains(" " + pop) || event.what().startsWith("push"))
                .mapToDouble(Event::atMs)
                .findFirst()
                .orElse(EVENT_MS);
    }

    private void judge(List<Found> found) {
        double total = sum(found, "sent");
        double lost = sum(found, "lost");
        double wrong =
                found.stream()
                        .mapToDouble(
                                f -> f.udp().at("wrong").number() + f.tcp().at("wrong").number())
                        .sum();
        bar(wrong == 0, "%.0f answers were wrong".formatted(wrong));
        found.forEach(this::sentMost);
        found.forEach(this::stayed);
        switch (scenario) {
            case CRASH -> gap(found, CRASH_GAP_MS);
            case HANG -> gap(found, HANG_GAP_MS);
            case POWEROFF ->
                    gap(
                            found,
                            lab.topology().bfd()
                                    ? POWEROFF_GAP_MS
                                    // Without BFD a router waits for the hold time.
                                    : lab.topology().holdSeconds() * 1000.0 + POWEROFF_GAP_MS);
            case DRAIN -> {
                bar(lost == 0, "%.0f of %.0f were lost".formatted(lost, total));
                bar(
                        total >= DRAIN_QUERIES,
                        "only %.0f queries; %d are needed".formatted(total, DRAIN_QUERIES));
            }
            case ATTACK -> contained(found);
            case ZONE_PUSH -> {
                bar(lost == 0, "%.0f of %.0f were lost".formatted(lost, total));
                pushed.forEach((name, ms) ->
                        bar(ms <= PUSH_MS, name + " took the zone after " + ms + " ms"));
                bar(!pushed.isEmpty(), "the zone did not arrive");
            }
        }
    }

    /// Checks that the attack stays at its PoP: clients of other PoPs lost nothing, and the other
    /// PoPs answered no more than their own clients sent.
    private void contained(List<Found> found) {
        List<Found> others = found.stream().filter(f -> !f.wasOn(pop, SECONDS * 1000.0)).toList();
        bar(!others.isEmpty(), "no client was on another PoP");
        double lost = sum(others, "lost");
        bar(lost == 0, "clients of the other PoPs lost %.0f".formatted(lost));
        bar(attacked > 0, "the attack did not begin");
        double elsewhere =
                answered.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(pop))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
        double asked = sum(others, "sent");
        bar(
                elsewhere - asked < attacked * STRAY_SHARE,
                "the other PoPs answered %.0f queries, and their clients asked %.0f"
                        .formatted(elsewhere, asked));
    }

    private static double sum(List<Found> found, String figure) {
        return found.stream()
                .mapToDouble(f -> f.udp().at(figure).number() + f.tcp().at(figure).number())
                .sum();
    }

    /// Checks that a client could send; otherwise it has measured nothing.
    private void sentMost(Found client) {
        double unsent = client.udp().at("unsent").number();
        bar(
                unsent <= UNSENT_SHARE * (unsent + client.udp().at("sent").number()),
                "%s: this machine was too busy to send %.0f queries in time; try a lower --rate"
                        .formatted(client.client().name(), unsent));
    }

    /// Checks that the route did not flap. Flapping loses few queries but breaks every TCP
    /// connection.
    private void stayed(Found client) {
        bar(
                client.pops().size() <= POPS_MAX,
                "%s: its route flapped, %d PoPs answered in turn"
                        .formatted(client.client().name(), client.pops().size()));
    }

    private void gap(List<Found> found, double limitMs) {
        List<Found> concerned = found.stream().filter(f -> f.wasOn(pop, EVENT_MS)).toList();
        bar(!concerned.isEmpty(), "no client was on " + pop);
        for (Found client : concerned) {
            double gap = client.udp().at("longest-gap-ms").number();
            bar(
                    gap <= limitMs,
                    "%s: gap of %.0f ms, the bar is %.0f"
                            .formatted(client.client().name(), gap, limitMs));
        }
    }

    private void bar(boolean held, String otherwise) {
        if (!held) {
            missed.add(otherwise);
        }
    }

    private void report(List<Found> found) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "CLIENT",
                        "ANSWERED BY",
                        "UDP SENT",
                        "LOST",
                        "LONGEST GAP",
                        "NEXT POP AFTER",
                        "TCP SENT",
                        "LOST",
                        "CUT",
                        "ASKED AGAIN"));
        double eventMs = eventMs();
        for (Found client : found) {
            rows.add(
                    List.of(
                            client.client().name(),
                            String.join(" > ", client.pops()),
                            whole(client.udp().at("sent")),
                            whole(client.udp().at("lost")),
                            whole(client.udp().at("longest-gap-ms")) + " ms",
                            client.nextAnswerMs(pop, eventMs)
                                    .map(at -> "%.0f ms".formatted(at - eventMs))
                                    .orElse("-"),
                            whole(client.tcp().at("sent")),
                            whole(client.tcp().at("lost")),
                            whole(client.tcp().at("connections-cut")),
                            whole(client.tcp().at("asked-again"))));
        }
        Console.table(rows);
        for (Found client : found) {
            if (client.udp().at("unsent").number() > 0) {
                Console.line(
                        "  %s: not sent in time %s"
                                .formatted(
                                        client.client().name(), whole(client.udp().at("unsent"))));
            }
        }
        for (Event event : events) {
            Console.line("  %7.3f s  %s".formatted(event.atMs() / 1000, event.what()));
        }
        pushed.forEach((name, ms) ->
                Console.line("  %s serves the new serial after %d ms".formatted(name, ms)));
        if (scenario == Scenario.ATTACK) {
            Console.line("  the attacker sent %d queries".formatted(attacked));
            answered.forEach((name, queries) ->
                    Console.line("  %s answered %d queries".formatted(name, queries)));
        }
        if (missed.isEmpty()) {
            Console.say(scenario.label() + ": PASSED");
        } else {
            missed.forEach(sentence -> Console.say(scenario.label() + ": MISSED: " + sentence));
        }
    }

    private static String whole(Json number) {
        return "%.0f".formatted(number.number());
    }

    private void write(Path folder, List<Found> found) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("scenario", scenario.label());
        result.put("pop", pop);
        result.put("started", Instant.ofEpochMilli(startEpochMs).toString());
        result.put("rate", rate);
        result.put("passed", missed.isEmpty());
        result.put("missed", missed);
        result.put(
                "events",
                events.stream().map(e -> Map.of("at-ms", e.atMs(), "what", e.what())).toList());
        result.put("pushed-ms", pushed);
        if (scenario == Scenario.ATTACK) {
            result.put("attacked", attacked);
            result.put("answered", answered);
        }
        Map<String, Object> clients = new LinkedHashMap<>();
        found.forEach(f -> clients.put(f.client().name(), Map.of("udp", f.udp(), "tcp", f.tcp())));
        result.put("clients", clients);
        if (!folder.toString().isEmpty()) {
            Files.createDirectories(folder);
        }
        Path json = folder.resolve(scenario.label() + ".json");
        Path svg = folder.resolve(scenario.label() + ".svg");
        Files.writeString(json, Json.text(result) + "\n");
        Files.writeString(
                svg,
                Timeline.svg(
                        Json.parse(Json.text(result)), lab.topology().popNames(), SECONDS * 1000));
        Console.say("written: " + json + ", " + svg);
    }
}
