package org.anycastdns.server.zonefile.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Findings;

/// Checks the records of one owner for conflicts: duplicates, several records of a singleton type,
/// different TTLs in a set, and data beside a CNAME. It collects the records that must not be
/// served.
final class SetCheck {

    private static final int SIG = 24;
    private static final int KEY = 25;

    /// Types allowed beside a CNAME: RFC 4035 section 2.5 (with KEY, for secure updates), RFC 5155
    /// section 7.1, and SIG, the predecessor of RRSIG.
    private static final Set<Integer> BESIDE_CNAME =
            Set.of(RecordType.CNAME, RecordType.RRSIG, RecordType.NSEC, RecordType.NSEC3, KEY, SIG);

    /// Maximum number of records that are compared pair by pair; more records go into maps.
    private static final int FEW = 16;

    private final OwnerTable owners;
    private final Records records;
    private final int apexOwner;
    private final Findings findings;
    private int[] dropped = new int[0];
    private int dropCount;

    SetCheck(OwnerTable owners, int apexOwner, Findings findings) {
        this.owners = owners;
        this.records = owners.records();
        this.apexOwner = apexOwner;
        this.findings = findings;
    }

    /// Checks one owner; owners must come in ascending order.
    void check(int owner) {
        int start = owners.start(owner);
        int end = owners.end(owner);
        if (end - start < 2) {
            return;
        }
        boolean sound = end - start <= FEW;
        for (int i = start; sound && i < end; i++) {
            sound = records.type(owners.record(i)) != RecordType.CNAME;
            for (int j = start; sound && j < i; j++) {
                sound = goTogether(owners.record(j), owners.record(i));
            }
        }
        if (!sound) {
            check(owner, start, end);
        }
    }

    /// Returns the indexes of the records that must not be served, ascending: other spellings of an
    /// earlier record, and records that a lenient policy leaves out.
    int[] dropped() {
        return Arrays.copyOf(dropped, dropCount);
    }

    private void drop(int place) {
        if (dropCount == dropped.length) {
            dropped = Arrays.copyOf(dropped, Math.max(8, 2 * dropCount));
        }
        dropped[dropCount++] = place;
    }

    private boolean goTogether(int a, int b) {
        int type = records.type(a);
        return type != records.type(b)
                || (!isSingle(type)
                        && (type == RecordType.RRSIG
                                || records.ttlSeconds(a) == records.ttlSeconds(b))
                        && !records.sameRdata(a, b));
    }

    private void check(int owner, int start, int end) {
        Map<Integer, Integer> firsts = new HashMap<>();
        Map<Data, Integer> seen = new HashMap<>();
        Set<Integer> mixedTtls = new HashSet<>();
        for (int i = start; i < end; i++) {
            int record = owners.record(i);
            int type = records.type(record);
            Integer first = firsts.putIfAbsent(type, record);
            Data data = new Data(type, records.canonicalRdata(record));
            Integer same = seen.putIfAbsent(data, record);
            if (same != null) {
                twice(i, same, isSingle(type) && !same.equals(first));
            } else if (first != null && isSingle(type)) {
                second(owner, i, first);
            }
            // An RRSIG record has the TTL of the set that it covers (RFC 4034 section 3).
            if (first != null
                    && type != RecordType.RRSIG
                    && records.ttlSeconds(record) != records.ttlSeconds(first)
                    && mixedTtls.add(type)) {
                differentTtl(first, record);
            }
        }
        if (firsts.containsKey(RecordType.CNAME)) {
            besideCname(owner, firsts);
        }
    }

    /// A map key for a record's data; arrays themselves compare by identity.
    private record Data(int type, byte[] rdata) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Data data
                    && type == data.type
                    && Arrays.equals(rdata, data.rdata);
        }

        @Override
        public int hashCode() {
            return 31 * type + Arrays.hashCode(rdata);
        }
    }

    /// Handles a duplicate (RFC 2181 section 5), in which the case of names may differ (RFC 4343).
    /// The first spelling is kept.
    ///
    /// @param isLeftOut whether the first spelling is not served either
    private void twice(int place, int first, boolean isLeftOut) {
        int record = owners.record(place);
        findings.warning(
                record,
                () -> "this record is already there, at %s".formatted(findings.position(first)));
        if (records.compareRdata(first, record) != 0) {
            records.limitTtl(first, records.ttlSeconds(record));
            drop(place);
        } else if (isLeftOut) {
            drop(place);
        }
    }

    private void second(int owner, int place, int first) {
        int record = owners.record(place);
        String text =
                "%s has a second %s record: the first one is at %s"
                        .formatted(
                                owners.name(owner),
                                RecordType.name(records.type(record)),
                                findings.position(first));
        if (owner == apexOwner && records.type(record) == RecordType.SOA) {
            // With two SOA records, the version of the zone is unknown.
            findings.error(record, () -> text);
        } else {
            findings.contradiction(record, () -> text);
            drop(place);
        }
    }

    private void differentTtl(int first, int other) {
        findings.warning(
                other,
                () ->
                        "TTL %d differs from %d at %s: the whole record set is served with the lowest (RFC 2181)"
                                .formatted(
                                        records.ttlSeconds(other),
                                        records.ttlSeconds(first),
                                        findings.position(first)));
    }

    private void besideCname(int owner, Map<Integer, Integer> firsts) {
        if (owner == apexOwner) {
            findings.contradiction(
                    firsts.getOrDefault(RecordType.CNAME, OwnerTable.NONE),
                    () ->
                            "the zone's name %s has SOA and NS records and cannot be a CNAME: write the addresses there"
                                    .formatted(owners.name(owner)));
            return;
        }
        for (var entry : firsts.entrySet()) {
            if (!BESIDE_CNAME.contains(entry.getKey())) {
                findings.contradiction(
                        entry.getValue(),
                        () ->
                                "%s is a CNAME, which allows no %s beside it: remove one of the two"
                                        .formatted(
                                                owners.name(owner),
                                                RecordType.name(entry.getKey())));
            }
        }
    }

    private static boolean isSingle(int type) {
        return type == RecordType.CNAME || type == RecordType.DNAME || type == RecordType.SOA;
    }
}
