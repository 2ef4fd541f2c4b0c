package org.anycastdns.server.zonefile;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ResourceRecord;

/// Checks a zone as a whole.
final class ZoneCheck {

    private final Name apex;
    private final Records records;
    private final Problems problems;

    ZoneCheck(Name apex, Records records, Problems problems) {
        this.apex = apex;
        this.records = records;
        this.problems = problems;
    }

    /// Reports what is wrong.
    void run() {
        boolean soa = false;
        for (ResourceRecord record : records.list()) {
            soa |= record.type() == RecordType.SOA && record.owner().equals(apex);
        }
        if (!soa && !problems.hasErrors()) {
            problems.error(
                    new Position(records.files().getFirst(), 1, 1),
                    "zone %s has no SOA record".formatted(apex));
        }
    }
}
