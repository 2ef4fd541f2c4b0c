package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The data of a record by which records of one set are told apart. TTLs and the case of names do
/// not count (RFC 2136 section 1.1).
final class RecordData {

    /// TYPE, CLASS, TTL and RDLENGTH of a record in octets.
    private static final int FIXED_OCTETS = 10;

    private RecordData() {}

    /// Returns RDATA in canonical form, as a key for maps.
    static ByteBuffer of(int type, byte[] rdata) {
        byte[] canonical = rdata.clone();
        Rdata.canonical(type, canonical, 0, canonical.length);
        return ByteBuffer.wrap(canonical);
    }

    static ByteBuffer of(ResourceRecord record) {
        return of(record.type(), record.rdata());
    }

    static ByteBuffer of(MessageRecord record) {
        return of(record.type(), record.rdata());
    }

    /// Returns the octets of a record without compression.
    static int octets(ResourceRecord record) {
        return record.owner().length() + FIXED_OCTETS + record.rdata().length;
    }

    /// Returns a record of an update for the operator.
    static String text(MessageRecord record) {
        String of = "%s %s".formatted(record.owner(), RecordType.name(record.type()));
        return switch (record.recordClass()) {
            case RecordClass.ANY -> of + " of class ANY";
            case RecordClass.NONE -> of + " of class NONE";
            default -> of;
        };
    }
}
