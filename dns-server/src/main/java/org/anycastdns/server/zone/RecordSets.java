package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.offset;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// The record sets in the image of a zone.
///
/// A record set is a number, which the zone's nodes and chains give ({@link Zone#findSet}); {@link
/// Zone#NONE} stands for no set. Every record set of an image is a positive number. A negative
/// number is the first signature of a set as a record set of its own ({@link #firstSignature}).
///
/// A record is the offset of its first octet in the image. Records follow each other in the form
/// that a response has, except for the targets of their compression pointers.
public final class RecordSets {

    private final MemorySegment image;
    private final @Nullable Overlay overlay;

    RecordSets(MemorySegment image, @Nullable Overlay overlay) {
        this.image = image;
        this.overlay = overlay;
    }

    private int u16(long at) {
        return image.get(U16, at) & 0xffff;
    }

    /// Returns the first signature of a set as a record set of its own.
    static int firstSignature(int set) {
        return ~set;
    }

    private static boolean isSignature(int set) {
        return set < 0;
    }

    /// Returns the numbers at the end of the RDATA of an SOA record.
    ///
    /// @param set with one SOA record; {@link Zone#NONE} for numbers that are 0
    byte[] soaFields(int set) {
        if (set == Zone.NONE) {
            return new byte[SoaFields.OCTETS];
        }
        long end = records(set) + recordsOctets(set);
        return image.asSlice(end - SoaFields.OCTETS, SoaFields.OCTETS).toArray(Layout.U8);
    }

    /// Returns the {@link #firstSignature} of the first set of a node that has signatures, or
    /// {@link Zone#NONE}.
    int anySignature(int node) {
        long references = ImageNodes.sets(image, node);
        int count = ImageNodes.setCount(image, node);
        for (int i = 0; i < count; i++) {
            long at = references + (long) i * Layout.SET_REFERENCE_OCTETS;
            int set = image.get(Layout.I32, at + Layout.SET_REFERENCE);
            if (signatureCount(set) > 0) {
                return firstSignature(set);
            }
        }
        return Zone.NONE;
    }

    /// Returns the set to which a {@link #firstSignature} belongs.
    private static int signed(int signature) {
        return ~signature;
    }

    /// Returns the TYPE of all records.
    public int type(int set) {
        return u16(records(set) + Layout.TYPE);
    }

    /// Returns the TTL of all records, in seconds.
    public int ttlSeconds(int set) {
        return image.get(I32, records(set) + Layout.TTL);
    }

    /// Returns the number of records, at least one.
    public int recordCount(int set) {
        return isSignature(set) ? 1 : u16(offset(set) + Layout.RECORDS);
    }

    /// Returns the number of RRSIG records that cover this set; 0 in an unsigned zone.
    public int signatureCount(int set) {
        return isSignature(set) ? 0 : u16(offset(set) + Layout.SIGNATURES);
    }

    /// Returns the offset of the first record in the image.
    public long records(int set) {
        if (isSignature(set)) {
            int signed = signed(set);
            return records(signed) + u16(offset(signed) + Layout.RECORDS_OCTETS);
        }
        return pointers(set) + (long) Layout.POINTER_OCTETS * u16(offset(set) + Layout.POINTERS);
    }

    /// Returns the offset of the record after a record, or of the end of the last signature.
    public long next(long record) {
        return rdata(record) + rdataOctets(record);
    }

    /// Returns the offset of a record's RDATA in the image.
    public long rdata(long record) {
        return record + Layout.RDATA;
    }

    /// Returns the length of a record's RDATA, in which names may end in pointers.
    public int rdataOctets(long record) {
        return u16(record + Layout.RDATA_LENGTH);
    }

    /// Returns the octets of the records without their signatures, which follow them.
    public int recordsOctets(int set) {
        if (isSignature(set)) {
            return Layout.RDATA + rdataOctets(records(set));
        }
        return u16(offset(set) + Layout.RECORDS_OCTETS);
    }

    /// Returns the octets of the signatures.
    public int signaturesOctets(int set) {
        return isSignature(set) ? 0 : u16(offset(set) + Layout.SIGNATURES_OCTETS);
    }

    // Compression pointers in the records.

    /// Returns the number of compression pointers in the RDATA of the records.
    public int pointerCount(int set) {
        return isSignature(set) ? 0 : u16(offset(set) + Layout.POINTERS);
    }

    /// Returns the offset of a pointer from the first record of a set.
    public int pointerAt(int set, int pointer) {
        return u16(pointers(set) + (long) Layout.POINTER_OCTETS * pointer);
    }

    private long pointers(int set) {
        return hosts(set) + (long) Layout.HOST_OCTETS * u16(offset(set) + Layout.HOSTS);
    }

    // Hosts that the records name.

    /// Returns the number of hosts named in the records that have addresses in the zone.
    public int hostCount(int set) {
        return isSignature(set) ? 0 : u16(offset(set) + Layout.HOSTS);
    }

    /// Returns the node of a host named in a set: its own node, or the wildcard that covers it;
    /// {@link Zone#NONE} if a change has taken its addresses.
    public int hostNode(int set, int host) {
        int first = image.get(I32, host(set, host) + Layout.HOST_NODE);
        if (overlay == null) {
            return first;
        }
        int node = overlay.present(first);
        boolean useful = node == first || overlay.isHost(node, isAlias(set, host) ? type(set) : 0);
        return useful ? node : Zone.NONE;
    }

    /// Returns a pointer to a host's name, or 0 if the name must be written out.
    public int hostPointer(int set, int host) {
        return u16(host(set, host) + Layout.HOST_POINTER);
    }

    /// Returns the index of the record that names a host.
    public int hostRecord(int set, int host) {
        return u16(host(set, host));
    }

    private long hosts(int set) {
        return offset(set) + Layout.SET_HEADER_OCTETS;
    }

    private long host(int set, int host) {
        return hosts(set) + (long) Layout.HOST_OCTETS * host;
    }

    /// Returns the offset in the image of the RDATA that names a host.
    long hostRdata(int set, int host) {
        int number = hostRecord(set, host);
        long record = records(set);
        for (int i = 0; i < number; i++) {
            record = next(record);
        }
        return rdata(record);
    }

    /// Returns whether the records bind services to names (SVCB and HTTPS, RFC 9460).
    boolean bindsServices(int set) {
        int type = type(set);
        return type == RecordType.SVCB || type == RecordType.HTTPS;
    }

    /// Returns whether the record that names a host is an SVCB or HTTPS record in alias mode: its
    /// priority is 0 (RFC 9460 section 2.4.1).
    boolean isAlias(int set, int host) {
        return bindsServices(set) && u16(hostRdata(set, host)) == 0;
    }
}
