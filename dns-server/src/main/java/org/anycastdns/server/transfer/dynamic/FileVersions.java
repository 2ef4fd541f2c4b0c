package org.anycastdns.server.transfer.dynamic;

import java.io.IOException;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.out.ZoneDifference;
import org.anycastdns.server.transfer.update.ZoneContent;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what the file of a zone means while clients change the zone. A version of the file
/// replaces the zone as one change if its serial is newer. While the zone is frozen, it waits for
/// the operator. Owned by the thread `update`.
///
/// ```
///   taking updates --freeze--> frozen: updates are REFUSED, the file may be edited
///         ^                      | thaw: the file is newer, or it has not changed
///         '----------------------'       (else an error, and the zone stays frozen)
/// ```
final class FileVersions {

    private static final Logger LOG = LoggerFactory.getLogger(DynamicZones.class);

    private final StoredChanges changes;
    private final ServedVersions versions;
    private final UpdateLog log;

    FileVersions(StoredChanges changes, ServedVersions versions, UpdateLog log) {
        this.changes = changes;
        this.versions = versions;
        this.log = log;
    }

    /// Stores what the zone begins with: a version of the file.
    void begin(DynamicZone zone, Records records) {
        zone.first = records;
        try {
            changes.begin(zone, OfferedFile.soa(records), records);
            zone.first = null;
        } catch (IOException e) {
            log.trouble(zone.name, String.valueOf(e.getMessage()));
        }
    }

    /// Takes a new version of the file, which is not served.
    void offered(DynamicZone zone, OfferedFile version) {
        boolean isFirstLook = zone.isRestored;
        zone.isRestored = false;
        ZoneContent content = zone.content;
        if (content == null) {
            begin(zone, version.records());
        } else if (zone.isFrozen) {
            zone.edited = version;
            zone.refusal = null;
            LOG.info(
                    "zone {} is frozen: {} with serial {} counts after 'dns-server zone thaw {}'",
                    zone.name,
                    version.file(),
                    Integer.toUnsignedString(version.soa().serial()),
                    zone.name);
        } else if (isNewer(version, content)) {
            try {
                zone.warning = null;
                replace(zone, content, version);
            } catch (IOException e) {
                log.trouble(zone.name, String.valueOf(e.getMessage()));
            }
        } else {
            notNewer(zone, content, version, isFirstLook);
        }
    }

    /// Notes that a version of the file is bad.
    void refused(DynamicZone zone, Problem problem) {
        if (zone.isFrozen) {
            zone.refusal = problem;
        }
    }

    private static boolean isNewer(OfferedFile version, ZoneContent content) {
        return SerialOrder.of(version.soa().serial(), content.soa().serial()) == SerialOrder.NEWER;
    }

    /// Replaces the zone by a version of the file, as one change.
    private void replace(DynamicZone zone, ZoneContent content, OfferedFile version)
            throws IOException {
        IxfrStep step = difference(content, version);
        String before = Integer.toUnsignedString(content.soa().serial());
        changes.change(zone, content, step);
        // Built as a whole, so that what is wrong with the file is shown.
        zone.version = null;
        LOG.info(
                "zone {} replaced by {}: from={} serial={} deleted={} added={}",
                zone.name,
                version.file(),
                before,
                Integer.toUnsignedString(version.soa().serial()),
                step.deletes().size(),
                step.adds().size());
    }

    private static IxfrStep difference(ZoneContent content, OfferedFile version) {
        return ZoneDifference.between(
                content.soa(), content.records(), version.soa(), version.records());
    }

    private void notNewer(
            DynamicZone zone, ZoneContent content, OfferedFile version, boolean isFirstLook) {
        String text =
                "is not served: its serial %s is not newer than %s of the zone, which was changed by UPDATE; run 'dns-server zone freeze %s', write the zone back with 'dns-server zone export %s', edit that, raise its serial, and run 'dns-server zone thaw %s'"
                        .formatted(
                                Integer.toUnsignedString(version.soa().serial()),
                                Integer.toUnsignedString(content.soa().serial()),
                                zone.name,
                                zone.name,
                                zone.name);
        Problem problem =
                new Problem(version.file().toString(), 1, 1, Problem.Severity.WARNING, text);
        if (isFirstLook) {
            LOG.info("{}", problem);
            return;
        }
        LOG.warn("{}", problem);
        zone.warning = problem;
        versions.warn(zone);
    }

    /// Refuses updates from now on.
    FreezeResult freeze(DynamicZone zone) {
        ZoneContent content = zone.content;
        if (content == null) {
            return new FreezeResult.Failed("zone %s is not loaded".formatted(zone.name));
        }
        if (!zone.isFrozen) {
            zone.isFrozen = true;
            zone.warning =
                    Problem.whole(
                            zone.origin(),
                            Problem.Severity.WARNING,
                            "is frozen: updates are REFUSED until 'dns-server zone thaw %s'"
                                    .formatted(zone.name));
            versions.warn(zone);
            LOG.info(
                    "zone {} is frozen at serial {}: updates are REFUSED",
                    zone.name,
                    Integer.toUnsignedString(content.soa().serial()));
        }
        return new FreezeResult.Done(content.soa().serial());
    }

    /// Takes what the operator has done with the file, and then updates again.
    FreezeResult thaw(DynamicZone zone) {
        ZoneContent content = zone.content;
        if (content == null || !zone.isFrozen) {
            return new FreezeResult.Failed("zone %s is not frozen".formatted(zone.name));
        }
        Problem refusal = zone.refusal;
        if (refusal != null) {
            return new FreezeResult.Failed(
                    "%s; the zone stays frozen: mend the file and thaw again".formatted(refusal));
        }
        OfferedFile version = zone.edited;
        if (version != null) {
            String fault = take(zone, content, version);
            if (!fault.isEmpty()) {
                return new FreezeResult.Failed(fault);
            }
        }
        zone.edited = null;
        zone.isFrozen = false;
        zone.warning = null;
        // A delivery takes the warning away.
        changes.again(zone);
        LOG.info(
                "zone {} is not frozen any more: updates are taken from serial {} on",
                zone.name,
                Integer.toUnsignedString(content.soa().serial()));
        return new FreezeResult.Done(content.soa().serial());
    }

    /// Returns why a version of the file cannot be taken; empty if it was.
    private String take(DynamicZone zone, ZoneContent content, OfferedFile version) {
        if (!isNewer(version, content)) {
            IxfrStep step = difference(content, version);
            boolean isSame =
                    step.deletes().size() == 0
                            && step.adds().size() == 0
                            && version.soa().record().equals(content.soa().record());
            return isSame
                    ? ""
                    : "%s has changed, but its serial %s is not newer than %s of the zone, which stays frozen: raise the serial, or write the file anew with 'dns-server zone export', and thaw again"
                            .formatted(
                                    version.file(),
                                    Integer.toUnsignedString(version.soa().serial()),
                                    Integer.toUnsignedString(content.soa().serial()));
        }
        try {
            replace(zone, content, version);
            return "";
        } catch (IOException e) {
            return "the change cannot be stored (%s); zone %s stays frozen"
                    .formatted(e.getMessage(), zone.name);
        }
    }
}
