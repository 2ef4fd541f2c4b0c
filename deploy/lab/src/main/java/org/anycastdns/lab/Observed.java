package org.anycastdns.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a run of a scenario showed.
///
/// @param scenario the scenario
/// @param pop the PoP that the event happened to
/// @param rate UDP queries per second of each client
/// @param startEpochMs when the clients began, in milliseconds since 1970
/// @param events what happened, in order
/// @param clients the measurements of the clients
/// @param pushed what the push of a zone took
/// @param answered responses that each PoP sent during the run, from its counters
/// @param attacked queries that the attacker sent
record Observed(
        Scenario scenario,
        String pop,
        int rate,
        long startEpochMs,
        List<Event> events,
        List<Found> clients,
        ZonePush.Push pushed,
        Map<String, Long> answered,
        long attacked) {

    /// An event of the run.
    ///
    /// @param atMs milliseconds since the clients' start
    /// @param what description
    record Event(double atMs, String what) {}

    /// Length of a run in seconds.
    static final int SECONDS = 20;

    /// When the event happens, in milliseconds since the clients' start.
    static final int EVENT_MS = 5_000;

    /// When a drained PoP is resumed.
    static final int SECOND_EVENT_MS = 13_000;

    /// Returns when each machine first answered with the pushed serial, in milliseconds after the
    /// edit. Whoever saw it first counts: a client of the PoP, or who asked the PoP directly.
    Map<String, Long> servedMs() {
        double edit = pushed.editEpochMs() - startEpochMs;
        Map<String, Long> served = new TreeMap<>(pushed.tookMs());
        served.replaceAll((machine, ms) ->
                clients.stream()
                        .flatMap(c -> c.firstSeenMs(machine, pushed.serial()).stream())
                        .map(at -> Math.round(at - edit))
                        .reduce(ms, Math::min));
        return served;
    }

    /// Returns when each client first got the pushed serial, in milliseconds after the edit.
    Map<String, Long> seenMs() {
        double edit = pushed.editEpochMs() - startEpochMs;
        Map<String, Long> seen = new LinkedHashMap<>();
        for (Found client : clients) {
            client.firstSeenMs(pushed.serial())
                    .ifPresent(at -> seen.put(client.client().name(), Math.round(at - edit)));
        }
        return seen;
    }

    /// Returns when the event happened, in milliseconds since the clients' start.
    double eventMs() {
        return events.stream()
                .filter(event ->
                        event.what().contains(" " + pop) || event.what().startsWith("push"))
                .mapToDouble(Event::atMs)
                .findFirst()
                .orElse(EVENT_MS);
    }
}
