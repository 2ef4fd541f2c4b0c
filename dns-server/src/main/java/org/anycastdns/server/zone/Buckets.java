package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.SCALE_SHIFT;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The buckets in the image of a zone: all nodes but the apex, each where the hash of its name
/// says.
///
/// No index leads to a node, which is one wait for far memory less: where a bucket stands follows
/// from the hash, and all of it can be asked for at once.
///
/// ```
///   bucket   fingerprints 8: { octet } | lengths 4: { half an octet } | passed 4 | { node }
///
///   hash --upper half--> bucket --a fingerprint is the lower half's?--> node, behind those before
///                          '-- passed: some that belong here are in the next bucket, or further on
/// ```
///
/// Lengths count units of 4 octets. A node is longer than one; where the length is 1 there is a
/// reference to one that is too long for a bucket.
final class Buckets {

    /// What processors read from memory at once; a bucket starts with a line.
    static final int LINE_OCTETS = 64;

    /// From one bucket to the next: four lines. A zone's only one may be shorter.
    static final int OCTETS = 4 * LINE_OCTETS;

    /// Nodes that one bucket has at most.
    static final int NODES_MAX = 8;

    /// Buckets between that of a hash and that of the node at most; among millions of names the
    /// longest way has some 50.
    static final int STEPS_MAX = 256;

    static final int UNIT_OCTETS = 4;

    /// Units of the longest node in a bucket.
    static final int LENGTH_MAX = 15;

    /// Units of a reference.
    static final int LENGTH_REFERENCE = 1;

    static final int FINGERPRINTS = 0;
    static final int LENGTHS = 8;
    static final int PASSED = 12;
    static final int NODES = 16;

    /// Units that all nodes of a bucket have at most.
    static final int UNITS_MAX = (OCTETS - NODES) / UNIT_OCTETS;

    // Eight octets, or four; the first one lowest.
    private static final ValueLayout.OfLong EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt FOUR =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long EACH_SIGN = EACH << 7;
    private static final int LOWER_HALVES = 0x0f0f_0f0f;

    private final MemorySegment image;
    private final long start;
    private final int count;

    /// @param start offset in the image
    /// @param count how many buckets there are
    Buckets(MemorySegment image, long start, int count) {
        this.image = image;
        this.start = start;
        this.count = count;
    }

    int count() {
        return count;
    }

    /// Which of so many buckets a hash belongs into.
    static int of(long hash, int buckets) {
        return (int) (((hash >>> 32) * buckets) >>> 32);
    }

    /// What a bucket has of a hash, 1 to 255; 0 is a place without node.
    static int fingerprint(long hash) {
        return Math.max(1, (int) hash & 0xff);
    }

    /// Units of a node in its bucket.
    static int units(int nodeOctets) {
        int units = (nodeOctets + UNIT_OCTETS - 1) / UNIT_OCTETS;
        return units > LENGTH_MAX ? LENGTH_REFERENCE : units;
    }

    /// Offset of the bucket that a hash belongs into.
    long of(long hash) {
        return at(of(hash, count));
    }

    /// Offset of a bucket.
    long at(int bucket) {
        return start + (long) OCTETS * bucket;
    }

    /// Offset of the bucket that follows.
    long next(long bucket) {
        return bucket + OCTETS == at(count) ? start : bucket + OCTETS;
    }

    /// Asks the memory for all of a bucket at once, before what stands in it tells where to read
    /// on; returns something of it, so that the compiler does not leave that out.
    int look(long bucket) {
        return count == 1
                ? 0
                : image.get(U8, bucket + LINE_OCTETS)
                        + image.get(U8, bucket + 2 * LINE_OCTETS)
                        + image.get(U8, bucket + 3 * LINE_OCTETS);
    }

    /// Asks the memory for all of the bucket that a hash belongs into, its start too; as {@link
    /// #look}. What is small is near already.
    int lookAhead(long hash) {
        if (count <= 1) {
            return 0;
        }
        long bucket = of(hash);
        return image.get(U8, bucket) + look(bucket);
    }

    /// The nodes that may have a hash, a set for {@link #slot} and {@link #withoutFirst}; 0 when
    /// none does. A few others may be in it, none before the first one that ought to be.
    long candidates(long bucket, long hash) {
        long differences = image.get(EIGHT, bucket + FINGERPRINTS) ^ (fingerprint(hash) * EACH);
        return (differences - EACH) & ~differences & EACH_SIGN;
    }

    /// The first of some candidates, from 0 on.
    static int slot(long candidates) {
        return Long.numberOfTrailingZeros(candidates) / Byte.SIZE;
    }

    static long withoutFirst(long candidates) {
        return candidates & (candidates - 1);
    }

    /// Whether nodes that belong here found no room, one with such a hash perhaps among them: each
    /// leaves the bit of its fingerprint modulo 32, so that few look further for a name that does
    /// not exist.
    boolean passed(long bucket, long hash) {
        return (image.get(FOUR, bucket + PASSED) >>> fingerprint(hash) & 1) != 0;
    }

    /// Number of nodes in a bucket; -1 when there are free places between them.
    int taken(long bucket) {
        int taken = 0;
        while (taken < NODES_MAX && image.get(U8, bucket + FINGERPRINTS + taken) != 0) {
            taken++;
        }
        for (int slot = taken; slot < NODES_MAX; slot++) {
            if (image.get(U8, bucket + FINGERPRINTS + slot) != 0) {
                return -1;
            }
        }
        return taken;
    }

    /// Units of what stands in one place of a bucket.
    int units(long bucket, int slot) {
        return image.get(FOUR, bucket + LENGTHS) >>> (4 * slot) & LENGTH_MAX;
    }

    /// Offset of what stands in one place of a bucket.
    long entry(long bucket, int slot) {
        int before = image.get(FOUR, bucket + LENGTHS) & ((1 << (4 * slot)) - 1);
        int pairs = (before & LOWER_HALVES) + (before >>> 4 & LOWER_HALVES);
        return bucket + NODES + ((pairs * (int) EACH) >>> 24) * (long) UNIT_OCTETS;
    }

    /// One of a bucket's nodes.
    int node(long bucket, int slot) {
        long entry = entry(bucket, slot);
        return units(bucket, slot) == LENGTH_REFERENCE
                ? image.get(I32, entry)
                : (int) (entry >>> SCALE_SHIFT);
    }
}
