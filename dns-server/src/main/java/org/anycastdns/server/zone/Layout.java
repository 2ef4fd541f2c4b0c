package org.anycastdns.server.zone;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.anycastdns.server.wire.Name;

/// The layout of a zone image. All numbers are big-endian. A reference is an offset from the start
/// of the image in units of 4 octets, so that 32 bits reach 16 GiB.
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
final class Layout {

    static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Shift of a reference: references count units of 4 octets.
    static final int SCALE_SHIFT = 2;

    // The header.
    static final int SEED = 0;
    static final int OCTETS = 8;
    static final int SIGNATURE_EXPIRY = 16;
    static final int RECORD_COUNT = 24;
    static final int NODE_COUNT = 28;
    static final int BUCKETS = 32;
    static final int NEGATIVE_SOA = 36;
    static final int DENIAL = 40;
    static final int ITERATIONS = 42;
    static final int CHAIN = 44;
    static final int CHAIN_LENGTH = 48;
    static final int SALT = 52;
    static final int SALT_OCTETS = 56;
    static final int APEX_NAME = 60;

    // A node.
    static final int PARENT = 0;
    static final int FLAGS = 4;
    static final int NAME_OCTETS = 5;
    static final int LABEL_COUNT = 6;
    static final int SET_COUNT = 7;
    static final int LABEL = 9;
    static final int SET_REFERENCE_OCTETS = 6;

    /// The node is a delegation (zone cut).
    static final int IS_DELEGATION = 1;

    /// The name has a DNAME record.
    static final int HAS_DNAME = 2;

    /// The leftmost label is "*".
    static final int IS_WILDCARD = 4;

    // Each of these flags announces a reference after the node's label, in this order.
    static final int HAS_COVERING_CUT = 16;
    static final int HAS_WILDCARD = 32;
    static final int HAS_NSEC3 = 64;
    static final int REFERENCES = HAS_COVERING_CUT | HAS_WILDCARD | HAS_NSEC3;

    // A record set.
    static final int RECORDS = 0;
    static final int SIGNATURES = 2;
    static final int HOSTS = 4;
    static final int POINTERS = 6;
    static final int RECORDS_OCTETS = 8;
    static final int SIGNATURES_OCTETS = 10;
    static final int SET_HEADER_OCTETS = 12;
    static final int HOST_OCTETS = 8;
    static final int POINTER_OCTETS = 2;

    // A record.
    static final int TYPE = 2;
    static final int CLASS = 4;
    static final int TTL = 6;
    static final int RDATA_LENGTH = 10;
    static final int RDATA = 12;

    static final int NSEC_ENTRY_OCTETS = 4;
    static final int NSEC3_ENTRY_OCTETS = Nsec3Hash.OCTETS + 4;

    // Pointers.
    static final int POINTER = 0xc000;
    static final int POINTER_BITS = 0x3fff;
    static final int OWNER = 0;
    static final int WITHIN = 256;

    /// Marks a host whose name cannot be compressed.
    static final int NO_POINTER = 0;

    private Layout() {}

    /// Returns the offset of the apex node, which follows the name of the apex.
    static long apexNode(Name apex) {
        return ImageWriter.aligned(APEX_NAME + apex.length());
    }

    /// Returns the offset of the first bucket, which follows the apex node.
    static long buckets(long apexEnd) {
        return ImageMemory.aligned(apexEnd);
    }
}
