package org.anycastdns.server.zone.build;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;

/// Computes the digest of a zone by the SIMPLE scheme of ZONEMD (RFC 8976 section 3.3.1). It
/// includes every record once, in canonical form and order, with glue and data below delegations.
/// It excludes the ZONEMD records at the apex and the signatures over them.
///
/// The octets go to the digest as they are produced, so that memory is needed only for the records
/// of one owner.
public final class ZoneDigest {

    private static final int CLASS_IN = 1;

    /// Length of TYPE, CLASS, TTL and RDLENGTH in octets.
    private static final int HEAD_OCTETS = 10;

    /// Number of octets that go to the digest at once; the longest record fits.
    private static final int BUFFER_OCTETS = 1 << 17;

    private static final Comparator<Form> CANONICAL =
            Comparator.comparingInt(Form::type).thenComparing(Form::rdata, Arrays::compareUnsigned);

    private final OwnerTable owners;
    private final List<MessageDigest> digests;
    private final byte[] buffer = new byte[BUFFER_OCTETS];
    private int end;

    /// The RDATA of a record in canonical form.
    private record Form(int type, int ttlSeconds, byte[] rdata) {

        boolean same(Form other) {
            return type == other.type && Arrays.equals(rdata, other.rdata);
        }
    }

    private ZoneDigest(OwnerTable owners, List<MessageDigest> digests) {
        this.owners = owners;
        this.digests = digests;
    }

    /// Feeds a zone to digests.
    ///
    /// @param runner sorts the owners of a large zone in parallel
    /// @param digests receive the octets of the zone
    public static void simple(
            OwnerTable owners, Name apex, ParallelRunner runner, List<MessageDigest> digests) {
        int[] order = new int[owners.withRecords()];
        Arrays.setAll(order, i -> i);
        CanonicalOrder.sort(owners, apex, order, runner);
        ZoneDigest digest = new ZoneDigest(owners, digests);
        int apexOwner = owners.apex();
        for (int owner : order) {
            digest.owner(owner, owner == apexOwner);
        }
        digest.flush();
    }

    private void owner(int owner, boolean isApex) {
        int from = owners.start(owner);
        int count = owners.end(owner) - from;
        Form[] forms = new Form[count];
        Arrays.setAll(forms, i -> form(owners.record(from + i)));
        // The sort is stable: of equal records, the first one in the file counts.
        Arrays.sort(forms, CANONICAL);
        for (int i = 0; i < count; i++) {
            boolean again = i > 0 && forms[i].same(forms[i - 1]);
            if (!again && !(isApex && isExcluded(forms[i]))) {
                record(owner, forms[i]);
            }
        }
    }

    private Form form(int record) {
        Records records = owners.records();
        return new Form(
                records.type(record), records.ttlSeconds(record), records.canonicalRdata(record));
    }

    private static boolean isExcluded(Form form) {
        return form.type == RecordType.ZONEMD
                || (form.type == RecordType.RRSIG
                        && RrsigFields.covered(form.rdata, 0) == RecordType.ZONEMD);
    }

    private void record(int owner, Form form) {
        int nameOctets = owners.names().length(owner);
        if (buffer.length - end < nameOctets + HEAD_OCTETS + form.rdata.length) {
            flush();
        }
        byte[] octets = owners.names().octets(owner);
        int offset = owners.names().offset(owner);
        for (int i = 0; i < nameOctets; i++) {
            buffer[end++] = Name.fold(octets[offset + i]);
        }
        u16(form.type);
        u16(CLASS_IN);
        u16(form.ttlSeconds >>> 16);
        u16(form.ttlSeconds);
        u16(form.rdata.length);
        System.arraycopy(form.rdata, 0, buffer, end, form.rdata.length);
        end += form.rdata.length;
    }

    private void u16(int value) {
        buffer[end++] = (byte) (value >>> 8);
        buffer[end++] = (byte) value;
    }

    private void flush() {
        for (MessageDigest digest : digests) {
            digest.update(buffer, 0, end);
        }
        end = 0;
    }
}
