package org.anycastdns.server.zonefile;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Writes the records of a zone as a master file (RFC 1035 section 5, RFC 3597 section 5), in
/// canonical order of the owner names (RFC 4034 section 6.1). Of an owner the SOA record comes
/// first, then the types by number, each set with its signatures behind it.
///
/// ```
///   $ORIGIN example.org.
///   @       3600  IN  SOA   ns.example.org. admin.example.org. 1 3600 600 86400 300
///           3600  IN  NS    ns.example.org.
///   ns      300   IN  A     192.0.2.1
/// ```
///
/// Reading the file gives the same records, with their TTLs and the spelling of names.
public final class MasterFileWriter {

    /// Offset of the type covered and the octets that it has in RRSIG RDATA (RFC 4034 section 3.1).
    private static final int COVERED_OCTETS = 2;

    private final Name zone;
    private final OwnerForm form;
    private final Records records;
    private final Appendable out;

    /// How owner names are written. Names in the data of records are always absolute.
    public enum OwnerForm {
        /// With all labels and a dot at the end.
        ABSOLUTE,
        /// Without the labels of the zone, which stand in a `$ORIGIN` line.
        RELATIVE
    }

    private MasterFileWriter(Name zone, Records records, OwnerForm form, Appendable out) {
        this.zone = zone;
        this.records = records;
        this.form = form;
        this.out = out;
    }

    /// Writes a zone.
    ///
    /// @param zone name of the zone
    /// @param records its records, in any order; not changed
    /// @param out gets ASCII characters and line feeds
    public static void write(Name zone, Records records, OwnerForm form, Appendable out)
            throws IOException {
        new MasterFileWriter(zone, records, form, out).write();
    }

    /// Returns the data of a record as a master file has it.
    public static String data(ResourceRecord record) {
        return Rdata.text(record.type(), record.rdata(), 0, record.rdata().length);
    }

    private void write() throws IOException {
        if (form == OwnerForm.RELATIVE) {
            out.append("$ORIGIN ").append(zone.toString()).append('\n');
        }
        Name last = null;
        for (Line line : lines()) {
            last = write(line, last);
        }
    }

    /// A record, with what decides about its order.
    private record Line(Name owner, int set, boolean isSignature, int record) {}

    private Line[] lines() {
        Line[] lines = new Line[records.size()];
        Name owner = Name.ROOT;
        for (int i = 0; i < lines.length; i++) {
            int record = records.number(i);
            Name name = records.owner(record);
            // Records of one owner often come in a row; they share the object.
            owner = Arrays.equals(owner.wire(), name.wire()) ? owner : name;
            int type = records.type(record);
            boolean isSignature =
                    type == RecordType.RRSIG && records.rdataLength(record) >= COVERED_OCTETS;
            int set = isSignature ? covered(record) : type;
            lines[i] = new Line(owner, set == RecordType.SOA ? 0 : set, isSignature, record);
        }
        Arrays.sort(
                lines,
                Comparator.comparing(Line::owner)
                        .thenComparingInt(Line::set)
                        .thenComparing(Line::isSignature)
                        .thenComparing((a, b) -> records.compareRdata(a.record, b.record)));
        return lines;
    }

    private int covered(int record) {
        byte[] octets = records.octets(record);
        int at = records.rdataOffset(record);
        return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    }

    /// Writes a record; its owner is left out if it is that of the record before.
    private Name write(Line line, @Nullable Name last) throws IOException {
        int record = line.record;
        if (last == null || !Arrays.equals(last.wire(), line.owner.wire())) {
            out.append(owner(line.owner));
        }
        int type = records.type(record);
        int from = records.rdataOffset(record);
        out.append('\t').append(Integer.toString(records.ttlSeconds(record)));
        out.append("\tIN\t").append(RecordType.name(type)).append('\t');
        out.append(
                Rdata.text(type, records.octets(record), from, from + records.rdataLength(record)));
        out.append('\n');
        return line.owner;
    }

    private String owner(Name name) {
        String text = name.toString();
        int labels = name.length() - zone.length();
        boolean ends =
                labels >= 0
                        && name.isAtOrBelow(zone)
                        && Arrays.equals(
                                name.wire(), labels, name.length(), zone.wire(), 0, zone.length());
        if (form == OwnerForm.ABSOLUTE || !ends) {
            return text;
        }
        // The text of the zone's labels, and the dot before it; the root's is that dot.
        int rest = zone.isRoot() ? 1 : 1 + zone.toString().length();
        return labels == 0 ? "@" : text.substring(0, text.length() - rest);
    }
}
