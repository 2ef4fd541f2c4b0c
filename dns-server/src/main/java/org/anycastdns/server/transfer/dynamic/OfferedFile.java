package org.anycastdns.server.transfer.dynamic;

import java.nio.file.Path;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;

/// A good version of the file of a zone.
///
/// @param file its path, for messages
/// @param soa its SOA record
/// @param records all records
record OfferedFile(Path file, SoaRecord soa, Records records) {

    static OfferedFile of(Path file, Records records) {
        return new OfferedFile(file, soa(records), records);
    }

    /// Returns the SOA record of a zone.
    static SoaRecord soa(Records records) {
        return new SoaRecord(records.record(records.all(RecordType.SOA)[0]));
    }
}
