package org.anycastdns.server.zonefile.check;

import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.RrsigFields;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.SourcePositions;

/// Finds record sets that do not fit into any message. A set is answered completely or not at all
/// (RFC 2181 section 5), with its signatures. Such a set would only cause truncated responses, even
/// over TCP.
///
/// Names in RDATA count with their full length: a set this large should not depend on compression.
record SetSizes(OwnerTable owners, SourcePositions positions, Problems problems) {

    /// Maximum length of a message, also over TCP (RFC 1035 section 4.2.2).
    private static final int MESSAGE_OCTETS_MAX = 65_535;

    /// Length of the header, TYPE and CLASS of the question, and an OPT record without options.
    private static final int FRAME_OCTETS = 12 + 4 + 11;

    /// Length of a pointer to the owner, TYPE, CLASS, TTL and RDLENGTH.
    private static final int RECORD_OCTETS = 12;

    /// The sizes of a set's records and of the signatures over them.
    private static final class Size {
        private final int first;
        private long octets;
        private long signatureOctets;

        private Size(int first) {
            this.first = first;
        }
    }

    /// Reports the sets of one owner that are too large, each at its first record.
    void check(int owner) {
        int max = MESSAGE_OCTETS_MAX - FRAME_OCTETS - Name.OCTETS_MAX;
        long all = 0;
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            all += octets(owners.record(i));
        }
        if (all > max) {
            Name name = owners.name(owner);
            int exactMax = max + (name.isWildcard() ? 0 : Name.OCTETS_MAX - name.length());
            sizes(owner).forEach((type, size) -> check(name, type, size, exactMax));
        }
    }

    private int octets(int record) {
        return RECORD_OCTETS + owners.records().rdataLength(record);
    }

    /// Returns the indexes of duplicate records, which are served once (RFC 2181 section 5).
    private BitSet repeated(int owner) {
        Records records = owners.records();
        int[] order =
                IntStream.range(owners.start(owner), owners.end(owner))
                        .boxed()
                        .sorted(
                                Comparator.comparingInt(
                                                (Integer i) -> records.type(owners.record(i)))
                                        .thenComparing((a, b) ->
                                                records.compareRdata(
                                                        owners.record(a), owners.record(b))))
                        .mapToInt(Integer::intValue)
                        .toArray();
        BitSet repeated = new BitSet();
        for (int i = 1; i < order.length; i++) {
            int before = owners.record(order[i - 1]);
            int record = owners.record(order[i]);
            repeated.set(
                    order[i],
                    records.type(before) == records.type(record)
                            && records.compareRdata(before, record) == 0);
        }
        return repeated;
    }

    private Map<Integer, Size> sizes(int owner) {
        Map<Integer, Size> sizes = new LinkedHashMap<>();
        BitSet repeated = repeated(owner);
        Records records = owners.records();
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            if (type != RecordType.RRSIG && !repeated.get(i)) {
                sizes.computeIfAbsent(type, _ -> new Size(record)).octets += octets(record);
            }
        }
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            if (records.type(record) == RecordType.RRSIG && !repeated.get(i)) {
                int covered =
                        RrsigFields.covered(records.octets(record), records.rdataOffset(record));
                sizes.computeIfAbsent(covered, _ -> new Size(record)).signatureOctets +=
                        octets(record);
            }
        }
        return sizes;
    }

    private void check(Name owner, int type, Size size, int max) {
        long octets = size.octets + size.signatureOctets;
        if (octets > max) {
            problems.error(
                    positions.position(owners.records().place(size.first)),
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
