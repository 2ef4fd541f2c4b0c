package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
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
        Map<Name, List<ResourceRecord>> before = new TreeMap<>();
        Map<Name, List<ResourceRecord>> after = new TreeMap<>();
        int outside = 0;
        for (int i = 0; i < steps.size(); i++) {
            for (ResourceRecord record : steps.get(i).deletes()) {
                if (!record.owner().isAtOrBelow(zone.zone().apex())) {
                    outside++;
                } else if (!remove(records(zone, record.owner(), before, after), record)) {
                    throw new DivergedException(i + 1, record, "delete is not in the zone");
                }
            }
            for (ResourceRecord record : steps.get(i).adds()) {
                if (!record.owner().isAtOrBelow(zone.zone().apex())) {
                    outside++;
                    continue;
                }
                List<ResourceRecord> present = records(zone, record.owner(), before, after);
                if (present.stream().anyMatch(each -> same(each, record))) {
                    throw new DivergedException(i + 1, record, "add is in the zone already");
                }
                present.add(record);
            }
        }
        List<OwnerRecords> owners = new ArrayList<>();
        before.forEach((owner, records) -> {
            OwnerRecords each =
                    new OwnerRecords(owner, records, after.getOrDefault(owner, List.of()));
            if (!OwnerRecords.same(each.before(), each.after())) {
                owners.add(each);
            }
        });
        return new ZoneChange(List.copyOf(owners), outside);
    }

    private static List<ResourceRecord> records(
            ChangingZone zone,
            Name owner,
            Map<Name, List<ResourceRecord>> before,
            Map<Name, List<ResourceRecord>> after) {
        List<ResourceRecord> was = before.computeIfAbsent(owner, zone::at);
        return after.computeIfAbsent(owner, _ -> new ArrayList<>(was));
    }

    private static boolean remove(List<ResourceRecord> records, ResourceRecord record) {
        boolean removed = false;
        for (Iterator<ResourceRecord> each = records.iterator(); each.hasNext(); ) {
            if (same(each.next(), record)) {
                each.remove();
                removed = true;
            }
        }
        return removed;
    }

    private static boolean same(ResourceRecord one, ResourceRecord other) {
        return one.type() == other.type()
                && one.rdata().length == other.rdata().length
                && (Arrays.equals(one.rdata(), other.rdata())
                        || Arrays.equals(canonical(one), canonical(other)));
    }

    private static byte[] canonical(ResourceRecord record) {
        byte[] rdata = record.rdata().clone();
        Rdata.canonical(record.type(), rdata, 0, rdata.length);
        return rdata;
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
