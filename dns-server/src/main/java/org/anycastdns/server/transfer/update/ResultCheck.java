package org.anycastdns.server.transfer.update;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Checks the zone that an update would make: its limits, and that it could be loaded again from a
/// zone file. The rules of UPDATE already exclude the other contradictions: data beside a CNAME,
/// two CNAMEs, a zone without SOA or NS.
final class ResultCheck {

    /// A set must fit into a message over TCP (RFC 2181 section 5), beside the header, a question,
    /// and an OPT record; the longest name counts for the question.
    static final int SET_OCTETS_MAX = 65_535 - 12 - (Name.OCTETS_MAX + 4) - 11;

    /// A pointer to the owner, TYPE, CLASS, TTL and RDLENGTH of each record of the set.
    private static final int RECORD_OCTETS = 12;

    private final ChangedZone after;
    private final IxfrStep step;
    private final Set<Name> emptied = new HashSet<>();

    private record SetKey(Name owner, int type) {}

    private ResultCheck(ChangedZone after, IxfrStep step) {
        this.after = after;
        this.step = step;
        for (Map.Entry<Name, ChangedName> each : after.names().entrySet()) {
            boolean _ = each.getValue().isEmpty() && emptied.add(each.getKey());
        }
    }

    /// Returns why the update is not carried out; null if it can be.
    static @Nullable String check(ChangedZone after, IxfrStep step, UpdateLimits limits) {
        ResultCheck check = new ResultCheck(after, step);
        String reason = check.beyond(limits);
        Set<SetKey> seen = new HashSet<>();
        for (ResourceRecord added : step.adds().list()) {
            if (reason == null && seen.add(new SetKey(added.owner(), added.type()))) {
                reason = check.set(added.owner(), added.type());
            }
        }
        return reason;
    }

    private @Nullable String beyond(UpdateLimits limits) {
        ZoneView before = after.before();
        Records adds = step.adds();
        Records deletes = step.deletes();
        long records = before.recordCount() + adds.size() - deletes.size();
        // An update that makes a zone smaller is always taken.
        if (records > limits.recordsMax() && adds.size() > deletes.size()) {
            return "the zone would have %d records, more than %d"
                    .formatted(records, limits.recordsMax());
        }
        long more = octets(adds) - octets(deletes);
        return more > 0 && before.octets() + more > limits.octetsMax()
                ? "the zone would have %d octets, more than %d"
                        .formatted(before.octets() + more, limits.octetsMax())
                : null;
    }

    private static long octets(Records records) {
        return records.list().stream().mapToLong(RecordData::octets).sum();
    }

    /// Returns what is wrong with a set that has new records; null for nothing. Data below a DNAME
    /// is never served, and a zone file with it is refused.
    private @Nullable String set(Name owner, int type) {
        Name apex = step.to().record().owner();
        for (Name name = owner; !name.equals(apex); ) {
            name = name.parent();
            if (has(name, RecordType.DNAME)) {
                return "%s is below the DNAME at %s".formatted(owner, name);
            }
        }
        if (type == RecordType.DNAME && after.before().hasBelow(owner, emptied)) {
            return "there is data below the DNAME at %s".formatted(owner);
        }
        long octets =
                after.records(owner, type).stream()
                        .mapToLong(record -> RECORD_OCTETS + record.rdata().length)
                        .sum();
        return octets > SET_OCTETS_MAX
                ? "the set %s %s would have %d octets, more than a message can hold, %d"
                        .formatted(owner, RecordType.name(type), octets, SET_OCTETS_MAX)
                : null;
    }

    private boolean has(Name name, int type) {
        return !after.records(name, type).isEmpty();
    }
}
