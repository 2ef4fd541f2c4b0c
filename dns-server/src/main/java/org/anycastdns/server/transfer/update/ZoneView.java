package org.anycastdns.server.transfer.update;

import java.util.List;
import java.util.Set;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.ResourceRecord;

/// One version of a zone, as an UPDATE needs to see it. Nothing that it returns may be modified.
///
/// A name is in use if it owns a record. Empty non-terminals and names that only a wildcard matches
/// are not in use (RFC 2136 section 2.4.4).
public interface ZoneView {

    /// Returns the SOA record. Its owner is the name of the zone.
    SoaRecord soa();

    /// Returns all records of a name, the SOA record too; empty if the name is not in use.
    List<ResourceRecord> records(Name owner);

    /// Returns a record set; empty if there is none.
    ///
    /// @param type a type of records, not a meta type
    List<ResourceRecord> set(Name owner, int type);

    /// Returns whether names below a name are in use, besides some.
    ///
    /// @param except names that do not count
    boolean hasBelow(Name name, Set<Name> except);

    /// Returns the number of records.
    long recordCount();

    /// Returns the octets of all records, each with its owner and without compression.
    long octets();
}
