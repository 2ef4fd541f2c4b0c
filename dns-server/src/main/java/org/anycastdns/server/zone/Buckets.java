package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.SCALE_SHIFT;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The hash buckets in the image of a zone: they hold all nodes except the apex.
///
/// There is no index, which saves one memory access for each lookup. The hash of a name gives the
/// offset of its bucket, so that all cache lines of the bucket can be prefetched at once.
///
/// ```
///   bucket   fingerprints 8: { octet } | lengths 4: { half an octet } | passed 4 | { node }
///
///   hash --upper half--> bucket --fingerprint from the lower half matches--> node in this bucket
///                          '-- passed: nodes that did not fit here are in one of the next buckets
/// ```
///
/// Lengths are in units of 4 octets. A node is longer than one unit. Length 1 marks a reference to
/// a node that is too long for a bucket.
public final class Buckets {

    /// Octets of one cache line of the processor; a bucket starts at a cache line.
    public static final int LINE_OCTETS = 64;

    /// Octets from one bucket to the next: four cache lines. The only bucket of a zone may be
    /// shorter.
    public static final int OCTETS = 4 * LINE_OCTETS;

    /// Maximum number of nodes in one bucket.
    public static final int NODES_MAX = 8;

    /// Maximum number of buckets between the bucket of a hash and the bucket of its node. Even in
    /// large zones the distance is much shorter.
    public static final int STEPS_MAX = 256;

    public static final int UNIT_OCTETS = 4;

    /// Maximum length of a node in a bucket, in units.
    public static final int LENGTH_MAX = 15;

    /// Length of a reference, in units.
    public static final int LENGTH_REFERENCE = 1;

    public static final int FINGERPRINTS = 0;
    public static final int LENGTHS = 8;
    public static final int PASSED = 12;
    public static final int NODES = 16;

    /// Maximum total length of all nodes of a bucket, in units.
    public static final int UNITS_MAX = (OCTETS - NODES) / UNIT_OCTETS;

    // Little-endian access to eight or four octets: the first octet is the lowest.
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

    /// Creates a view of the buckets of an image.
    ///
    /// @param start offset of the first bucket in the image
    /// @param count number of buckets
    Buckets(MemorySegment image, long start, int count) {
        this.image = image;
        this.start = start;
        this.count = count;
    }

    /// Returns the number of buckets.
    public int count() {
        return count;
    }

    /// Returns the index of the bucket for a hash, given the number of buckets.
    public static int of(long hash, int buckets) {
        return (int) (((hash >>> 32) * buckets) >>> 32);
    }

    /// Returns the fingerprint of a hash, 1 to 255; 0 in a bucket marks an empty slot.
    public static int fingerprint(long hash) {
        return Math.max(1, (int) hash & 0xff);
    }

    /// Returns the units that a node takes in its bucket: those of a reference if it is too long.
    public static int units(int nodeOctets) {
        int units = (nodeOctets + UNIT_OCTETS - 1) / UNIT_OCTETS;
        return units > LENGTH_MAX ? LENGTH_REFERENCE : units;
    }

    /// Returns the offset of the bucket for a hash.
    public long of(long hash) {
        return at(of(hash, count));
    }

    /// Returns the offset of a bucket.
    public long at(int bucket) {
        return start + (long) OCTETS * bucket;
    }

    /// Returns the offset of the next bucket; the first one follows the last one.
    long next(long bucket) {
        return bucket + OCTETS == at(count) ? start : bucket + OCTETS;
    }

    /// Prefetches all cache lines of a bucket before its content is needed. Returns a value that
    /// depends on them, so that the compiler cannot remove the reads.
    int look(long bucket) {
        return count == 1
                ? 0
                : image.get(U8, bucket + LINE_OCTETS)
                        + image.get(U8, bucket + 2 * LINE_OCTETS)
                        + image.get(U8, bucket + 3 * LINE_OCTETS);
    }

    /// Prefetches the bucket for a hash, including its first cache line, like {@link #look}. Does
    /// nothing for a single bucket, which is small enough to stay in the caches.
    int lookAhead(long hash) {
        if (count <= 1) {
            return 0;
        }
        long bucket = of(hash);
        return image.get(U8, bucket) + look(bucket);
    }

    /// Returns the nodes of a bucket that may have a hash, as a set for {@link #slot} and {@link
    /// #withoutFirst}; 0 if there are none. The set may contain false matches, but only after the
    /// first true one.
    long candidates(long bucket, long hash) {
        long differences = image.get(EIGHT, bucket + FINGERPRINTS) ^ (fingerprint(hash) * EACH);
        return (differences - EACH) & ~differences & EACH_SIGN;
    }

    /// Returns the slot of the first candidate, from 0.
    static int slot(long candidates) {
        return Long.numberOfTrailingZeros(candidates) / Byte.SIZE;
    }

    static long withoutFirst(long candidates) {
        return candidates & (candidates - 1);
    }

    /// Returns whether a node with such a hash may have been placed in a later bucket for lack of
    /// room. Each displaced node sets the bit of its fingerprint modulo 32, so that few lookups of
    /// names that do not exist go on to the next bucket.
    public boolean passed(long bucket, long hash) {
        return (image.get(FOUR, bucket + PASSED) >>> fingerprint(hash) & 1) != 0;
    }

    /// Marks the bucket of a hash as one that a node with this hash did not fit in.
    public void pass(long hash) {
        long at = of(hash) + PASSED;
        image.set(FOUR, at, image.get(FOUR, at) | 1 << fingerprint(hash));
    }

    /// Returns the number of nodes in a bucket, or -1 if an empty slot precedes a node.
    public int taken(long bucket) {
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

    /// Returns the length of the entry in a slot, in units.
    public int units(long bucket, int slot) {
        return image.get(FOUR, bucket + LENGTHS) >>> (4 * slot) & LENGTH_MAX;
    }

    /// Returns the offset of the entry in a slot.
    public long entry(long bucket, int slot) {
        int before = image.get(FOUR, bucket + LENGTHS) & ((1 << (4 * slot)) - 1);
        int pairs = (before & LOWER_HALVES) + (before >>> 4 & LOWER_HALVES);
        return bucket + NODES + ((pairs * (int) EACH) >>> 24) * (long) UNIT_OCTETS;
    }

    /// Returns the node in a slot; follows the reference of a node that is too long for the bucket.
    public int node(long bucket, int slot) {
        long entry = entry(bucket, slot);
        return units(bucket, slot) == LENGTH_REFERENCE
                ? image.get(I32, entry)
                : (int) (entry >>> SCALE_SHIFT);
    }
}
