package org.anycastdns.server.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.anycastdns.server.transfer.TransferResult.Failed;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Interprets the records of an AXFR (RFC 5936 section 2.2) or IXFR (RFC 1995 section 4), whatever
/// messages they come in.
///
/// ```
///   AXFR, and IXFR in its style    SOA new | other records ... | SOA new
///   IXFR    SOA new | SOA ours, deletes ..., SOA next, adds ... | SOA next, ... | SOA new
///   IXFR    SOA that is not newer: nothing to do
/// ```
final class TransferStream {

    private enum Part {
        FIRST,
        SECOND,
        WHOLE,
        DELETES,
        ADDS,
        END
    }

    private final Name zone;
    private final @Nullable SoaRecord ours;
    private final TransferLimits limits;
    private final Records records = new Records();
    private final List<IxfrStep> steps = new ArrayList<>();
    private Part part = Part.FIRST;
    private @Nullable SoaRecord first;
    private @Nullable SoaRecord from;
    private @Nullable SoaRecord to;
    private Records deletes = new Records();
    private Records adds = new Records();
    private SerialOrder order = SerialOrder.NEWER;
    private long count;
    private long skipped;
    private long changedOctets;
    private boolean nameServers;

    /// Starts a stream.
    ///
    /// @param ours the version that an IXFR starts from; null for AXFR
    TransferStream(Name zone, @Nullable SoaRecord ours, TransferLimits limits) {
        this.zone = zone;
        this.ours = ours;
        this.limits = limits;
    }

    /// Takes the next record of an answer section.
    ///
    /// @return why the stream cannot be used; null if it can go on
    @Nullable Failed add(MessageRecord record) {
        if (++count > limits.recordsMax()) {
            return new Failed(
                    TransferFailure.LIMIT, "more than %d records".formatted(limits.recordsMax()));
        }
        if (part == Part.END) {
            return order == SerialOrder.NEWER
                    ? wrong("%s follows the last SOA record".formatted(head(record)))
                    : null;
        }
        if (record.recordClass() != RecordClass.IN) {
            return wrong("%s is not of class IN".formatted(head(record)));
        }
        if (RecordType.isMeta(record.type())) {
            return wrong("%s has a type that no zone has".formatted(head(record)));
        }
        ResourceRecord data = record.zoneRecord();
        if (part == Part.FIRST) {
            return first(data);
        }
        if (!data.owner().isAtOrBelow(zone)) {
            skipped++;
            return null;
        }
        if (data.type() != RecordType.SOA) {
            return other(data);
        }
        return data.owner().equals(zone)
                ? soa(new SoaRecord(data))
                : wrong("an SOA record in the middle of the zone: %s".formatted(data));
    }

    /// Returns a record without its data, which may be 64 KiB and goes into a line of the log.
    private static String head(MessageRecord record) {
        return "%s CLASS%d %s \\# %d"
                .formatted(
                        record.owner(),
                        record.recordClass(),
                        RecordType.name(record.type()),
                        record.rdata().length);
    }

    private @Nullable Failed first(ResourceRecord data) {
        if (data.type() != RecordType.SOA || !data.owner().equals(zone)) {
            return wrong(
                    "the transfer begins with %s, not with the SOA record of the zone"
                            .formatted(data));
        }
        SoaRecord soa = new SoaRecord(data);
        first = soa;
        part = Part.SECOND;
        if (ours != null) {
            order = SerialOrder.of(soa.serial(), ours.serial());
            part = order == SerialOrder.NEWER ? Part.SECOND : Part.END;
        }
        return null;
    }

    private @Nullable Failed other(ResourceRecord data) {
        if (part == Part.SECOND) {
            part = Part.WHOLE;
        }
        if (part == Part.WHOLE) {
            nameServers |= data.type() == RecordType.NS && data.owner().equals(zone);
            records.add(data, 0);
            return records.memory() <= limits.memoryMax()
                    ? null
                    : new Failed(
                            TransferFailure.LIMIT,
                            "its records take more than %d octets of memory; raise limits.zone-memory in the configuration"
                                    .formatted(limits.memoryMax()));
        }
        changedOctets += data.owner().length() + data.rdata().length;
        if (changedOctets > limits.changesMax()) {
            return new Failed(TransferFailure.LIMIT, "the changes are larger than the zone");
        }
        (part == Part.DELETES ? deletes : adds).add(data, 0);
        return null;
    }

