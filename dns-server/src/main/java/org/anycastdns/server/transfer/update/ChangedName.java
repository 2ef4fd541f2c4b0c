package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The records of one name while an update changes them, without the SOA record (RFC 2136 section
/// 3.4.2). The name keeps the spelling that it had before.
final class ChangedName {

    private static final int WKS = 11;

    /// WKS records with the same ADDRESS and PROTOCOL replace each other (RFC 2136 section
    /// 3.4.2.2).
    private static final int WKS_KEY_OCTETS = 5;

    private final boolean isApex;
    private final Map<Integer, Map<ByteBuffer, ResourceRecord>> before = new LinkedHashMap<>();
    private final Map<Integer, ChangedSet> sets = new LinkedHashMap<>();
    private Name owner;

    /// A record set while it is changed. All its records get the TTL of the last that was added
    /// (RFC 2181 section 5.2); until then each has its own.
    private static final class ChangedSet {
        private final Map<ByteBuffer, ResourceRecord> records;
        private int ttlSeconds = -1;

        private ChangedSet(Map<ByteBuffer, ResourceRecord> records) {
            this.records = new LinkedHashMap<>(records);
        }

        private ResourceRecord timed(ResourceRecord record) {
            return ttlSeconds < 0 || ttlSeconds == record.ttlSeconds()
                    ? record
                    : new ResourceRecord(record.owner(), record.type(), ttlSeconds, record.rdata());
        }
    }

    /// Copies the records of a name.
    ///
    /// @param records all that the name has
    ChangedName(Name owner, boolean isApex, List<ResourceRecord> records) {
        this.owner = records.isEmpty() ? owner : records.getFirst().owner();
        this.isApex = isApex;
        for (ResourceRecord record : records) {
            if (record.type() != RecordType.SOA) {
                ResourceRecord _ =
                        before.computeIfAbsent(record.type(), _ -> new LinkedHashMap<>())
                                .putIfAbsent(RecordData.of(record), record);
            }
        }
        before.forEach((type, set) -> sets.put(type, new ChangedSet(set)));
    }

    /// Returns whether the name owns no record, not even the SOA record.
    boolean isEmpty() {
        return sets.isEmpty() && !isApex;
    }

    /// Returns whether the name has records of a type.
    boolean has(int type) {
        return sets.containsKey(type);
    }

    /// Adds a record that is no SOA record. A CNAME beside other data, and other data beside a
    /// CNAME, is ignored. A record with the same data is replaced (RFC 2136 section 3.4.2.2).
    void add(ResourceRecord record) {
        boolean isCname = record.type() == RecordType.CNAME;
        int cnames = has(RecordType.CNAME) ? 1 : 0;
        if (isCname ? isApex || sets.size() > cnames : cnames > 0) {
            return;
        }
        if (sets.isEmpty() && before.isEmpty() && !isApex) {
            owner = record.owner();
        }
        ChangedSet set = sets.computeIfAbsent(record.type(), _ -> new ChangedSet(Map.of()));
        replaced(set.records, record);
        set.ttlSeconds = record.ttlSeconds();
        set.records.put(
                RecordData.of(record),
                new ResourceRecord(owner, record.type(), record.ttlSeconds(), record.rdata()));
    }

    /// Removes the records that a new one replaces although their data differs: a name has one
    /// CNAME and one DNAME (RFC 2136 section 3.4.2.2, RFC 6672 section 5.2).
    private static void replaced(Map<ByteBuffer, ResourceRecord> records, ResourceRecord record) {
        switch (record.type()) {
            case RecordType.CNAME, RecordType.DNAME -> records.clear();
            case WKS -> {
                boolean _ = records.values().removeIf(other -> isSameService(other, record));
            }
            default -> {}
        }
    }

    private static boolean isSameService(ResourceRecord a, ResourceRecord b) {
        return Arrays.equals(a.rdata(), 0, WKS_KEY_OCTETS, b.rdata(), 0, WKS_KEY_OCTETS);
    }

    /// Deletes a set. The NS records of the apex stay (RFC 2136 section 3.4.2.3).
    void deleteSet(int type) {
        if (!isApex || type != RecordType.NS) {
            ChangedSet _ = sets.remove(type);
        }
    }

    /// Deletes all sets. The NS records of the apex stay (RFC 2136 section 3.4.2.3).
    void deleteAll() {
        boolean _ = sets.keySet().removeIf(type -> !isApex || type != RecordType.NS);
    }

    /// Deletes a record. The last NS record of the apex stays (RFC 2136 section 3.4.2.4).
    void delete(int type, ByteBuffer data) {
        ChangedSet set = sets.get(type);
        if (set == null || (isApex && type == RecordType.NS && set.records.size() == 1)) {
            return;
        }
        ResourceRecord _ = set.records.remove(data);
        if (set.records.isEmpty()) {
            ChangedSet _ = sets.remove(type);
        }
    }

    /// Returns the records of a set as they are now.
    List<ResourceRecord> records(int type) {
        ChangedSet set = sets.get(type);
        return set == null ? List.of() : set.records.values().stream().map(set::timed).toList();
    }

    /// Returns the records that were there before and are not any more, or have another TTL.
    /// Another spelling alone is no change, as in BIND.
    List<ResourceRecord> deletes() {
        return difference(before, now());
    }

    /// Returns the records that were not there before, or had another TTL.
    List<ResourceRecord> adds() {
        return difference(now(), before);
    }

    private Map<Integer, Map<ByteBuffer, ResourceRecord>> now() {
        Map<Integer, Map<ByteBuffer, ResourceRecord>> now = new LinkedHashMap<>();
        sets.forEach((type, set) -> {
            Map<ByteBuffer, ResourceRecord> records = new LinkedHashMap<>();
            set.records.forEach((data, record) -> records.put(data, set.timed(record)));
            now.put(type, records);
        });
        return now;
    }

    private static List<ResourceRecord> difference(
            Map<Integer, Map<ByteBuffer, ResourceRecord>> all,
            Map<Integer, Map<ByteBuffer, ResourceRecord>> without) {
        List<ResourceRecord> rest = new ArrayList<>();
        all.forEach((type, set) -> {
            Map<ByteBuffer, ResourceRecord> others = without.getOrDefault(type, Map.of());
            set.forEach((data, record) -> {
                ResourceRecord other = others.get(data);
                if (other == null || other.ttlSeconds() != record.ttlSeconds()) {
                    rest.add(record);
                }
            });
        });
        return rest;
    }
}
