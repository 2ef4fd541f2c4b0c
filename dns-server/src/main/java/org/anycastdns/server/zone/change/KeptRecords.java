package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// What the image of a zone loses of the records that it was built from. An image drops signatures
/// without a record set, duplicates, and NSEC3 records of a second chain. It gives a set one TTL,
/// lowers those of NSEC and NSEC3, and spells a name one way. The records of an owner are kept here
/// if reading them out of the image gives anything else, whatever the cause.
///
/// @param form what all records of the chain have in common
/// @param owners all records of owners for which the image of the base is not enough; not modified
/// @param respelled whether a name of the zone is spelled in several ways. Then it depends on all
///   records how the image spells it.
/// @param released the numbers of owners for which the image is enough since they changed
record KeptRecords(GivenForm form, Map<Name, Kept> owners, boolean respelled, IntTable released) {

    /// The records of an owner.
    ///
    /// @param number identifies the owner
    record Kept(int number, List<ResourceRecord> records) {}

    /// Compares the records of a zone with its image.
    ///
    /// @param given the records, after the image was built from them
    static KeptRecords of(OwnerTable given, Zone zone) {
        GivenForm form = form(given, zone);
        NodeRecords image = new NodeRecords(zone, form);
        Map<Name, Kept> owners = new HashMap<>();
        boolean respelled = false;
        for (int owner = 0; owner < given.withRecords(); owner++) {
            List<ResourceRecord> records = new ArrayList<>();
            for (int i = given.start(owner); i < given.end(owner); i++) {
                records.add(given.records().record(given.record(i)));
            }
            records.sort(OwnerRecords.ORDER);
            Name name = given.name(owner);
            if (!OwnerRecords.same(records, image.at(name))) {
                owners.put(name, new Kept(owners.size(), List.copyOf(records)));
                respelled |= isRespelled(records, image);
            }
        }
        return new KeptRecords(form, owners, respelled, IntTable.EMPTY);
    }

    private static boolean isRespelled(List<ResourceRecord> given, NodeRecords image) {
        int node = image.find(given.getFirst().owner());
        if (node == Zone.NONE) {
            return false;
        }
        byte[] spelled = image.name(node).wire();
        return given.stream().anyMatch(each -> !Arrays.equals(each.owner().wire(), spelled));
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

    /// Returns the records of an owner, or null if the image has them.
    @Nullable List<ResourceRecord> of(Name owner) {
        Kept kept = owners.get(owner);
        return kept == null || isReleased(kept) ? null : kept.records;
    }

    private boolean isReleased(Kept kept) {
        return released.get(kept.number, 0) != 0;
    }

    /// Gives all records that are kept.
    void forEach(Consumer<ResourceRecord> to) {
        for (Kept kept : owners.values()) {
            if (!isReleased(kept)) {
                kept.records.forEach(to);
            }
        }
    }

    /// Returns what is kept when the image is enough for some owners from now on.
    KeptRecords without(Collection<Name> others) {
        if (others.stream().noneMatch(owners::containsKey)) {
            return this;
        }
        IntTable next = released.copy();
        for (Name name : others) {
            Kept kept = owners.get(name);
            if (kept != null) {
                next.put(kept.number, 1);
            }
        }
        return new KeptRecords(form, owners, respelled, next);
    }
}
