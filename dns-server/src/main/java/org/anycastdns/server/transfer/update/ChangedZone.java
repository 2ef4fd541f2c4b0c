package org.anycastdns.server.transfer.update;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// The names that an update touches, copied from the zone and changed record by record in the order
/// of the message (RFC 2136 section 3.4.2.7). The prescan has let the records pass.
final class ChangedZone {

    private final ZoneView zone;
    private final Name apex;
    private final Map<Name, ChangedName> names = new LinkedHashMap<>();
    private SoaRecord soa;

    ChangedZone(ZoneView zone) {
        this.zone = zone;
        this.soa = zone.soa();
        this.apex = soa.record().owner();
    }

    /// Carries out one record of the update section.
    void on(MessageRecord record) {
        if (record.type() == RecordType.SOA) {
            onSoa(record);
            return;
        }
        ChangedName name = name(record.owner());
        switch (record.recordClass()) {
            case RecordClass.NONE -> name.delete(record.type(), RecordData.of(record));
            case RecordClass.ANY -> {
                if (record.type() == RecordType.ANY) {
                    name.deleteAll();
                } else {
                    name.deleteSet(record.type());
                }
            }
            default -> name.add(record.zoneRecord());
        }
    }

    /// The SOA record is never deleted, and replaced only by a newer one (RFC 2136 sections 3.4.2.2
    /// to 3.4.2.4). Two leaps of one message together must not lead behind the zone: secondaries
    /// would not follow.
    private void onSoa(MessageRecord record) {
        if (record.recordClass() == RecordClass.IN && record.owner().equals(apex)) {
            SoaRecord theirs = new SoaRecord(record.zoneRecord());
            soa = isNewer(theirs, soa) && isNewer(theirs, zone.soa()) ? theirs : soa;
        }
    }

    private static boolean isNewer(SoaRecord a, SoaRecord b) {
        return SerialOrder.of(a.serial(), b.serial()) == SerialOrder.NEWER;
    }

    private ChangedName name(Name owner) {
        return names.computeIfAbsent(
                owner, _ -> new ChangedName(owner, owner.equals(apex), zone.records(owner)));
    }

    /// Returns the names that the update mentions.
    Map<Name, ChangedName> names() {
        return names;
    }

    /// Returns the records of a set as they are now, also of a name that the update does not
    /// mention.
    List<ResourceRecord> records(Name owner, int type) {
        ChangedName name = names.get(owner);
        return name == null ? zone.set(owner, type) : name.records(type);
    }

    /// Returns the zone before.
    ZoneView before() {
        return zone;
    }

    /// Returns the net change; null if nothing changed.
    @Nullable IxfrStep step(SerialPolicy serials, long epochSeconds) {
        Records deletes = new Records();
        Records adds = new Records();
        for (ChangedName name : names.values()) {
            name.deletes().forEach(record -> deletes.add(record, 0));
            name.adds().forEach(record -> adds.add(record, 0));
        }
        SoaRecord from = zone.soa();
        if (soa.serial() != from.serial()) {
            return new IxfrStep(from, deletes, soa, adds);
        }
        if (deletes.size() == 0 && adds.size() == 0) {
            return null;
        }
        int serial = serials.next(from.serial(), epochSeconds);
        return new IxfrStep(from, deletes, from.withSerial(serial), adds);
    }
}
