package org.anycastdns.server.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Reads versions of zones from the log and from snapshots. What is not as it was written is a
/// {@link DamagedException}, or an `EOFException` where it is cut off.
final class VersionReader {

    private final SegmentLog log;
    private final SnapshotFiles snapshots;

    VersionReader(SegmentLog log, SnapshotFiles snapshots) {
        this.log = log;
        this.snapshots = snapshots;
    }

    /// What the log has of a version. The rest may be in a snapshot, which needs no lock.
    ///
    /// @param inLog all records of the base, if they are in the log
    /// @param file its snapshot, if they are not
    /// @param steps from the base to the version
    record Parts(byte @Nullable [] inLog, @Nullable SnapshotFile file, List<IxfrStep> steps) {}

    /// Reads what the log has of the present version.
    Parts parts(ZoneVersions zone) throws IOException {
        ZoneVersions.Base base = zone.base();
        byte[] inLog = base.file() == null ? log.payload(base.place()) : null;
        return new Parts(inLog, base.file(), steps(zone.needed()));
    }

    /// Reads changes.
    List<IxfrStep> steps(List<ZoneVersions.Change> changes) throws IOException {
        List<IxfrStep> steps = new ArrayList<>();
        for (ZoneVersions.Change change : changes) {
            steps.add(new StoredRecords(log.payload(change.place())).change());
        }
        return steps;
    }

    /// Returns all records of a version.
    Records records(Parts parts) throws IOException {
        byte[] inLog = parts.inLog();
        SnapshotFile file = parts.file();
        Records base;
        if (inLog != null) {
            base = new StoredRecords(inLog).whole();
        } else if (file != null) {
            base = snapshots.read(file);
        } else {
            throw new IllegalStateException("a base is in the log or in a file");
        }
        return parts.steps().isEmpty() ? base : applied(base, parts.steps());
    }

    /// Applies changes that lead from records of a zone, which begin with the SOA record.
    static Records applied(Records records, List<IxfrStep> steps) throws DamagedException {
        SoaRecord soa = new SoaRecord(records.record(records.number(0)));
        return switch (ZoneChanges.apply(records, soa, steps)) {
            case ZoneChanges.Outcome.Applied(Records after, SoaRecord _) -> after;
            case ZoneChanges.Outcome.Diverged(String reason) -> throw new DamagedException(reason);
        };
    }
}
