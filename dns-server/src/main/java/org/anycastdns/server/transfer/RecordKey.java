package org.anycastdns.server.transfer;

import java.nio.ByteBuffer;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.ResourceRecord;

/// What makes two records of a zone the same: owner, type and RDATA. TTLs and the case of names do
/// not count (RFC 2136 section 1.1).
///
/// @param canonical the RDATA in canonical form; must not be modified
public record RecordKey(Name owner, int type, ByteBuffer canonical) {

    /// Returns the key of a record.
    public static RecordKey of(ResourceRecord record) {
        byte[] rdata = record.rdata().clone();
        Rdata.canonical(record.type(), rdata, 0, rdata.length);
        return new RecordKey(record.owner(), record.type(), ByteBuffer.wrap(rdata));
    }
}
