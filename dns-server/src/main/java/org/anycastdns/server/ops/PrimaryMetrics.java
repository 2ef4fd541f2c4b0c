package org.anycastdns.server.ops;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/// The metrics of zones for secondaries.
final class PrimaryMetrics {

    private PrimaryMetrics() {}

    static void add(PrimaryStatus primary, List<MetricSnapshot> all) {
        all.add(
                Metrics.counters(
                        "dns_transfer_out",
                        "Transfers that secondaries got as a whole, by what was sent.",
                        "kind",
                        primary.sent()));
        all.add(
                Metrics.counters(
                        "dns_transfer_out_failed",
                        "Requests for zones that did not get them, by reason.",
                        "reason",
                        primary.failed()));
        all.add(
                Metrics.counter(
                        "dns_transfer_out_octets",
                        "Octets of the messages of transfers to secondaries.",
                        (double) primary.octets()));
        all.add(
                Metrics.counter(
                        "dns_transfer_out_messages",
                        "Messages of transfers to secondaries.",
                        (double) primary.messages()));
        all.add(
                Metrics.gauge(
                        "dns_transfer_out_running",
                        "Transfers to secondaries that run now.",
                        primary.running()));
        all.add(
                Metrics.counter(
                        "dns_transfer_out_store_errors",
                        "How often changes for secondaries could not be stored.",
                        (double) primary.storeErrors()));
        all.add(
                Metrics.counters(
                        "dns_notify_out",
                        "NOTIFYs to secondaries, by what became of them.",
                        "result",
                        primary.notified()));
        all.add(
                Metrics.counters(
                        "dns_notify_in",
                        "NOTIFYs of others, by what was answered.",
                        "result",
                        primary.received()));
        all.add(
                Metrics.counters(
                        "dns_update",
                        "UPDATEs, by what became of them.",
                        "result",
                        primary.updates()));
        all.add(
                Metrics.counters(
                        "dns_update_forwarded",
                        "UPDATEs for zones of primaries, by what became of them.",
                        "result",
                        primary.forwarded()));
        all.add(
                Metrics.gauge(
                        "dns_update_frozen_zones",
                        "Zones that take no UPDATE while their operator edits them.",
                        primary.frozen()));
    }
}
