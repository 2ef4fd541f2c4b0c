package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.ResourceRecord;

/// What the image of a zone loses of the records that it was built from. An image drops signatures
/// without a record set, duplicates, and NSEC3 records of a second chain. It gives a set one TTL,
/// lowers those of NSEC and NSEC3, and spells a name one way. The records of an owner are kept here
/// if reading them out of the image gives anything else, whatever the cause.
///
/// @param form what all records of the chain have in common
/// @param owners all records of owners for which the image is not enough; must not be modified
record KeptRecords(GivenForm form, Map<Name, List<ResourceRecord>> owners) {

    /// Compares the records of a zone with its image.
    ///
    /// @param given the records, after the image was built from them
    static KeptRecords of(OwnerTable given, Zone zone) {
        GivenForm form = form(given, zone);
        NodeRecords image = new NodeRecords(zone, form);
        Map<Name, List<ResourceRecord>> owners = new HashMap<>();
        for (int owner = 0; owner < given.withRecords(); owner++) {
            List<ResourceRecord> records = new ArrayList<>();
            for (int i = given.start(owner); i < given.end(owner); i++) {
                records.add(given.records().record(given.record(i)));
            }
            records.sort(OwnerRecords.ORDER);
            Name name = given.name(owner);
            if (!OwnerRecords.same(records, image.at(name))) {
                owners.put(name, List.copyOf(records));
            }
        }
        return new KeptRecords(form, owners);
    }

    /// Returns the form that the first record of the chain has, probably that of all.
    private static GivenForm form(OwnerTable given, Zone zone) {
        int type =
                switch (zone.denial()) {
                    case UNSIGNED -> 0;
                    case NSEC -> RecordType.NSEC;
                    case NSEC3 -> RecordType.NSEC3;
                };
        int[] records = type == 0 ? new int[0] : given.records().all(type);
        if (records.length == 0) {
            return GivenForm.OF_IMAGE;
        }
        ResourceRecord first = given.records().record(records[0]);
        boolean lowered = first.ttlSeconds() > zone.sets().ttlSeconds(zone.negativeSoa());
        boolean upper = false;
        byte[] owner = first.owner().wire();
        for (int i = 1; type == RecordType.NSEC3 && i <= owner[0]; i++) {
            upper |= owner[i] >= 'A' && owner[i] <= 'Z';
        }
        return new GivenForm(lowered ? first.ttlSeconds() : -1, upper);
    }

    /// Returns the records of owners that are not among some others, for which the image is enough
    /// from now on.
    KeptRecords without(Collection<Name> others) {
        if (others.stream().noneMatch(owners::containsKey)) {
            return this;
        }
        Map<Name, List<ResourceRecord>> left = new HashMap<>(owners);
        left.keySet().removeAll(others);
        return new KeptRecords(form, left);
    }
}
