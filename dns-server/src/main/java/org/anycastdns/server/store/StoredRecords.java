package org.anycastdns.server.store;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Reads what {@link RecordWriter} writes. Octets that are something else are refused with a {@link
/// DamagedException}. Memory grows only with octets that were read.
final class StoredRecords {

    private final DataInputStream in;
    private final byte[] owner = new byte[Name.OCTETS_MAX];
    private int ownerLength;
    private byte[] rdata = new byte[Byte.MAX_VALUE];
    private int rdataLength;
    private int type;
    private int ttlSeconds;

    StoredRecords(InputStream in) {
        this.in = new DataInputStream(in);
    }

    StoredRecords(byte[] octets) {
        this(new ByteArrayInputStream(octets));
    }

    /// A version as the first octets of an entry's payload tell it.
    ///
    /// @param soa its SOA record
    /// @param records how many it has; of a change how many more than the version before
    /// @param file where they are; null if they are in the payload
    record Summary(SoaRecord soa, int records, @Nullable SnapshotFile file) {}

    /// Reads the first octets of a whole zone.
    Summary wholeSummary() throws IOException {
        int records = in.readInt();
        return new Summary(soa(), records, null);
    }

    /// Reads the first octets of a change.
    Summary changeSummary() throws IOException {
        SoaRecord to = soa();
        soa();
        int deletes = in.readInt();
        return new Summary(to, in.readInt() - deletes, null);
    }

    /// Reads where a snapshot is.
    Summary snapshotSummary() throws IOException {
        long number = in.readLong();
        long octets = in.readLong();
        SnapshotFile file = new SnapshotFile(number, octets, in.readInt(), in.readInt());
        if (octets < 0) {
            throw new DamagedException("a size below 0");
        }
        return new Summary(soa(), file.records(), file);
    }

    /// Reads timers.
    ZoneTimers.@Nullable Saved timers() throws IOException {
        return in.available() == 0 ? null : new ZoneTimers.Saved(in.readLong(), in.readLong());
    }

    /// Reads a whole zone, the SOA record first.
    Records whole() throws IOException {
        int count = in.readInt();
        Records records = records(count);
        if (records.size() == 0 || records.type(records.number(0)) != RecordType.SOA) {
            throw new DamagedException("no SOA record");
        }
        end();
        return records;
    }

    /// Reads a change.
    IxfrStep change() throws IOException {
        SoaRecord to = soa();
        SoaRecord from = soa();
        int deletes = in.readInt();
        int adds = in.readInt();
        IxfrStep step = new IxfrStep(from, records(deletes), to, records(adds));
        end();
        return step;
    }

    private void end() throws IOException {
        if (in.read() >= 0) {
            throw new DamagedException("octets follow the last record");
        }
    }

    private Records records(int count) throws IOException {
        if (count < 0) {
            throw new DamagedException("a number below 0");
        }
        Records records = new Records();
        for (int i = 0; i < count; i++) {
            // The owner of the first one may be that of a record before the list.
            if (next() || i == 0) {
                records.owner(owner, ownerLength);
            }
            records.add(type, ttlSeconds, rdata, rdataLength, 0);
        }
        return records;
    }

    private SoaRecord soa() throws IOException {
        next();
        if (type != RecordType.SOA) {
            throw new DamagedException("no SOA record");
        }
        return new SoaRecord(
                new ResourceRecord(
                        Name.read(owner, 0), type, ttlSeconds, Arrays.copyOf(rdata, rdataLength)));
    }

    /// Reads the next record. Returns whether it has another owner than the one before.
    private boolean next() throws IOException {
        boolean other = owner();
        type = in.readUnsignedShort();
        ttlSeconds = in.readInt();
        rdataLength = in.readUnsignedShort();
        rdata = rdata.length < rdataLength ? new byte[rdataLength] : rdata;
        in.readFully(rdata, 0, rdataLength);
        if (RecordType.isMeta(type)
                || ttlSeconds < 0
                || Rdata.objection(type, rdata, 0, rdataLength) != null) {
            throw new DamagedException("no record of a zone");
        }
        return other;
    }

    private boolean owner() throws IOException {
        int length = in.readUnsignedByte();
        if (length == RecordWriter.SAME_OWNER) {
            if (ownerLength == 0) {
                throw new DamagedException("a record without owner");
            }
            return false;
        }
        int at = 0;
        while (length > 0) {
            if (length > Name.LABEL_OCTETS_MAX || at + 1 + length >= Name.OCTETS_MAX) {
                throw new DamagedException("no name");
            }
            owner[at] = (byte) length;
            in.readFully(owner, at + 1, length);
            at += 1 + length;
            length = in.readUnsignedByte();
        }
        owner[at] = 0;
        ownerLength = at + 1;
        return true;
    }

    /// Returns the reason for the log.
    static String reason(IOException e) {
        return e instanceof EOFException ? "it is cut off" : String.valueOf(e.getMessage());
    }
}
