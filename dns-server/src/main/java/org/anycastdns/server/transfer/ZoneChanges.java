package org.anycastdns.server.transfer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Applies the steps of an IXFR to all records of a zone. The cost is that of the whole zone, so
/// this is for small zones, and the model for faster ways.
///
/// Every step must fit exactly: a record that is deleted must be there, and one that is added must
/// not. Otherwise the zones have diverged and only an AXFR helps. Records are the same if owner,
/// type and RDATA are; TTLs and the case of names do not count (RFC 2136 section 1.1).
public final class ZoneChanges {

    private final Map<RecordKey, ResourceRecord> records = new LinkedHashMap<>();
    private final Name zone;
    private SoaRecord soa;

    /// How an IXFR ended.
    public sealed interface Outcome {

        /// The records of the last version, the SOA record last.
        record Applied(Records records, SoaRecord soa) implements Outcome {}

        /// The changes do not fit the zone; nothing is changed.
        ///
        /// @param reason for the operator, with the record
        record Diverged(String reason) implements Outcome {}
    }

    private ZoneChanges(SoaRecord soa) {
        this.zone = soa.record().owner();
        this.soa = soa;
    }

    /// Applies steps, in order.
    ///
    /// @param before all records of the zone; not changed
    /// @param ours the SOA record among them
    public static Outcome apply(Records before, SoaRecord ours, List<IxfrStep> steps) {
        ZoneChanges changes = new ZoneChanges(ours);
        for (ResourceRecord record : before.list()) {
            boolean isSoa = record.type() == RecordType.SOA;
            if (!isSoa) {
                changes.records.putIfAbsent(RecordKey.of(record), record);
            }
        }
        for (IxfrStep step : steps) {
            String wrong = changes.step(step);
            if (wrong != null) {
                return new Outcome.Diverged(wrong);
            }
        }
        return changes.outcome();
    }

    private @Nullable String step(IxfrStep step) {
        if (step.from().serial() != soa.serial()) {
            return "a step begins at serial %s, but the zone is at %s"
                    .formatted(
                            Integer.toUnsignedString(step.from().serial()),
                            Integer.toUnsignedString(soa.serial()));
        }
        for (ResourceRecord record : step.deletes().list()) {
            if (records.remove(RecordKey.of(record)) == null) {
                return "%s is to be deleted, but is not there".formatted(record);
            }
        }
        for (ResourceRecord record : step.adds().list()) {
            if (records.putIfAbsent(RecordKey.of(record), record) != null) {
                return "%s is to be added, but is there".formatted(record);
            }
        }
        soa = step.to();
        return null;
    }

    private Outcome outcome() {
        Records after = new Records();
        boolean nameServers = false;
        for (ResourceRecord record : records.values()) {
            nameServers |= record.type() == RecordType.NS && record.owner().equals(zone);
            after.add(record, 0);
        }
        after.add(soa.record(), 0);
        return nameServers
                ? new Outcome.Applied(after, soa)
                : new Outcome.Diverged("the zone would have no NS records at its apex");
    }
}