    private @Nullable Failed soa(SoaRecord soa) {
        SoaRecord last = Objects.requireNonNull(first);
        return switch (part) {
            case SECOND -> {
                if (ours != null && soa.serial() == ours.serial()) {
                    yield begin(soa);
                }
                yield end(soa, last);
            }
            case WHOLE -> end(soa, last);
            case DELETES -> middle(soa, last);
            case ADDS -> next(soa, last);
            case FIRST, END -> throw new IllegalStateException(part.toString());
        };
    }

    private @Nullable Failed end(SoaRecord soa, SoaRecord last) {
        if (!soa.saysSameAs(last)) {
            return wrong(
                    "an SOA record with serial %s in the middle; the transfer began with %s"
                            .formatted(text(soa), text(last)));
        }
        records.add(last.record(), 0);
        part = Part.END;
        return null;
    }

    private @Nullable Failed begin(SoaRecord soa) {
        if (steps.size() == limits.versionsMax()) {
            return new Failed(
                    TransferFailure.LIMIT,
                    "the IXFR has more than %d versions".formatted(limits.versionsMax()));
        }
        from = soa;
        deletes = new Records();
        adds = new Records();
        part = Part.DELETES;
        return null;
    }

    private @Nullable Failed middle(SoaRecord soa, SoaRecord last) {
        SoaRecord before = Objects.requireNonNull(from);
        SerialOrder more = SerialOrder.of(last.serial(), soa.serial());
        if (SerialOrder.of(soa.serial(), before.serial()) != SerialOrder.NEWER
                || (more != SerialOrder.NEWER && more != SerialOrder.EQUAL)) {
            return wrong(
                    "an IXFR step from serial %s to %s, which is not between it and %s"
                            .formatted(text(before), text(soa), text(last)));
        }
        to = soa;
        part = Part.ADDS;
        return null;
    }

    private @Nullable Failed next(SoaRecord soa, SoaRecord last) {
        SoaRecord reached = Objects.requireNonNull(to);
        steps.add(new IxfrStep(Objects.requireNonNull(from), deletes, reached, adds));
        if (soa.serial() != reached.serial()) {
            return wrong(
                    "an IXFR step begins at serial %s, but the one before ended at %s"
                            .formatted(text(soa), text(reached)));
        }
        if (reached.serial() != last.serial()) {
            return begin(soa);
        }
        if (!soa.saysSameAs(last)) {
            return wrong("the SOA record at the end differs from that at the beginning");
        }
        part = Part.END;
        return null;
    }

    private static String text(SoaRecord soa) {
        return Integer.toUnsignedString(soa.serial());
    }

    private static Failed wrong(String reason) {
        return new Failed(TransferFailure.PROTOCOL, reason);
    }

    /// Returns whether a record has come.
    boolean hasBegun() {
        return part != Part.FIRST;
    }

    /// Returns whether the last record has come.
    boolean isComplete() {
        return part == Part.END;
    }

    long count() {
        return count;
    }

    long skipped() {
        return skipped;
    }

    /// Returns how the primary's version relates to the one that an IXFR starts from.
    SerialOrder order() {
        return order;
    }

    /// Returns the SOA record of the primary's version.
    SoaRecord soa() {
        return Objects.requireNonNull(first);
    }

    /// Returns the changes; empty if the whole zone came.
    List<IxfrStep> steps() {
        return List.copyOf(steps);
    }

    /// Returns the records of the whole zone.
    Records records() {
        return records;
    }

    /// Returns whether the whole zone has NS records at its apex.
    boolean hasNameServers() {
        return nameServers;
    }
}
