package org.anycastdns.server.zone;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.anycastdns.server.wire.Name;

/// Where everything stands in the image of a zone. All numbers are big-endian; a reference is an
/// offset from the image's start in units of 4 octets, so that 32 bits reach 16 GiB.
///
/// ```
///   header | name of the apex | its node | buckets of nodes | nodes too long for a bucket |
///       record sets | NSEC or NSEC3 chain | salt
///
///   node    parent 4 | flags 1 | octets of the name 1 | labels of the name 1 | sets 2
///           label: length 1, octets; of the apex: the root's 0
///           [governor 4] [wildcard child 4] [NSEC3 4]             as the flags say
///           { type 2 | record set 4 } in ascending order of type
///
///   set     records 2 | signatures 2 | hosts 2 | pointers 2 | octets of records 2, of signatures 2
///           { record 2 | pointer 2 | node 4 }   the hosts that have addresses in the zone
///           { offset 2 }                        where in the records names end in pointers
///           records, then signatures: owner 2 | type 2 | class 2 | TTL 4 | length 2 | RDATA
///
///   NSEC    { node 4 } in canonical order
///   NSEC3   { hash 20 | record set 4 } in ascending order of the hash
/// ```
///
/// Records are in their final form: what a response needs is to copy them and to fill in the
/// pointers, whose place in a message is not known before. A pointer is one of
///
/// | low 14 bits | points to |
/// | --- | --- |
/// | 0 | the owner of the record set |
/// | 1 to 255 | the ending of the owner that has so many octets |
/// | 256 and more | that many octets after the first record, less 256 |
///
/// The owner is (an ending of) the question's name, so an ending has its place in the question.
/// Sets with the same octets are stored once, whoever owns them.
final class Layout {

    static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// References count units of 4 octets.
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

    /// The zone is cut here.
    static final int IS_DELEGATION = 1;

    /// The name has a DNAME record.
    static final int HAS_DNAME = 2;

    /// The leftmost label is "*".
    static final int IS_WILDCARD = 4;

    // Each of these flags stands for a reference after the node's label, in this order.
    static final int HAS_GOVERNOR = 16;
    static final int HAS_WILDCARD = 32;
    static final int HAS_NSEC3 = 64;
    static final int REFERENCES = HAS_GOVERNOR | HAS_WILDCARD | HAS_NSEC3;

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

    /// A host's name can only be written as such.
    static final int NO_POINTER = 0;

    private Layout() {}

    /// Where the node of an apex stands behind its name.
    static long apexNode(Name apex) {
        return ImageWriter.aligned(APEX_NAME + apex.length());
    }

    /// Where the buckets begin behind the node of the apex.
    static long buckets(long apexEnd) {
        return ImageMemory.aligned(apexEnd);
    }
}
