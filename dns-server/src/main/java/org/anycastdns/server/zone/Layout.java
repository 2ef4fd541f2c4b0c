package org.anycastdns.server.zone;

import java.lang.foreign.ValueLayout;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NetworkOrder;

/// The layout of a zone image. All numbers are big-endian. A reference is an offset from the start
/// of the image in units of 4 octets. The references of nodes and record sets are positive, so that
/// they reach 8 GiB.
///
/// ```
///   header | name of the apex | its node | buckets of nodes | nodes too long for a bucket |
///       record sets | NSEC or NSEC3 chain | salt
///
///   node    parent 4 | flags 1 | octets of the name 1 | labels of the name 1 | sets 2
///           label: length 1, octets; for the apex: the root label 0
///           [covering cut 4] [wildcard child 4] [NSEC3 4]             present as the flags say
///           { type 2 | record set 4 } in ascending order of type
///
///   set     records 2 | signatures 2 | hosts 2 | pointers 2 | octets of records 2, of signatures 2
///           { record 2 | pointer 2 | node 4 }   hosts in RDATA that have addresses in the zone
///           { offset 2 }                        of each compression pointer, from the first record
///           records, then signatures: owner 2 | type 2 | class 2 | TTL 4 | length 2 | RDATA
///
///   NSEC    { node 4 } in canonical order
///   NSEC3   { hash 20 | record set 4 } in ascending order of the hash
/// ```
///
/// The covering cut of a node is the delegation or DNAME above it that is nearest to the apex.
/// Records are stored in their final form. A response copies them and fills in the compression
/// pointers, whose targets depend on the message. A stored pointer is one of
///
/// | low 14 bits | points to |
/// | --- | --- |
/// | 0 | the owner of the record set |
/// | 1 to 255 | the suffix of the owner name with this length in octets |
/// | 256 and more | this offset, less 256, from the first record |
///
/// The owner name is the question name or a suffix of it, so that its suffixes are in the question.
/// Record sets with the same octets are stored once, even for different owners.
public final class Layout {

    public static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    public static final ValueLayout.OfShort U16 = NetworkOrder.SHORT;
    public static final ValueLayout.OfInt I32 = NetworkOrder.INT;
    public static final ValueLayout.OfLong I64 = NetworkOrder.LONG;

    /// Shift of a reference: references count units of 4 octets.
    public static final int SCALE_SHIFT = 2;

    /// Nodes and record sets begin before this offset: their references are positive. Negative
    /// numbers stand for signatures ({@link RecordSets}).
    public static final long SETS_END_MAX = 1L << (31 + SCALE_SHIFT);

    // The header.
    public static final int SEED = 0;
    public static final int OCTETS = 8;
    public static final int SIGNATURE_EXPIRY = 16;
    public static final int RECORD_COUNT = 24;
    public static final int NODE_COUNT = 28;
    public static final int BUCKETS = 32;
    public static final int NEGATIVE_SOA = 36;
    public static final int DENIAL = 40;
    public static final int ITERATIONS = 42;
    public static final int CHAIN = 44;
    public static final int CHAIN_LENGTH = 48;
    public static final int SALT = 52;
    public static final int SALT_OCTETS = 56;
    public static final int APEX_NAME = 60;

    // A node.
    public static final int PARENT = 0;
    public static final int FLAGS = 4;
    public static final int NAME_OCTETS = 5;
    public static final int LABEL_COUNT = 6;
    public static final int SET_COUNT = 7;
    public static final int LABEL = 9;
    public static final int SET_REFERENCE_OCTETS = 6;
    public static final int SET_REFERENCE = 2;

    /// The node is a delegation (zone cut).
    public static final int IS_DELEGATION = 1;

    /// The name has a DNAME record.
    public static final int HAS_DNAME = 2;

    /// The leftmost label is "*".
    public static final int IS_WILDCARD = 4;

    /// Another node may stand in place of this one, or names may have come behind it in the chain:
    /// the {@link Overlay} tells. Set while the zone is served, for a version to come; never in a
    /// file.
    public static final int MAY_HAVE_CHANGED = 8;

    // Each of these flags announces a reference after the node's label, in this order.
    public static final int HAS_COVERING_CUT = 16;
    public static final int HAS_WILDCARD = 32;
    public static final int HAS_NSEC3 = 64;
    public static final int REFERENCES = HAS_COVERING_CUT | HAS_WILDCARD | HAS_NSEC3;

    // A record set.
    public static final int RECORDS = 0;
    public static final int SIGNATURES = 2;
    public static final int HOSTS = 4;
    public static final int POINTERS = 6;
    public static final int RECORDS_OCTETS = 8;
    public static final int SIGNATURES_OCTETS = 10;
    public static final int SET_HEADER_OCTETS = 12;
    public static final int HOST_OCTETS = 8;
    public static final int HOST_POINTER = 2;
    public static final int HOST_NODE = 4;
    public static final int POINTER_OCTETS = 2;

    // A record.
    public static final int TYPE = 2;
    public static final int CLASS = 4;
    public static final int TTL = 6;
    public static final int RDATA_LENGTH = 10;
    public static final int RDATA = 12;

    public static final int NSEC_ENTRY_OCTETS = 4;
    public static final int NSEC3_ENTRY_OCTETS = Nsec3Hash.OCTETS + 4;

    /// Like {@link #MAY_HAVE_CHANGED}, in the record set of an NSEC3 entry.
    public static final int ENTRY_MAY_HAVE_CHANGED = 1 << 31;

    // Pointers.
    public static final int POINTER = 0xc000;
    public static final int POINTER_BITS = 0x3fff;
    public static final int OWNER = 0;
    public static final int WITHIN = 256;

    /// Marks a host whose name cannot be compressed.
    public static final int NO_POINTER = 0;

    private Layout() {}

    /// Returns the offset that a reference stands for.
    public static long offset(int reference) {
        return (reference & 0xffff_ffffL) << SCALE_SHIFT;
    }

    /// Returns the reference to an offset, which {@link #aligned} gave.
    public static int reference(long offset) {
        return (int) (offset >>> SCALE_SHIFT);
    }

    /// Returns the next offset that a reference can stand for.
    public static long aligned(long offset) {
        return (offset + (1 << SCALE_SHIFT) - 1) >> SCALE_SHIFT << SCALE_SHIFT;
    }

    /// Returns the offset of the apex node, which follows the name of the apex.
    public static long apexNode(Name apex) {
        return aligned(APEX_NAME + apex.length());
    }

    /// Returns the number of the apex node.
    public static int firstApex(Name apex) {
        return reference(apexNode(apex));
    }

    /// Returns the offset of the first bucket, which follows the apex node.
    public static long buckets(long apexEnd) {
        return ImageMemory.aligned(apexEnd);
    }
}
