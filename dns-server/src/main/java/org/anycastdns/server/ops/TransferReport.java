package org.anycastdns.server.ops;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.admin.AdminRequest;
import org.anycastdns.daemon.admin.AdminResponse;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.transfer.catalog.CatalogStatus;
import org.anycastdns.server.transfer.secondary.LastTransfer;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.anycastdns.server.transfer.secondary.TransferStatus;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.change.ServedRecords;
import org.anycastdns.server.zonefile.MasterFileWriter;
import org.anycastdns.server.zonefile.MasterFileWriter.OwnerForm;
import org.jspecify.annotations.Nullable;

/// Builds the JSON about transfers, and carries out the operator's requests for zones from
/// primaries.
final class TransferReport {

    private TransferReport() {}

    /// Returns the part of a zone's status that is about its transfers.
    static Map<String, Object> of(TransferStatus status) {
        Map<String, Object> report =
                Json.object("state", status.state().label(), "primaries", status.primaries());
        number(report, "serial", status.serial());
        number(report, "primary-serial", status.primarySerial());
        time(report, "confirmed", status.confirmed());
        time(report, "next", status.next());
        time(report, "expires", status.expiry());
        time(report, "notified", status.notified());
        LastTransfer last = status.last();
        if (last != null) {
            report.put(
                    "last",
                    Json.object(
                            "kind", last.kind(),
                            "primary", last.primary(),
                            "cause", last.cause(),
                            "at", last.at().toString(),
                            "octets", last.octets(),
                            "milliseconds", last.millis(),
                            "octets-per-second", last.octetsPerSecond(),
                            "build-milliseconds", last.buildMillis()));
        }
        report.put("error", status.error());
        time(report, "error-at", status.errorAt());
        return report;
    }

    /// Returns the status of a catalog.
    static Map<String, Object> of(CatalogStatus catalog, SecondaryZones zones) {
        Map<String, Object> report =
                Json.object(
                        "name", catalog.catalog().toString(),
                        "state", catalog.condition().label(),
                        "members", catalog.members(),
                        "waiting", catalog.waiting(),
                        "error", catalog.reason());
        TransferStatus transfer = zones.status(catalog.catalog());
        if (transfer != null) {
            report.put("transfer", of(transfer));
        }
        return report;
    }

    private static void number(Map<String, Object> report, String key, OptionalLong value) {
        if (value.isPresent()) {
            report.put(key, value.getAsLong());
        }
    }

    private static void time(Map<String, Object> report, String key, @Nullable Instant value) {
        if (value != null) {
            report.put(key, value.toString());
        }
    }

    /// Asks the primaries of a zone, and responds when that has ended: 200 if one gave a useful
    /// answer.
    ///
    /// @param zones null if no zone comes from primaries
    /// @param whole whether to transfer the whole zone
    static CompletableFuture<AdminResponse> refresh(
            @Nullable SecondaryZones zones, AdminRequest request, boolean whole) {
        Name name;
        try {
            name = name(request);
        } catch (IllegalArgumentException e) {
            return error(HTTP_BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        CompletableFuture<TransferStatus> asked = zones == null ? null : zones.refresh(name, whole);
        if (asked == null) {
            return error(
                    HTTP_NOT_FOUND,
                    "no zone %s comes from primaries; the option 'secondary' lists those that do"
                            .formatted(name));
        }
        return asked.handle((status, fault) -> {
            if (fault != null) {
                return AdminResponse.jsonError(HTTP_CONFLICT, String.valueOf(fault.getMessage()));
            }
            return AdminResponse.json(
                    status.error().isEmpty() ? HTTP_OK : HTTP_CONFLICT,
                    Json.object("name", name.toString(), "transfer", of(status)));
        });
    }

    /// Takes a version of a catalog that is held back: 200 if it is followed then.
    ///
    /// @param zones null if no zone comes from primaries
    static CompletableFuture<AdminResponse> accept(
            @Nullable SecondaryZones zones, AdminRequest request) {
        Name name;
        try {
            name = name(request);
        } catch (IllegalArgumentException e) {
            return error(HTTP_BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        CompletableFuture<CatalogStatus> asked = zones == null ? null : zones.accept(name);
        if (zones == null || asked == null) {
            return error(
                    HTTP_NOT_FOUND,
                    "no catalog %s is followed; the option 'secondary' lists those that are"
                            .formatted(name));
        }
        return asked.handle((status, fault) -> {
            if (fault != null) {
                return AdminResponse.jsonError(HTTP_CONFLICT, String.valueOf(fault.getMessage()));
            }
            boolean followed = status.condition() == CatalogStatus.Condition.FOLLOWED;
            return AdminResponse.json(followed ? HTTP_OK : HTTP_CONFLICT, of(status, zones));
        });
    }

    /// Freezes or thaws a zone that UPDATE changes: 200 if that is done.
    static CompletableFuture<AdminResponse> freeze(
            ZoneFreeze zones, AdminRequest request, boolean frozen) {
        Name name;
        try {
            name = name(request);
        } catch (IllegalArgumentException e) {
            return error(HTTP_BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        CompletableFuture<ZoneFreeze.Result> asked = zones.set(name, frozen);
        if (asked == null) {
            return error(
                    HTTP_NOT_FOUND,
                    "zone %s is not changed by UPDATE: 'allow-update' of 'primary' makes it so"
                            .formatted(name));
        }
        return asked.handle((result, fault) -> {
            if (fault != null) {
                return AdminResponse.jsonError(HTTP_CONFLICT, String.valueOf(fault.getMessage()));
            }
            return result.fault().isEmpty()
                    ? AdminResponse.json(
                            HTTP_OK,
                            Json.object(
                                    "name", name.toString(),
                                    "serial", result.serial(),
                                    "frozen", frozen))
                    : AdminResponse.jsonError(HTTP_CONFLICT, result.fault());
        });
    }

    /// Returns the zone that a request names.
    ///
    /// @throws IllegalArgumentException if it names none; the text says what to do
    static Name name(AdminRequest request) {
        List<String> names = request.parameters().getOrDefault("name", List.of());
        if (names.size() != 1) {
            throw new IllegalArgumentException("name one zone with ?name=ZONE");
        }
        return Name.of(names.getFirst());
    }

    /// Responds with the master file of a zone: as it was given if it is in the state folder, else
    /// as it is served.
    static AdminResponse export(Vitals vitals, AdminRequest request) {
        try {
            Name name = name(request);
            ZoneExport stored = vitals.stored();
            StringBuilder text = new StringBuilder();
            if (stored != null && stored.has(name)) {
                stored.write(name, text);
                return AdminResponse.text(HTTP_OK, text.toString());
            }
            ZoneState state = VersionReport.state(vitals, name);
            Zone zone = state == null ? null : state.zone();
            if (zone == null || !zone.available()) {
                return AdminResponse.jsonError(
                        HTTP_NOT_FOUND, "no zone %s with data is served".formatted(name));
            }
            MasterFileWriter.write(name, ServedRecords.of(zone), OwnerForm.RELATIVE, text);
            return AdminResponse.text(HTTP_OK, text.toString());
        } catch (IllegalArgumentException e) {
            return AdminResponse.jsonError(HTTP_BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            return AdminResponse.jsonError(
                    HTTP_CONFLICT, "the zone was replaced while it was read: ask again");
        } catch (IOException e) {
            return AdminResponse.jsonError(HTTP_NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    private static CompletableFuture<AdminResponse> error(int status, String sentence) {
        return CompletableFuture.completedFuture(AdminResponse.jsonError(status, sentence));
    }
}
