package org.anycastdns.server.zonefile.check;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.RrsigFields;

/// The records of the zone that is checked, with the questions that several checks ask about them.
///
/// @param apexOwner owner of the apex, or {@link OwnerTable#NONE}
/// @param complete whether all text could be read. If not, missing records are not reported: they
///   may be in a record that could not be read.
record ZoneRecords(Name apex, OwnerTable owners, int apexOwner, boolean complete) {

    Records records() {
        return owners.records();
    }

    /// Returns the same records for one of several threads.
    ZoneRecords reader(int readers) {
        return new ZoneRecords(apex, owners.reader(readers), apexOwner, complete);
    }

    /// Returns the records of a type at an owner.
    List<Integer> at(int owner, int type) {
        List<Integer> found = new ArrayList<>();
        if (owner != OwnerTable.NONE) {
            for (int i = owners.start(owner); i < owners.end(owner); i++) {
                if (records().type(owners.record(i)) == type) {
                    found.add(owners.record(i));
                }
            }
        }
        return found;
    }

    /// Returns whether there is an owner and it has a type.
    boolean has(int owner, int type) {
        return owner != OwnerTable.NONE && owners.has(owner, type);
    }

    boolean hasAddress(int owner) {
        return has(owner, RecordType.A) || has(owner, RecordType.AAAA);
    }

    static boolean isAddress(int type) {
        return type == RecordType.A || type == RecordType.AAAA;
    }

    /// Returns the type that an RRSIG record covers.
    int covered(int record) {
        return RrsigFields.covered(records().octets(record), records().rdataOffset(record));
    }
}
