package org.anycastdns.server.zone.change;

import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Records;

/// Reads all records of a zone out of its image, as they are served: with the TTL of their record
/// set, and without those that no answer has.
public final class ServedRecords {

    private ServedRecords() {}

    /// Returns the records of a zone, the SOA record among them; none if it is not available.
    ///
    /// @throws IllegalStateException if the memory of the zone was freed meanwhile
    public static Records of(Zone zone) {
        Records records = new Records();
        if (zone.available()) {
            new NodeRecords(zone, GivenForm.OF_IMAGE)
                    .forEach(_ -> false, record -> records.add(record, 0));
        }
        return records;
    }
}
