package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.RrsigFields;

/// All records of one owner before and after a change, in the order of type and RDATA.
///
/// @param before as the zone was given them; empty for a name without records
/// @param after empty if nothing is left
record OwnerRecords(Name owner, List<ResourceRecord> before, List<ResourceRecord> after) {

    /// The order in which images keep the records of an owner.
    static final Comparator<ResourceRecord> ORDER =
            Comparator.comparingInt(ResourceRecord::type)
                    .thenComparing(ResourceRecord::rdata, Arrays::compareUnsigned);

    OwnerRecords {
        before = before.stream().sorted(ORDER).toList();
        after = after.stream().sorted(ORDER).toList();
    }

    /// Returns whether two lists have the same records, TTLs and spellings, in the same order.
    static boolean same(List<ResourceRecord> some, List<ResourceRecord> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            ResourceRecord one = some.get(i);
            ResourceRecord other = others.get(i);
            if (!one.equals(other) || !Arrays.equals(one.owner().wire(), other.owner().wire())) {
                return false;
            }
        }
        return true;
    }

    /// Returns the records of a type.
    static List<ResourceRecord> ofType(List<ResourceRecord> records, int type) {
        return records.stream().filter(record -> record.type() == type).toList();
    }

    /// Returns the signatures that cover a type.
    static List<ResourceRecord> covering(List<ResourceRecord> records, int type) {
        return records.stream()
                .filter(record ->
                        record.type() == RecordType.RRSIG
                                && RrsigFields.covered(record.rdata(), 0) == type)
                .toList();
    }

    /// Returns whether some record has a type.
    static boolean has(List<ResourceRecord> records, int type) {
        return records.stream().anyMatch(record -> record.type() == type);
    }

    /// Returns the RDATA of records in order, without duplicates.
    static List<byte[]> rdata(List<ResourceRecord> records) {
        return records.stream()
                .map(ResourceRecord::rdata)
                .sorted(Arrays::compareUnsigned)
                .collect(
                        ArrayList::new,
                        (list, each) -> {
                            if (list.isEmpty() || !Arrays.equals(list.getLast(), each)) {
                                list.add(each);
                            }
                        },
                        ArrayList::addAll);
    }

    /// Returns the number of records without duplicates.
    ///
    /// @param records in the order of type and RDATA
    static int count(List<ResourceRecord> records) {
        int count = 0;
        for (int i = 0; i < records.size(); i++) {
            count += i == 0 || ORDER.compare(records.get(i - 1), records.get(i)) != 0 ? 1 : 0;
        }
        return count;
    }

    /// Returns the types other than RRSIG, ascending.
    static int[] types(List<ResourceRecord> records) {
        return records.stream()
                .mapToInt(ResourceRecord::type)
                .filter(type -> type != RecordType.RRSIG)
                .sorted()
                .distinct()
                .toArray();
    }

    /// Returns whether the owner has records of a type before or after the change.
    boolean touches(int type) {
        return has(before, type) || has(after, type);
    }

    /// Returns whether the records of a type and their signatures stay as they are.
    boolean keeps(int type) {
        return same(ofType(before, type), ofType(after, type))
                && same(covering(before, type), covering(after, type));
    }
}
