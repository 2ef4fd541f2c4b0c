package org.anycastdns.server.ops;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/// The metrics of the TLS listener.
final class TlsMetrics {

    private TlsMetrics() {}

    static void add(TlsStatus tls, List<MetricSnapshot> all) {
        all.add(
                Metrics.gauge(
                        "dns_tls_connections",
                        "Open TLS connections whose handshake is complete.",
                        tls.connections()));
        all.add(
                Metrics.counters(
                        "dns_tls_handshakes",
                        "TLS handshakes of clients, by how they ended.",
                        "result",
                        tls.handshakes()));
        all.add(
                Metrics.gauge(
                        "dns_tls_certificate_expiry_seconds",
                        "When the certificate expires, as Unix time.",
                        (double) tls.expires().getEpochSecond()));
        all.add(
                Metrics.counter(
                        "dns_tls_reload_failures",
                        "Changed files of TLS that could not be used.",
                        (double) tls.failures()));
    }
}
