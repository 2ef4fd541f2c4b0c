package org.anycastdns.server.ops;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.transfer.catalog.CatalogStatus;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.anycastdns.server.transfer.secondary.TransferStatus;
import org.anycastdns.server.transfer.secondary.TransferStatus.State;

/// The metrics of zones that come from primaries. No label is a zone or primary, of which there may
/// be many; `/status` tells which one it is.
final class TransferMetrics {

    private TransferMetrics() {}

    /// Adds the metrics to others.
    static void add(SecondaryZones zones, Instant now, List<MetricSnapshot> all) {
        all.add(
                Metrics.counters(
                        "dns_transfer_requests",
                        "Requests to primaries, by result.",
                        "result",
                        zones.counters().requests()));
        all.add(
                Metrics.counters(
                        "dns_transfers",
                        "Versions of zones that came from primaries and are served.",
                        "kind",
                        zones.counters().transfers()));
        all.add(
                Metrics.counters(
                        "dns_transfer_octets",
                        "Octets of the messages of these transfers.",
                        "kind",
                        zones.counters().octets()));
        all.add(
                Metrics.counter(
                        "dns_transfer_store_errors",
                        "How often the state folder could not be written.",
                        (double) zones.storeErrors()));
        catalogs(zones.catalogs(), all);
        Map<State, Integer> states = new LinkedHashMap<>();
        for (State state : State.values()) {
            states.put(state, 0);
        }
        double oldest = 0;
        for (TransferStatus status : zones.all()) {
            states.merge(status.state(), 1, Integer::sum);
            Instant confirmed = status.confirmed();
            if (confirmed != null) {
                oldest = Math.max(oldest, Duration.between(confirmed, now).toMillis() / 1e3);
            }
        }
        Map<String, Integer> labels = new LinkedHashMap<>();
        states.forEach((state, count) -> labels.put(state.label(), count));
        all.add(
                Metrics.gauges(
                        "dns_transfer_zones", "Zones from primaries, by state.", "state", labels));
        all.add(
                Metrics.gauge(
                        "dns_transfer_confirmed_age_max_seconds",
                        "The longest time since a primary confirmed a zone.",
                        oldest));
    }

    private static void catalogs(List<CatalogStatus> catalogs, List<MetricSnapshot> all) {
        Map<String, Integer> states = new LinkedHashMap<>();
        for (CatalogStatus.Condition condition : CatalogStatus.Condition.values()) {
            states.put(condition.label(), 0);
        }
        int members = 0;
        int waiting = 0;
        for (CatalogStatus each : catalogs) {
            states.merge(each.condition().label(), 1, Integer::sum);
            members += each.members();
            waiting += each.waiting();
        }
        all.add(
                Metrics.gauges(
                        "dns_catalogs",
                        "Catalogs that are to be followed, by state.",
                        "state",
                        states));
        all.add(
                Metrics.gauge(
                        "dns_catalog_members",
                        "Zones that are served because a catalog lists them.",
                        members));
        all.add(
                Metrics.gauge(
                        "dns_catalog_waiting",
                        "Zones that a catalog lists but which exist already.",
                        waiting));
    }
}
