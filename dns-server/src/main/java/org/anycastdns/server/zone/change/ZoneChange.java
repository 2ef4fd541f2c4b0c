package org.anycastdns.server.zone.change;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The net result of one or more steps of versions on a zone: for each owner that they touch, its
/// records before and after. Each step was checked against the result of the one before.
public final class ZoneChange {

    private final List<OwnerRecords> owners;
    private final int outside;

    private ZoneChange(List<OwnerRecords> owners, int outside) {
        this.owners = owners;
        this.outside = outside;
    }

    /// Folds steps into one change. Records outside the zone are left out and counted. Within a
    /// step, deletes come before adds, so that a record can be deleted and added with another TTL.
    ///
    /// @param zone the zone before the first step
    /// @throws DivergedException if a step deletes what is not there or adds what is; records are
    ///   equal when owner, type and canonical RDATA are
    public static ZoneChange of(ChangingZone zone, List<ZoneStep> steps) throws DivergedException {
        Versions versions = new Versions(zone);
        for (int i = 0; i < steps.size(); i++) {
            for (ResourceRecord record : steps.get(i).deletes()) {
                if (!versions.delete(record)) {
                    throw new DivergedException(i + 1, record, "delete is not in the zone");
                }
            }
            for (ResourceRecord record : steps.get(i).adds()) {
                if (!versions.add(record)) {
                    throw new DivergedException(i + 1, record, "add is in the zone already");
                }
            }
        }
        return new ZoneChange(versions.owners(), versions.outside);
    }

    /// Returns the net result of changes that follow each other.
    static ZoneChange sum(List<ZoneChange> changes) {
        TreeMap<Name, OwnerRecords> owners = new TreeMap<>();
        int outside = 0;
        for (ZoneChange change : changes) {
            outside += change.outside;
            for (OwnerRecords each : change.owners) {
                owners.merge(
                        each.owner(),
                        each,
                        (first, last) ->
                                new OwnerRecords(first.owner(), first.before(), last.after()));
            }
        }
        owners.values().removeIf(each -> OwnerRecords.same(each.before(), each.after()));
        return new ZoneChange(List.copyOf(owners.values()), outside);
    }

    /// The records of the touched owners before the first step and after the last one so far.
    private static final class Versions {
        private final ChangingZone zone;
        private final NodeRecords reader;
        private final TreeMap<Name, List<ResourceRecord>> before = new TreeMap<>();
        private final Map<Name, Map<Key, List<ResourceRecord>>> after = new HashMap<>();
        private int outside;

        /// What tells the records of an owner apart (RFC 2136 section 1.1).
        private record Key(int type, ByteBuffer canonical) {

            private static Key of(ResourceRecord record) {
                byte[] rdata = record.rdata().clone();
                Rdata.canonical(record.type(), rdata, 0, rdata.length);
                return new Key(record.type(), ByteBuffer.wrap(rdata));
            }
        }

        private Versions(ChangingZone zone) {
            this.zone = zone;
            reader = zone.reader();
        }

        private Map<Key, List<ResourceRecord>> of(Name owner) {
            return after.computeIfAbsent(
                    owner,
                    _ -> {
                        List<ResourceRecord> records = zone.at(owner, reader);
                        before.put(owner, records);
                        Map<Key, List<ResourceRecord>> byKey = new HashMap<>();
                        // What was given twice is deleted as one.
                        for (ResourceRecord record : records) {
                            byKey.computeIfAbsent(Key.of(record), _ -> new ArrayList<>())
                                    .add(record);
                        }
                        return byKey;
                    });
        }

        /// Returns whether a record is at or below the apex; counts those that are not.
        private boolean isWithin(ResourceRecord record) {
            boolean within = record.owner().isAtOrBelow(zone.zone().apex());
            outside += within ? 0 : 1;
            return within;
        }

        private boolean delete(ResourceRecord record) {
            return !isWithin(record) || of(record.owner()).remove(Key.of(record)) != null;
        }

        private boolean add(ResourceRecord record) {
            return !isWithin(record)
                    || of(record.owner()).putIfAbsent(Key.of(record), List.of(record)) == null;
        }

        private List<OwnerRecords> owners() {
            List<OwnerRecords> owners = new ArrayList<>();
            before.forEach((owner, records) -> {
                List<ResourceRecord> left = new ArrayList<>();
                of(owner).values().forEach(left::addAll);
                OwnerRecords each = new OwnerRecords(owner, records, left);
                if (!OwnerRecords.same(each.before(), each.after())) {
                    owners.add(each);
                }
            });
            return List.copyOf(owners);
        }
    }

    /// Returns the touched owners in canonical order.
    List<OwnerRecords> owners() {
        return owners;
    }

    /// Returns whether the steps cancel each other out.
    public boolean isEmpty() {
        return owners.isEmpty();
    }

    /// Returns the number of records in the steps that were left out because they are not at or
    /// below the apex.
    public int outside() {
        return outside;
    }

    /// Returns the number of names whose records change.
    public int size() {
        return owners.size();
    }
}
