package org.anycastdns.server.zonefile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ResourceRecord;
import org.anycastdns.server.zone.RrsigFields;

/// Finds record sets that no message can hold. A set is answered as a whole, or not at all (RFC
/// 2181 section 5), and its signatures go with it: such a set would only ever yield TC, over TCP
/// too.
///
/// Names in RDATA count in full: what compression saves is nothing that a set this large should
/// hang on.
final class SetSizes {

    /// The longest message, also over TCP (RFC 1035 section 4.2.2).
    private static final int MESSAGE_OCTETS_MAX = 65_535;

    /// Header, TYPE and CLASS of the question, and an OPT record without options.
    private static final int FRAME_OCTETS = 12 + 4 + 11;

    /// A pointer to the owner, TYPE, CLASS, TTL and RDLENGTH.
    private static final int RECORD_OCTETS = 12;

    private final Records records;
    private final Problems problems;

    /// One set's records, or the signatures over them.
    private static final class Size {
        private final int first;
        private long octets;
        private long signatureOctets;

        private Size(int first) {
            this.first = first;
        }
    }

    SetSizes(Records records, Problems problems) {
        this.records = records;
        this.problems = problems;
    }

    /// Reports the sets of one owner that are too large, each at its first record.
    ///
    /// @param indexes of all records of the owner
    void check(Name owner, List<Integer> indexes) {
        int questionOctets = owner.isWildcard() ? Name.OCTETS_MAX : owner.length();
        int max = MESSAGE_OCTETS_MAX - FRAME_OCTETS - questionOctets;
        long all = 0;
        for (int i : indexes) {
            all += octets(records.list().get(i));
        }
        if (all > max) {
            sizes(indexes).forEach((type, size) -> check(owner, type, size, max));
        }
    }

    private static int octets(ResourceRecord record) {
        return RECORD_OCTETS + record.rdata().length;
    }

    private Map<Integer, Size> sizes(List<Integer> indexes) {
        Map<Integer, Size> sizes = new LinkedHashMap<>();
        for (int i : indexes) {
            ResourceRecord record = records.list().get(i);
            if (record.type() != RecordType.RRSIG) {
                sizes.computeIfAbsent(record.type(), _ -> new Size(i)).octets += octets(record);
            }
        }
        for (int i : indexes) {
            ResourceRecord record = records.list().get(i);
            if (record.type() == RecordType.RRSIG) {
                int covered = RrsigFields.covered(record.rdata());
                sizes.computeIfAbsent(covered, _ -> new Size(i)).signatureOctets += octets(record);
            }
        }
        return sizes;
    }

    private void check(Name owner, int type, Size size, int max) {
        long octets = size.octets + size.signatureOctets;
        if (octets > max) {
            problems.error(
                    records.position(size.first),
                    "the record set %s %s has %d octets%s, more than a message can hold, %d"
                            .formatted(
                                    owner,
                                    RecordType.name(type),
                                    octets,
                                    size.octets > max || size.signatureOctets == 0
                                            ? ""
                                            : " with its signatures",
                                    max));
        }
    }
}
