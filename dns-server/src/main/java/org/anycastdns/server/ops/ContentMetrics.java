package org.anycastdns.server.ops;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import org.anycastdns.server.reload.ContentWatch;

/// The metrics of what the zones in service hold, and of the state folder that keeps them.
final class ContentMetrics {

    private ContentMetrics() {}

    /// Adds the metrics to others.
    static void add(Vitals vitals, List<MetricSnapshot> all) {
        ContentWatch.Summary summary = vitals.content();
        if (summary != null) {
            all.add(
                    Metrics.gauge(
                            "dns_zones_serials_digest",
                            "The first 48 bits of the digest of the names and serials of all zones.",
                            (double) summary.serials().number()));
            all.add(
                    Metrics.gauge(
                            "dns_zones_content_digest",
                            "The first 48 bits of the digest of the content of all zones.",
                            (double) summary.content().number()));
        }
        ZoneExport stored = vitals.stored();
        if (stored != null) {
            all.add(
                    Metrics.counter(
                            "dns_state_damages",
                            "How often damage was found in the state folder.",
                            (double) stored.damages()));
        }
    }
}
