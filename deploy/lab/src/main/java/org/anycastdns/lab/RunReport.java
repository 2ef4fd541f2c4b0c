package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.measure.Timeline;

/// The result of a run, for people and as files.
///
/// @param run what it showed
/// @param missed the limits that it missed
record RunReport(Observed run, List<String> missed) {

    /// Prints the result for the operator.
    void print() {
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
        double eventMs = run.eventMs();
        for (Found client : run.clients()) {
            rows.add(
                    List.of(
                            client.client().name(),
                            String.join(" > ", client.pops()),
                            whole(client.udp().at("sent")),
                            whole(client.udp().at("lost")),
                            whole(client.udp().at("longest-gap-ms")) + " ms",
                            client.nextAnswerMs(run.pop(), eventMs)
                                    .map(at -> "%.0f ms".formatted(at - eventMs))
                                    .orElse("-"),
                            whole(client.tcp().at("sent")),
                            whole(client.tcp().at("lost")),
                            whole(client.tcp().at("connections-cut")),
                            whole(client.tcp().at("asked-again"))));
        }
        Console.table(rows);
        for (Found client : run.clients()) {
            if (client.udp().at("unsent").number() > 0) {
                Console.line(
                        "  %s: not sent in time %s"
                                .formatted(
                                        client.client().name(), whole(client.udp().at("unsent"))));
            }
        }
        for (Observed.Event event : run.events()) {
            Console.line("  %7.3f s  %s".formatted(event.atMs() / 1000, event.what()));
        }
        printPush();
        if (run.scenario() == Scenario.ATTACK) {
            Console.line("  the attacker sent %d queries".formatted(run.attacked()));
            run.answered()
                    .forEach((name, queries) ->
                            Console.line("  %s answered %d queries".formatted(name, queries)));
        }
        if (missed.isEmpty()) {
            Console.say(run.scenario().label() + ": PASSED");
        } else {
            missed.forEach(
                    sentence -> Console.say(run.scenario().label() + ": MISSED: " + sentence));
        }
    }

    private void printPush() {
        run.servedMs()
                .forEach((name, ms) ->
                        Console.line(
                                "  %s serves %s %d after %d ms"
                                        .formatted(
                                                name,
                                                run.pushed().zone(),
                                                run.pushed().serial(),
                                                ms)));
        run.seenMs()
                .forEach((name, ms) ->
                        Console.line("  client %s sees it after %d ms".formatted(name, ms)));
    }

    private static String whole(Json number) {
        return "%.0f".formatted(number.number());
    }

    /// Writes the result as JSON, and as a picture of the PoPs that answered over time.
    void write(Path folder, List<String> popNames) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("scenario", run.scenario().label());
        result.put("pop", run.pop());
        result.put("started", Instant.ofEpochMilli(run.startEpochMs()).toString());
        result.put("rate", run.rate());
        result.put("passed", missed.isEmpty());
        result.put("missed", missed);
        result.put(
                "events",
                run.events().stream()
                        .map(e -> Map.of("at-ms", e.atMs(), "what", e.what()))
                        .toList());
        result.put("pushed-ms", run.servedMs());
        result.put("seen-ms", run.seenMs());
        if (run.scenario() == Scenario.ATTACK) {
            result.put("attacked", run.attacked());
            result.put("answered", run.answered());
        }
        Map<String, Object> clients = new LinkedHashMap<>();
        run.clients()
                .forEach(f ->
                        clients.put(f.client().name(), Map.of("udp", f.udp(), "tcp", f.tcp())));
        result.put("clients", clients);
        if (!folder.toString().isEmpty()) {
            Files.createDirectories(folder);
        }
        Path json = folder.resolve(run.scenario().label() + ".json");
        Path svg = folder.resolve(run.scenario().label() + ".svg");
        Files.writeString(json, Json.text(result) + "\n");
        Files.writeString(
                svg,
                Timeline.svg(Json.parse(Json.text(result)), popNames, Observed.SECONDS * 1000));
        Console.say("written: " + json + ", " + svg);
    }
}
