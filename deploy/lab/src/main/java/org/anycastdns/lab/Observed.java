package org.anycastdns.lab;

import java.util.List;
import java.util.Map;

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
