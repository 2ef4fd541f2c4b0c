package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// All records of a zone as objects, sorted by owner. A change costs what it changes; the memory is
/// some 400 octets for each record. Used by one thread.
public final class ZoneContent implements ZoneView {

    private record RecordKey(int type, ByteBuffer data) {
        private static RecordKey of(ResourceRecord record) {
            return new RecordKey(record.type(), RecordData.of(record));
        }
    }

    private final TreeMap<Name, Map<RecordKey, ResourceRecord>> names = new TreeMap<>();
    private SoaRecord soa;
    private long recordCount;
    private long octets;

    /// Takes the records of a zone. Of two that are the same the first stays.
    ///
    /// @param records all records; not changed
    /// @param soa the SOA record among them
    public ZoneContent(Records records, SoaRecord soa) {
        this.soa = soa;
        records.list().forEach(this::add);
    }

    private void add(ResourceRecord record) {
        boolean isNew =
                names.computeIfAbsent(record.owner(), _ -> new LinkedHashMap<>())
                                .putIfAbsent(RecordKey.of(record), record)
                        == null;
        count(record, isNew ? 1 : 0);
    }

    private void remove(ResourceRecord record) {
        Map<RecordKey, ResourceRecord> name = names.getOrDefault(record.owner(), Map.of());
        ResourceRecord removed = name.isEmpty() ? null : name.remove(RecordKey.of(record));
        if (removed != null) {
            count(removed, -1);
            Object _ = name.isEmpty() ? names.remove(record.owner()) : null;
        }
    }

    private void count(ResourceRecord record, int sign) {
        recordCount += sign;
        octets += (long) sign * RecordData.octets(record);
    }

    /// Carries out a change that {@link ZoneUpdates} made of this version.
    ///
    /// @throws IllegalArgumentException if the change begins at another serial
    public void apply(IxfrStep step) {
        if (step.from().serial() != soa.serial()) {
            throw new IllegalArgumentException(
                    "a step from serial %s, but the zone is at %s"
                            .formatted(
                                    Integer.toUnsignedString(step.from().serial()),
                                    Integer.toUnsignedString(soa.serial())));
        }
        step.deletes().list().forEach(this::remove);
        remove(soa.record());
        soa = step.to();
        add(soa.record());
        step.adds().list().forEach(this::add);
    }

    /// Returns all records, sorted by owner.
    public Records records() {
        Records all = new Records();
        names.values().forEach(name -> name.values().forEach(record -> all.add(record, 0)));
        return all;
    }

    @Override
    public SoaRecord soa() {
        return soa;
    }

    @Override
    public List<ResourceRecord> records(Name owner) {
        return List.copyOf(names.getOrDefault(owner, Map.of()).values());
    }

    @Override
    public List<ResourceRecord> set(Name owner, int type) {
        return names.getOrDefault(owner, Map.of()).values().stream()
                .filter(record -> record.type() == type)
                .toList();
    }

    @Override
    public boolean hasBelow(Name name, Set<Name> except) {
        for (Name below : names.tailMap(name, false).keySet()) {
            if (!below.isAtOrBelow(name)) {
                return false;
            }
            if (!except.contains(below)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long recordCount() {
        return recordCount;
    }

    @Override
    public long octets() {
        return octets;
    }
}
