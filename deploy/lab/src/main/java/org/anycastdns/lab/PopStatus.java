package org.anycastdns.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.topology.Topology.Primary;

/// The status of a PoP, or of the hidden primary, which has no announcer.
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

    /// Returns the services of a PoP: its machine and its two programs. The primary has one.
    static List<String> services(String pop) {
        List<String> services = new ArrayList<>(List.of(pop));
        services.addAll(programs(pop));
        return services;
    }

    /// Returns the services that run on a machine.
    static List<String> programs(String machine) {
        return machine.equals(Primary.NAME)
                ? List.of(machine + "-dns")
                : List.of(machine + "-dns", machine + "-bgp");
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

    /// Returns whether the responder's process runs, as far as the engine knows.
    boolean isRunning() {
        return "running".equals(containers.get(name + "-dns"));
    }

    /// Returns the versions of the zones that are served, by the zone's name without final dot.
    Map<String, ZoneVersion> zones() {
        Map<String, ZoneVersion> zones = new TreeMap<>();
        for (Json zone : server.at("zones").list()) {
            String dotted = zone.at("name").text();
            zones.put(
                    dotted.substring(0, Math.max(0, dotted.length() - 1)),
                    new ZoneVersion((long) zone.at("serial").number(), zone.at("digest").text()));
        }
        return zones;
    }

    /// Returns the last error of a zone that arrives by transfer, or "".
    String transferError(String zone) {
        return server.at("zones").list().stream()
                .filter(entry -> entry.at("name").text().equals(zone + "."))
                .map(entry -> entry.at("transfer", "error").text())
                .findFirst()
                .orElse("");
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
