package org.anycastdns.server.transfer;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Applies the steps of an IXFR to all records of a zone. It reads each record once and needs
/// memory only for the changes and the result; still the time is that of the whole zone.
///
/// Every step must fit exactly: a record that is deleted must be there, and one that is added must
/// not. Otherwise the zones have diverged and only an AXFR helps. Records are the same if owner,
/// type and RDATA are; TTLs and the case of names do not count (RFC 2136 section 1.1).
public final class ZoneChanges {

    private final Map<RecordKey, Change> changes = new LinkedHashMap<>();
    // Most records have an owner without changes, and need no key.
    private final Set<Name> owners = new HashSet<>();
    private static final String NO_NAME_SERVERS = "the zone would have no NS records at its apex";

    private final Name zone;
    private SoaRecord soa;

    /// What the steps make of a record.
    private static final class Change {

        private final ResourceRecord first;
        private final boolean startsThere;
        private boolean found;
        private @Nullable ResourceRecord last;

        /// @param first the record as the first step with it has it
        /// @param startsThere whether the zone must have the record before the steps
        Change(ResourceRecord first, boolean startsThere) {
            this.first = first;
            this.startsThere = startsThere;
            this.last = startsThere ? null : first;
        }
    }

    /// How an IXFR ended.
    public sealed interface Outcome {

        /// The records of the last version, the SOA record last.
        record Applied(Records records, SoaRecord soa) implements Outcome {}

        /// The changes do not fit the zone; nothing is changed.
        ///
        /// @param reason for the operator, with the record
        record Diverged(String reason) implements Outcome {}
    }

    /// How a check of changes ended.
    public sealed interface Check {

        /// The changes fit.
        ///
        /// @param after the records of the last version
        record Fits(RecordHashes after, SoaRecord soa) implements Check {}

        /// The changes do not fit the zone.
        ///
        /// @param reason for the operator, with the record
        record Diverged(String reason) implements Check {}
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
        for (IxfrStep step : steps) {
            String wrong = changes.step(step);
            if (wrong != null) {
                return new Outcome.Diverged(wrong);
            }
        }
        return changes.outcome(before);
    }

    /// Checks whether steps fit, in order, at the cost of their records.
    ///
    /// @param before all records of the zone
    /// @param ours the SOA record among them
    public static Check check(RecordHashes before, SoaRecord ours, List<IxfrStep> steps) {
        ZoneChanges changes = new ZoneChanges(ours);
        for (IxfrStep step : steps) {
            String wrong = changes.step(step);
            if (wrong != null) {
                return new Check.Diverged(wrong);
            }
        }
        return changes.check(before);
    }

    private Check check(RecordHashes before) {
        RecordHashes.Next next = before.next();
        for (Map.Entry<RecordKey, Change> each : changes.entrySet()) {
            Change change = each.getValue();
            if (next.had(each.getKey()) != change.startsThere) {
                return new Check.Diverged(
                        change.startsThere ? missing(change.first) : doubled(change.first));
            }
            next.put(each.getKey(), change.first, change.startsThere, change.last != null);
        }
        return next.hasNameServers()
                ? new Check.Fits(next.done(), soa)
                : new Check.Diverged(NO_NAME_SERVERS);
    }

    private @Nullable String step(IxfrStep step) {
        if (step.from().serial() != soa.serial()) {
            return "a step begins at serial %s, but the zone is at %s"
                    .formatted(
                            Integer.toUnsignedString(step.from().serial()),
                            Integer.toUnsignedString(soa.serial()));
        }
        for (ResourceRecord record : step.deletes().list()) {
            Change change = changes.get(RecordKey.of(record));
            if (change == null) {
                touch(record, new Change(record, true));
            } else if (change.last == null) {
                return missing(record);
            } else {
                change.last = null;
            }
        }
        for (ResourceRecord record : step.adds().list()) {
            Change change = changes.get(RecordKey.of(record));
            if (change == null) {
                touch(record, new Change(record, false));
            } else if (change.last != null) {
                return doubled(record);
            } else {
                change.last = record;
            }
        }
        soa = step.to();
        return null;
    }

    private void touch(ResourceRecord record, Change change) {
        changes.put(RecordKey.of(record), change);
        owners.add(record.owner());
    }

    private static String missing(ResourceRecord record) {
        return "%s is to be deleted, but is not there".formatted(record);
    }

    private static String doubled(ResourceRecord record) {
        return "%s is to be added, but is there".formatted(record);
    }

    private Outcome outcome(Records before) {
        Records after = new Records();
        boolean nameServers = false;
        for (int i = 0; i < before.size(); i++) {
            int number = before.number(i);
            Name owner = before.owner(number);
            Change change =
                    owners.contains(owner)
                            ? changes.get(RecordKey.of(before.record(number)))
                            : null;
            if (change != null && !change.startsThere) {
                return new Outcome.Diverged(doubled(change.first));
            }
            if (change != null) {
                change.found = true;
            } else if (before.type(number) != RecordType.SOA) {
                nameServers |= isNameServer(owner, before.type(number));
                after.add(before.record(number), 0);
            }
        }
        for (Change change : changes.values()) {
            if (change.startsThere && !change.found) {
                return new Outcome.Diverged(missing(change.first));
            }
            if (change.last != null) {
                nameServers |= isNameServer(change.last.owner(), change.last.type());
                after.add(change.last, 0);
            }
        }
        after.add(soa.record(), 0);
        return nameServers
                ? new Outcome.Applied(after, soa)
                : new Outcome.Diverged(NO_NAME_SERVERS);
    }

    private boolean isNameServer(Name owner, int type) {
        return type == RecordType.NS && owner.equals(zone);
    }
}
