package org.anycastdns.server.ops;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_INTERNAL_ERROR;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.admin.AdminRequest;
import org.anycastdns.daemon.admin.AdminResponse;
import org.anycastdns.server.reload.PastVersion;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.out.CondensedSteps;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Reports the versions of a zone: which were served and which changes are kept, and the difference
/// between two of them.
final class VersionReport {

    /// Octets of a record on the wire beside owner and data (RFC 1035 section 3.2.1).
    private static final int RECORD_OCTETS = 10;

    private VersionReport() {}

    /// Responds with the versions of a zone, the oldest first: those that were served since the
    /// start, and those to which a kept change leads.
    static AdminResponse history(Vitals vitals, AdminRequest request) {
        return respond(vitals, request, VersionReport::history);
    }

    /// Responds with the difference of two versions: from the parameter `from` to `to`. Without
    /// them it is the last change.
    static AdminResponse difference(Vitals vitals, AdminRequest request) {
        return respond(vitals, request, (zone, steps) -> difference(zone.apex(), steps, request));
    }

    @FunctionalInterface
    private interface Report {
        AdminResponse of(ZoneState zone, List<IxfrStep> steps);
    }

    private static AdminResponse respond(Vitals vitals, AdminRequest request, Report report) {
        try {
            Name name = TransferReport.name(request);
            ZoneState zone = state(vitals, name);
            if (zone == null) {
                return AdminResponse.jsonError(
                        HTTP_NOT_FOUND, "there is no zone %s".formatted(name));
            }
            return report.of(zone, vitals.changes().of(name));
        } catch (IllegalArgumentException e) {
            return AdminResponse.jsonError(HTTP_BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return AdminResponse.jsonError(HTTP_INTERNAL_ERROR, String.valueOf(e.getMessage()));
        }
    }

    /// Returns the state of a zone; null if there is no such zone.
    static @Nullable ZoneState state(Vitals vitals, Name name) {
        ZonesStatus status = vitals.zones();
        if (status == null) {
            return null;
        }
        return status.zones().stream()
                .filter(zone -> zone.apex().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static AdminResponse history(ZoneState zone, List<IxfrStep> steps) {
        List<Object> versions = new ArrayList<>();
        List<PastVersion> served = zone.versions();
        int next = 0;
        if (!steps.isEmpty()) {
            int first = steps.getFirst().from().serial();
            int begin = Math.max(0, indexOf(served, first, 0));
            served.subList(0, begin)
                    .forEach(each -> versions.add(version(each.serial(), each, null)));
            next = begin;
            for (int i = -1; i < steps.size(); i++) {
                IxfrStep step = i < 0 ? null : steps.get(i);
                int serial = step == null ? first : step.to().serial();
                int at = indexOf(served, serial, next);
                next = at < 0 ? next : at + 1;
                versions.add(version(serial, at < 0 ? null : served.get(at), step));
            }
        }
        served.subList(next, served.size())
                .forEach(each -> versions.add(version(each.serial(), each, null)));
        return AdminResponse.json(
                HTTP_OK, Json.object("name", zone.apex().toString(), "versions", versions));
    }

    private static int indexOf(List<PastVersion> served, int serial, int from) {
        for (int i = from; i < served.size(); i++) {
            if (served.get(i).serial() == serial) {
                return i;
            }
        }
        return -1;
    }

    /// @param served what is known of it; null if it was not served since the start
    /// @param step leads to it; null if no such change is kept
    private static Map<String, Object> version(
            int serial, @Nullable PastVersion served, @Nullable IxfrStep step) {
        Map<String, Object> report = Json.object("serial", Integer.toUnsignedLong(serial));
        if (served != null) {
            report.put("since", served.since().toString());
            report.put("records", served.records());
            ContentDigest digest = served.digest();
            if (digest != null) {
                report.put("digest", digest.toString());
            }
        }
        report.put("kind", step == null ? "whole" : "change");
        if (step != null) {
            report.put("from", Integer.toUnsignedLong(step.from().serial()));
            report.put("deleted", step.deletes().size());
            report.put("added", step.adds().size());
            report.put("octets", octets(step));
        }
        return report;
    }

    /// Returns the octets of the records of a change, as in a message without compression.
    private static long octets(IxfrStep step) {
        long octets = octets(step.from().record()) + octets(step.to().record());
        for (Records records : List.of(step.deletes(), step.adds())) {
            octets += records.list().stream().mapToLong(VersionReport::octets).sum();
        }
        return octets;
    }

    private static long octets(ResourceRecord record) {
        return (long) record.owner().length() + RECORD_OCTETS + record.rdata().length;
    }

    private static AdminResponse difference(Name zone, List<IxfrStep> steps, AdminRequest request) {
        if (steps.isEmpty()) {
            return AdminResponse.jsonError(
                    HTTP_NOT_FOUND,
                    "no changes of zone %s are kept: it has not changed, or is neither in 'secondary' nor in 'primary'; --file compares it with a file"
                            .formatted(zone));
        }
        int last = steps.size() - 1;
        int from = serial(request, "from", steps.get(last).from().serial());
        int to = serial(request, "to", steps.get(last).to().serial());
        int end = end(steps, to);
        int begin = begin(steps, from);
        if (begin < 0 || end < 0) {
            return AdminResponse.jsonError(
                    HTTP_NOT_FOUND,
                    "no change of zone %s that %s version %s is kept; the versions are %s"
                            .formatted(
                                    zone,
                                    begin < 0 ? "begins at" : "leads to",
                                    Integer.toUnsignedString(begin < 0 ? from : to),
                                    serials(steps)));
        }
        if (begin > end) {
            return AdminResponse.jsonError(
                    HTTP_BAD_REQUEST,
                    "version %s of zone %s came after version %s"
                            .formatted(
                                    Integer.toUnsignedString(steps.get(begin).from().serial()),
                                    zone,
                                    Integer.toUnsignedString(steps.get(end).to().serial())));
        }
        return AdminResponse.json(
                HTTP_OK, ChangeReport.of(zone, CondensedSteps.of(steps.subList(begin, end + 1))));
    }

    private static int serial(AdminRequest request, String parameter, int otherwise) {
        List<String> values = request.parameters().getOrDefault(parameter, List.of());
        if (values.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseUnsignedInt(values.getFirst());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s is no serial (0-4294967295)".formatted(values.getFirst()), e);
        }
    }

    /// Returns the last change that begins at a version, or -1.
    private static int begin(List<IxfrStep> steps, int serial) {
        int at = steps.size() - 1;
        while (at >= 0 && steps.get(at).from().serial() != serial) {
            at--;
        }
        return at;
    }

    private static int end(List<IxfrStep> steps, int serial) {
        int at = steps.size() - 1;
        while (at >= 0 && steps.get(at).to().serial() != serial) {
            at--;
        }
        return at;
    }

    private static String serials(List<IxfrStep> steps) {
        return Integer.toUnsignedString(steps.getFirst().from().serial())
                + ", "
                + steps.stream()
                        .map(step -> Integer.toUnsignedString(step.to().serial()))
                        .collect(Collectors.joining(", "));
    }
}
