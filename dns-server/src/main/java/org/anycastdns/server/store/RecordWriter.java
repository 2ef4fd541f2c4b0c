package org.anycastdns.server.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Writes records without loss, in the order in which they are given. {@link RecordReader} reads
/// them.
///
/// ```
///   record  owner in wire form, or 255 for the owner before | type 2 | TTL 4 | octets 2 | RDATA
///   whole   number of records 4 | SOA record | the other records
///   change  SOA record after | SOA record before | deletes 4 | adds 4 | deletes | adds
///   timers  nothing, or seconds since 1970 8 | expire 8
/// ```
final class RecordWriter {

    /// Stands for the owner of the record before; no name begins so.
    static final int SAME_OWNER = 0xff;

    private final DataOutputStream out;
    private byte[] owner = {};

    RecordWriter(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    /// Returns a whole zone.
    static byte[] whole(Name zone, SoaRecord soa, Records records) {
        return octets(writer -> writer.writeWhole(zone, soa, records));
    }

    /// Returns the change from one version to the next.
    static byte[] change(IxfrStep step) {
        return octets(writer -> writer.writeChange(step));
    }

    /// Returns timers; those of a zone that has no primary are empty.
    static byte[] timers(ZoneTimers.@Nullable Saved timers) {
        return octets(writer -> {
            if (timers != null) {
                writer.out.writeLong(timers.epochSeconds());
                writer.out.writeLong(timers.expireSeconds());
            }
        });
    }

    /// Returns an SOA record with numbers before it.
    static byte[] snapshot(SnapshotFile file, SoaRecord soa) {
        return octets(writer -> {
            writer.out.writeLong(file.number());
            writer.out.writeLong(file.octets());
            writer.out.writeInt(file.checksum());
            writer.out.writeInt(file.records());
            writer.write(soa.record());
        });
    }

    private interface Content {
        void write(RecordWriter writer) throws IOException;
    }

    private static byte[] octets(Content content) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            content.write(new RecordWriter(octets));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return octets.toByteArray();
    }

    /// Writes a whole zone.
    ///
    /// @return how many records it has
    int writeWhole(Name zone, SoaRecord soa, Records records) throws IOException {
        int soaRecords = 0;
        for (int record : records.all(RecordType.SOA)) {
            soaRecords += records.owner(record).equals(zone) ? 1 : 0;
        }
        int count = records.size() - soaRecords + 1;
        out.writeInt(count);
        write(soa.record());
        for (int i = 0; i < records.size(); i++) {
            int record = records.number(i);
            Name name = records.owner(record);
            if (records.type(record) != RecordType.SOA || !name.equals(zone)) {
                write(records, record, name);
            }
        }
        out.flush();
        return count;
    }

    private void writeChange(IxfrStep step) throws IOException {
        write(step.to().record());
        write(step.from().record());
        out.writeInt(step.deletes().size());
        out.writeInt(step.adds().size());
        write(step.deletes());
        write(step.adds());
    }

    private void write(Records records) throws IOException {
        for (int i = 0; i < records.size(); i++) {
            int record = records.number(i);
            write(records, record, records.owner(record));
        }
    }

    private void write(Records records, int record, Name name) throws IOException {
        head(
                name,
                records.type(record),
                records.givenTtlSeconds(record),
                records.rdataLength(record));
        out.write(records.octets(record), records.rdataOffset(record), records.rdataLength(record));
    }

    private void write(ResourceRecord record) throws IOException {
        head(record.owner(), record.type(), record.ttlSeconds(), record.rdata().length);
        out.write(record.rdata());
    }

    private void head(Name name, int type, int ttlSeconds, int length) throws IOException {
        if (Arrays.equals(owner, name.wire())) {
            out.writeByte(SAME_OWNER);
        } else {
            owner = name.wire();
            out.write(owner);
        }
        out.writeShort(type);
        out.writeInt(ttlSeconds);
        out.writeShort(length);
    }
}
