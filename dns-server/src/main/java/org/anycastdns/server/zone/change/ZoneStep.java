package org.anycastdns.server.zone.change;

import java.util.List;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The difference between a version of a zone and the next one, as an IXFR sends it (RFC 1995
/// section 4): first all records to delete, then all to add, both with the SOA record.
///
/// @param deletes the TTL of a record to delete does not count
/// @param adds in uncompressed form
public record ZoneStep(List<ResourceRecord> deletes, List<ResourceRecord> adds) {

    public ZoneStep {
        deletes = List.copyOf(deletes);
        adds = List.copyOf(adds);
    }
}
