package org.anycastdns.benchmarks.transfer;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;

/// Versions of one zone: a small one with which secondaries start, the whole zone, and changes of
/// it. Each has the next serial.
///
/// A change replaces records: NS records of delegations, or addresses if there are no delegations.
/// Each is deleted, and another one is added for the same name. Later changes touch other records.
public final class ZoneSeries {

    private final Records records;
    private final SoaRecord soa;
    private final int[] changeable;

    private ZoneSeries(Records records, SoaRecord soa, int[] changeable) {
        this.records = records;
        this.soa = soa;
        this.changeable = changeable;
    }

    /// Reads a zone.
    ///
    /// @param text the master file
    /// @throws IllegalArgumentException if it has errors
    public static ZoneSeries of(String origin, String text) {
        Name name = Name.of(origin);
        ZoneFile file = ZoneFile.read(name, "generated", _ -> new Source.Content.Text(text));
        if (file.hasErrors()) {
            throw new IllegalArgumentException(origin + " has errors: " + file.problems());
        }
        Records records = file.served();
        SoaRecord soa = new SoaRecord(records.record(records.all(RecordType.SOA)[0]));
        int[] delegations = below(name, records, RecordType.NS);
        return new ZoneSeries(
                records,
                soa,
                delegations.length > 0 ? delegations : below(name, records, RecordType.A));
    }

    /// Returns the records of a type below the apex: one of each name, then the others. So changes
    /// that follow each other are of different names, as in a zone of many customers.
    private static int[] below(Name origin, Records records, int type) {
        IntStream.Builder first = IntStream.builder();
        IntStream.Builder others = IntStream.builder();
        Name before = origin;
        for (int record : records.all(type)) {
            Name owner = records.owner(record);
            if (!owner.equals(origin)) {
                (owner.equals(before) ? others : first).add(record);
            }
            before = owner;
        }
        return IntStream.concat(first.build(), others.build()).toArray();
    }

    /// Returns the number of records of the whole zone.
    public int size() {
        return records.size();
    }

    /// Returns the serial of a version. The first has 0, the whole zone 1, changes follow.
    private SoaRecord soa(int version) {
        byte[] rdata = soa.record().rdata().clone();
        var _ =
                ByteBuffer.wrap(rdata)
                        .putInt(rdata.length - SoaFields.OCTETS, soa.serial() + version);
        return new SoaRecord(with(soa.record(), rdata));
    }

    private static ResourceRecord with(ResourceRecord record, byte[] rdata) {
        return new ResourceRecord(record.owner(), record.type(), record.ttlSeconds(), rdata);
    }

    /// Returns the first version: the records of the apex, and the addresses of its name servers.
    public PreparedVersion first() {
        Name apex = soa.record().owner();
        Set<Name> kept = new HashSet<>(Set.of(apex));
        for (int record : records.all(RecordType.NS)) {
            if (records.owner(record).equals(apex)) {
                kept.add(Name.read(records.rdata(record), 0));
            }
        }
        Records least = new Records();
        for (int i = 0; i < records.size(); i++) {
            ResourceRecord record = records.record(records.number(i));
            if (kept.contains(record.owner()) && record.type() != RecordType.SOA) {
                least.add(record, 0);
            }
        }
        SoaRecord first = soa(0);
        least.add(first.record(), 0);
        return PreparedVersion.whole(first, least);
    }

    /// Returns the version with all records.
    public PreparedVersion whole() {
        return PreparedVersion.whole(soa(1), records);
    }

    /// Returns a change of the version before it.
    ///
    /// @param number 1 for the first change of the whole zone
    /// @param count how many records are replaced, at most those that the zone has
    public PreparedVersion change(int number, int count) {
        int step = changeable.length / count;
        if (number < 1 || step < number) {
            throw new IllegalArgumentException(
                    "change %d of %d records is too much for %d"
                            .formatted(number, count, changeable.length));
        }
        Records deletes = new Records();
        Records adds = new Records();
        for (int i = 0; i < count; i++) {
            ResourceRecord old = records.record(changeable[i * step + number - 1]);
            deletes.add(old, 0);
            adds.add(with(old, replacement(old.type(), number)), 0);
        }
        return PreparedVersion.changed(
                new IxfrStep(soa(number), deletes, soa(number + 1), adds), records);
    }

    /// Returns RDATA that no record of the zone has.
    private static byte[] replacement(int type, int number) {
        return type == RecordType.NS
                ? Name.of("ns" + number + ".moved.example.").wire()
                : new byte[] {(byte) 203, 0, 113, (byte) number};
    }
}
