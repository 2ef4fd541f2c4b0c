package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The chain of NSEC3 records in the image of a zone: a ring in ascending order of the hashes. Each
/// entry has the hash and the record set.
///
/// SHA-1 distributes hashes evenly, so that the first octets of a hash predict its position. The
/// error is about the square root of the chain's length. The hash at the predicted position tells
/// the error:
///
/// ```
///   position = first octets * length / 2^64  at most GUESSES_MAX times, each with a smaller error
///   move by 1, 2, 4 ... entries until the hash is passed; then bisect the last step
/// ```
///
/// In a chain whose owner names are not hashes, the search takes at most twice the steps of
/// bisection.
///
/// @param image the image of the zone
/// @param start offset of the first entry in the image
/// @param length number of entries
public record HashChain(MemorySegment image, long start, int length)
        implements NumberList.Order<byte[]> {

    /// Number of predictions before the search by steps. Each prediction is much closer than the
    /// one before; a fourth one would save no step.
    private static final int GUESSES_MAX = 3;

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// The chain of a zone that has none; never searched.
    static final HashChain NONE = new HashChain(MemorySegment.NULL, 0, 0);

    /// Returns the offset of an entry's hash in the image.
    public long hash(int entry) {
        return start + (long) Layout.NSEC3_ENTRY_OCTETS * entry;
    }

    /// Returns the record set of an entry.
    public int set(int entry) {
        return stored(entry) & ~Layout.ENTRY_MAY_HAVE_CHANGED;
    }

    private int stored(int entry) {
        return image.get(I32, hash(entry) + Nsec3Hash.OCTETS);
    }

    /// Returns whether an {@link Overlay} may know something else about an entry, or about what
    /// follows it.
    boolean mayHaveChanged(int entry) {
        return stored(entry) < 0;
    }

    /// Marks an entry that changes or gets another one behind it.
    public void touch(int entry) {
        image.set(
                I32, hash(entry) + Nsec3Hash.OCTETS, stored(entry) | Layout.ENTRY_MAY_HAVE_CHANGED);
    }

    /// Returns the entry that matches or covers a hash (RFC 5155 section 1.3): the one with the
    /// hash or the last one before it. The last entry precedes the first one. The chain must not be
    /// empty.
    int matchOrCover(byte[] hash) {
        int floor = floor(hash);
        return floor < 0 ? length - 1 : floor;
    }

    /// Returns the entry with a hash or the last one before it; -1 if it precedes all entries. The
    /// chain must not be empty.
    public int floor(byte[] hash) {
        int near = guess(hash);
        boolean before = compare(near, hash) <= 0;
        int low = before ? near : -1;
        int high = before ? length : near;
        boolean passed = false;
        for (int step = 1; high - low > 1; step *= 2) {
            passed |= step >= high - low;
            int middle = passed ? (low + high) >>> 1 : before ? low + step : high - step;
            boolean atOrBefore = compare(middle, hash) <= 0;
            if (atOrBefore) {
                low = middle;
            } else {
                high = middle;
            }
            passed |= atOrBefore != before;
        }
        return low;
    }

    private int guess(byte[] hash) {
        long wanted = (long) EIGHT.get(hash, 0) >>> 1;
        int at = places(wanted);
        for (int i = 1; i < GUESSES_MAX; i++) {
            int off = places(wanted - (image.get(I64, hash(at)) >>> 1));
            at = Math.clamp((long) at + off, 0, length - 1);
        }
        return at;
    }

    /// Returns the number of entries that a distance between two hashes spans.
    ///
    /// @param distance difference of their first 63 bits, may be negative
    private int places(long distance) {
        return (int) Math.multiplyHigh(distance, 2L * length);
    }

    /// Compares the hash of an entry, in the chain or behind the image, with another hash.
    @Override
    public int compare(int entry, byte[] hash) {
        long at = hash(entry);
        int order = Long.compareUnsigned(image.get(I64, at), (long) EIGHT.get(hash, 0));
        for (int i = Long.BYTES; order == 0 && i < Nsec3Hash.OCTETS; i++) {
            order = (image.get(U8, at + i) & 0xff) - (hash[i] & 0xff);
        }
        return order;
    }

    /// Compares the hashes of two entries.
    public int compare(int entry, int other) {
        long at = hash(entry);
        long there = hash(other);
        int order = Long.compareUnsigned(image.get(I64, at), image.get(I64, there));
        for (int i = Long.BYTES; order == 0 && i < Nsec3Hash.OCTETS; i++) {
            order = (image.get(U8, at + i) & 0xff) - (image.get(U8, there + i) & 0xff);
        }
        return order;
    }
}
