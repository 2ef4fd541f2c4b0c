package org.anycastdns.server.transfer.out;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.RecordKey;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The records of a response in their order, read one after the other. The collections that they
/// come from stay where they are, so a sequence takes hardly any memory.
final class RecordSequence {

    private static final int NONE = -1;

    private final List<Part> parts;
    private int part;
    private int record = NONE;
    private long written;

    /// Consecutive records.
    ///
    /// @param withSoa whether SOA records are among them
    /// @param gone records that are not in the sequence
    private record Part(Records records, boolean withSoa, Gone gone) {

        private Part(Records records) {
            this(records, false, Gone.NONE);
        }

        private static Part of(SoaRecord soa) {
            Records one = new Records();
            one.add(soa.record(), 0);
            return new Part(one, true, Gone.NONE);
        }
    }

    /// Records that changes have deleted.
    ///
    /// @param owners of these records: most records have others, and need no key
    private record Gone(Set<Name> owners, Set<RecordKey> keys) {

        private static final Gone NONE = new Gone(Set.of(), Set.of());

        private static Gone of(Records deleted) {
            Set<Name> owners = new HashSet<>();
            Set<RecordKey> keys = new HashSet<>();
            for (ResourceRecord record : deleted.list()) {
                boolean _ = owners.add(record.owner());
                boolean _ = keys.add(RecordKey.of(record));
            }
            return new Gone(owners, keys);
        }

        private boolean has(Records records, int record) {
            return !owners.isEmpty()
                    && owners.contains(records.owner(record))
                    && keys.contains(RecordKey.of(records.record(record)));
        }
    }

    private RecordSequence(List<Part> parts) {
        this.parts = parts;
        advance();
    }

    /// Returns one SOA record: the client has this version, or must ask over TCP (RFC 1995 section
    /// 2).
    static RecordSequence soa(SoaRecord soa) {
        return new RecordSequence(List.of(Part.of(soa)));
    }

    /// Returns all records of a zone between its SOA record (RFC 5936 section 2.2).
    static RecordSequence whole(ProvidedZone zone) {
        Part soa = Part.of(zone.soa());
        if (zone.changes().isEmpty()) {
            return new RecordSequence(List.of(soa, new Part(zone.records()), soa));
        }
        IxfrStep all = CondensedSteps.of(zone.changes());
        Part before = new Part(zone.records(), false, Gone.of(all.deletes()));
        return new RecordSequence(List.of(soa, before, new Part(all.adds()), soa));
    }

    /// Returns the changes from one version to another (RFC 1995 section 4).
    ///
    /// @param steps at least one; the last ends at the version that is served
    static RecordSequence changes(List<IxfrStep> steps) {
        SoaRecord last = steps.getLast().to();
        List<Part> parts = new ArrayList<>();
        parts.add(Part.of(last));
        for (IxfrStep step : steps) {
            parts.add(Part.of(step.from()));
            parts.add(new Part(step.deletes()));
            parts.add(Part.of(step.to()));
            parts.add(new Part(step.adds()));
        }
        parts.add(Part.of(last));
        return new RecordSequence(parts);
    }

    /// Moves to the next record that belongs to the sequence.
    private void advance() {
        while (part < parts.size()) {
            Part now = parts.get(part);
            record = now.records().next(record);
            if (record == NONE) {
                part++;
            } else if ((now.withSoa() || now.records().type(record) != RecordType.SOA)
                    && !now.gone().has(now.records(), record)) {
                return;
            }
        }
    }

    /// Returns whether all records were written.
    boolean isAtEnd() {
        return part == parts.size();
    }

    /// Writes the next record into the answer section.
    ///
    /// @return false, with nothing written, if it does not fit
    boolean write(MessageEncoder into) {
        Records records = parts.get(part).records();
        if (!into.record(MessageSection.ANSWER, records, record)) {
            return false;
        }
        written++;
        advance();
        return true;
    }

    /// Returns the owner and the type of the next record, for the operator.
    String next() {
        Records records = parts.get(part).records();
        return records.owner(record) + " " + RecordType.name(records.type(record));
    }

    /// Returns how many records were written.
    long written() {
        return written;
    }
}
