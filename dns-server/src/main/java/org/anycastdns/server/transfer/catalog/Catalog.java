package org.anycastdns.server.transfer.catalog;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;

/// What the records of a catalog zone say (RFC 9432). Unknown properties, other types and names are
/// ignored (section 3), and so are TTLs.
public sealed interface Catalog {

    /// The members, in the order of the records.
    record Sound(List<CatalogMember> members) implements Catalog {

        public Sound {
            members = List.copyOf(members);
        }
    }

    /// A catalog that must not be processed (section 5.1).
    ///
    /// @param reason for the operator, with the record
    record Broken(String reason) implements Catalog {}

    /// Reads a catalog zone.
    ///
    /// @param apex name of the catalog zone
    /// @param records all records of the zone; not changed
    static Catalog read(Name apex, Records records) {
        return CatalogRecords.of(apex, records).content();
    }
}
