package org.anycastdns.server.ops;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.Json;
import org.anycastdns.server.reload.ContentWatch;
import org.anycastdns.server.reload.ReloadHealth;
import org.anycastdns.server.reload.ReloadResult;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.anycastdns.server.transfer.secondary.TransferStatus;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Builds the JSON of `/status` and of a reload's result.
final class StatusReport {

    /// Problems reported at most; `check` prints all.
    private static final int PROBLEMS_MAX = 100;

    private StatusReport() {}

    /// Returns the whole status of a responder. Zones that cannot be answered are listed
    /// separately, so that a probe of the main list only queries served zones.
    static Map<String, Object> of(Vitals vitals) {
        Traffic traffic = vitals.traffic();
        Map<String, Object> report =
                Json.object(
                        "state", vitals.state().label(),
                        "identity", vitals.identity.name(),
                        "version", vitals.software,
                        "started", vitals.started().toString(),
                        "uptime-seconds",
                                vitals.now().getEpochSecond() - vitals.started().getEpochSecond(),
                        "engine", traffic.engine(),
                        "threads", traffic.threads(),
                        "listen", traffic.listening(),
                        "listen-absent", traffic.absent().get(),
                        "tcp-connections", traffic.tcpConnections().getAsInt(),
                        "tcp-clients", traffic.tcpClients().get());
        TlsStatus tls = vitals.tls();
        if (tls != null) {
            report.put("tls", tls(tls));
        }
        ZonesStatus zones = vitals.zones();
        if (zones != null) {
            report.put("records", zones.recordCount());
            addContent(vitals, report);
            report.put("zones", zones(zones, vitals, true));
            report.put("unavailable", zones(zones, vitals, false));
            report.put("problems", problems(zones.problems()));
            report.put("reload", reload(zones, vitals));
        } else {
            report.put("records", 0);
            report.put("zones", List.of());
            report.put("unavailable", List.of());
            report.put("problems", List.of());
        }
        PrimaryStatus primary = vitals.primary();
        if (primary != null && primary.zones().iterator().hasNext()) {
            report.put("primary", primary.zones());
        }
        ZoneExport stored = vitals.stored();
        if (stored != null) {
            report.put("state-folder-damages", stored.damages());
        }
        SecondaryZones transfers = vitals.transfers();
        if (transfers != null) {
            report.put("state-folder", transfers.storeTrouble());
            if (!transfers.catalogs().isEmpty()) {
                report.put(
                        "catalogs",
                        transfers.catalogs().stream()
                                .<Object>map(each -> TransferReport.of(each, transfers))
                                .toList());
            }
        }
        List<String> warnings = vitals.warnings();
        if (!warnings.isEmpty()) {
            report.put("warnings", warnings);
        }
        return report;
    }

    /// Adds the digests over all zones in service, once they are known.
    static void addContent(Vitals vitals, Map<String, Object> report) {
        ContentWatch.Summary summary = vitals.content();
        if (summary != null) {
            report.put("serials", summary.serials().toString());
            report.put("content", summary.content().toString());
        }
    }

    private static Map<String, Object> tls(TlsStatus tls) {
        return Json.object(
                "listen", tls.listening(),
                "connections", tls.connections(),
                "handshakes", tls.handshakes(),
                "certificate-names", tls.names(),
                "certificate-expiry", tls.expires().toString(),
                "reload-failures", tls.failures());
    }

    /// Returns the zones, each made when it is written: of many zones, all at once would fill the
    /// heap.
    private static Iterable<Object> zones(ZonesStatus status, Vitals vitals, boolean available) {
        return () ->
                status.zones().stream()
                        .filter(state -> available == state.available())
                        .<Object>map(state -> zone(state, vitals.transfers()))
                        .iterator();
    }

    private static Map<String, Object> zone(ZoneState state, @Nullable SecondaryZones transfers) {
        Map<String, Object> zone = Json.object("name", state.apex().toString());
        Zone served = state.zone();
        if (served != null && served.available()) {
            zone.put("serial", Integer.toUnsignedLong(served.serial()));
            zone.put("records", served.recordCount());
            ContentDigest digest = served.digest().get();
            if (digest != null) {
                zone.put("digest", digest.toString());
            }
            Overlay overlay = served.overlay();
            if (overlay != null) {
                zone.put("overlaid-names", overlay.size());
            }
            long expiry = served.signatureExpirySeconds();
            if (expiry > 0) {
                zone.put("signature-expiry", Instant.ofEpochSecond(expiry).toString());
            }
            zone.put("zonemd", state.zonemd().name().toLowerCase(java.util.Locale.ROOT));
            zone.put("loaded-at", state.loadedAt().toString());
        }
        zone.put("state", state.condition().name().toLowerCase(java.util.Locale.ROOT));
        zone.put("since", state.since().toString());
        zone.put("error", state.error());
        zone.put("error-count", state.errorCount());
        zone.put("warning", state.warning());
        zone.put("warning-count", state.warningCount());
        if (!state.waiting().isEmpty()) {
            zone.put("waiting", state.waiting());
        }
        TransferStatus transfer = transfers == null ? null : transfers.status(state.apex());
        if (transfer != null) {
            zone.put("transfer", TransferReport.of(transfer));
        }
        return zone;
    }

    private static Map<String, Object> reload(ZonesStatus zones, Vitals vitals) {
        ReloadHealth health = vitals.reload();
        Map<String, Object> reload = of(zones.last());
        var success = zones.lastSuccess();
        reload.put("last-success", success == null ? "never" : success.toString());
        reload.put(
                "counts",
                Json.object(
                        "ok", zones.counts().ok(),
                        "failed", zones.counts().failed(),
                        "refused", zones.counts().refused(),
                        "zone-internal-errors", zones.counts().internalErrors(),
                        "serial-warnings", zones.counts().serialWarnings(),
                        "internal-errors", health.errorCount()));
        reload.put("alive", health.alive());
        reload.put("hangs", vitals.reloadHangs());
        reload.put("trouble", health.trouble());
        return reload;
    }

    /// Returns the result of a reload.
    static Map<String, Object> of(ReloadResult result) {
        return Json.object(
                "result", result.outcome().name().toLowerCase(java.util.Locale.ROOT),
                "at", result.at().toString(),
                "milliseconds", result.milliseconds(),
                "loaded", names(result.loaded()),
                "removed", names(result.removed()),
                "waiting", names(result.waiting()),
                "problem-count", result.problems().size(),
                "problems", problems(result.problems()));
    }

    private static List<Object> names(List<Name> names) {
        return names.stream().<Object>map(Name::toString).toList();
    }

    private static List<Object> problems(List<Problem> problems) {
        return problems.stream().limit(PROBLEMS_MAX).<Object>map(Problem::toString).toList();
    }
}
