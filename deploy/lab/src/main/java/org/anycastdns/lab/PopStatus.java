package org.anycastdns.lab;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.Json;

/// The status of a PoP.
///
/// @param name the PoP
/// @param containers states of machine, dns-server and bgp-announcer, as the engine names them
/// @param server the responder's `/status`
/// @param announcer the announcer's `/status`
/// @param queries queries answered since its start, or -1
record PopStatus(
        String name, Map<String, String> containers, Json server, Json announcer, long queries) {

    private static final Pattern QUERIES =
            Pattern.compile("dns_queries_total\\{[^}]*} ([0-9.E+]+)");

    /// What the machine of a PoP is asked for: a line each.
    static final List<String> PAGES = List.of("9153/status", "9179/status", "9153/metrics");

    /// Returns the services of a PoP: its machine and its two programs.
    static List<String> services(String pop) {
        return List.of(pop, pop + "-dns", pop + "-bgp");
    }

    /// Returns the status of a PoP.
    ///
    /// @param states states of all containers by service
    /// @param pages the content of {@link #PAGES}; anything else if they could not be read
    static PopStatus of(String pop, Map<String, String> states, List<String> pages) {
        Map<String, String> own = new LinkedHashMap<>();
        for (String service : services(pop)) {
            own.put(service, states.getOrDefault(service, "missing"));
        }
        boolean told = pages.size() == PAGES.size();
        return new PopStatus(
                pop,
                own,
                told ? Json.parse(pages.get(0)) : Json.NOTHING,
                told ? Json.parse(pages.get(1)) : Json.NOTHING,
                told ? queries(pages.get(2)) : -1);
    }

    private static long queries(String metrics) {
        return metrics.isBlank()
                ? -1
                : QUERIES.matcher(metrics)
                        .results()
                        .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                        .sum();
    }

    /// Returns the serial of a zone (name without final dot), or -1.
    long serial(String zone) {
        return server.at("zones").list().stream()
                .filter(entry -> entry.at("name").text().equals(zone + "."))
                .map(entry -> (long) entry.at("serial").number())
                .findFirst()
                .orElse(-1L);
    }

    /// Returns when the responder loaded the zone version that it serves, by the clock that all
    /// containers share. `Instant.EPOCH` if unknown. The zone's name has no final dot.
    Instant loadedAt(String zone) {
        return server.at("zones").list().stream()
                .filter(entry -> entry.at("name").text().equals(zone + "."))
                .map(entry -> entry.at("loaded-at").text())
                .filter(text -> !text.isEmpty())
                .map(Instant::parse)
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /// Returns the routes announced to the router.
    List<String> announced() {
        return announcer.at("neighbors", 0, "announced").list().stream()
                .map(route -> route.at("prefix").text())
                .toList();
    }

    /// Returns the announcer's grade of the responder, or "" if unknown.
    String grade() {
        return announcer.at("health", "grade").text();
    }

    /// Returns the reasons for the grade and the decision.
    List<String> reasons() {
        return Stream.of("decision", "health")
                .flatMap(part -> announcer.at(part, "reasons").list().stream())
                .map(reason -> reason.at("text").text())
                .distinct()
                .toList();
    }
}
