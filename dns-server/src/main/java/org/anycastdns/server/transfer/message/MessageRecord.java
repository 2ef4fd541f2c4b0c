package org.anycastdns.server.transfer.message;

import java.nio.ByteBuffer;
import java.util.List;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;

/// A record of a message: of any class, and also OPT, TSIG and the forms of UPDATE.
///
/// @param type 0 to 65535
/// @param recordClass 0 to 65535; for OPT the UDP size
/// @param ttl 32 bits as they are in the message; for OPT flags
/// @param rdata uncompressed, at most 65,535 octets, valid for the type if the class is IN; shared,
///   must not be modified
public record MessageRecord(Name owner, int type, int recordClass, int ttl, byte[] rdata) {

    /// The text of longer data is cut off: it comes from outside, and goes into lines of the log.
    private static final int DATA_TEXT_MAX = 200;

    /// Returns a record of a zone as a record of a message.
    public static MessageRecord of(ResourceRecord record) {
        return new MessageRecord(
                record.owner(), record.type(), RecordClass.IN, record.ttlSeconds(), record.rdata());
    }

    /// Returns the TTL in seconds; one with the highest bit set counts as 0 (RFC 2181 section 8).
    public int ttlSeconds() {
        return Math.max(ttl, 0);
    }

    /// Returns this record as a record of a zone.
    ///
    /// @throws IllegalArgumentException if the type is 0
    public ResourceRecord zoneRecord() {
        return new ResourceRecord(owner, type, ttlSeconds(), rdata);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageRecord that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<Object> values() {
        return List.of(owner, type, recordClass, ttl, ByteBuffer.wrap(rdata));
    }

    /// Returns the record for a person to read; the text of long data is cut off.
    @Override
    public String toString() {
        String data = Rdata.text(type, rdata, 0, rdata.length);
        return "%s %d CLASS%d %s %s"
                .formatted(
                        owner,
                        Integer.toUnsignedLong(ttl),
                        recordClass,
                        RecordType.name(type),
                        data.length() <= DATA_TEXT_MAX
                                ? data
                                : data.substring(0, DATA_TEXT_MAX) + "...");
    }
}
