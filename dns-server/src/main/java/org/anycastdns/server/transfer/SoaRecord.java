package org.anycastdns.server.transfer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The SOA record of a zone (RFC 1035 section 3.3.13).
///
/// @param record the record as the primary gave it
public record SoaRecord(ResourceRecord record) {

    public SoaRecord {
        if (record.type() != RecordType.SOA) {
            throw new IllegalArgumentException("no SOA record: " + record);
        }
    }

    /// Returns SERIAL, an unsigned number in an int.
    public int serial() {
        return SoaFields.serial(record.rdata());
    }

    /// Returns this record with another serial.
    ///
    /// @param serial an unsigned number in an int
    public SoaRecord withSerial(int serial) {
        byte[] rdata = record.rdata().clone();
        ByteBuffer.wrap(rdata).putInt(rdata.length - SoaFields.OCTETS, serial);
        return new SoaRecord(
                new ResourceRecord(record.owner(), record.type(), record.ttlSeconds(), rdata));
    }

    /// Returns REFRESH in seconds.
    public long refreshSeconds() {
        return field(1);
    }

    /// Returns RETRY in seconds.
    public long retrySeconds() {
        return field(2);
    }

    /// Returns EXPIRE in seconds.
    public long expireSeconds() {
        return field(3);
    }

    private long field(int index) {
        byte[] rdata = record.rdata();
        int at = rdata.length - SoaFields.OCTETS + Integer.BYTES * index;
        return Integer.toUnsignedLong(ByteBuffer.wrap(rdata).getInt(at));
    }

    /// Returns whether two records say the same. The TTL and the case of names do not count.
    boolean saysSameAs(SoaRecord other) {
        return record.owner().equals(other.record.owner())
                && Arrays.equals(canonical(), other.canonical());
    }

    private byte[] canonical() {
        byte[] rdata = record.rdata().clone();
        Rdata.canonical(RecordType.SOA, rdata, 0, rdata.length);
        return rdata;
    }
}
