package org.anycastdns.server.zone;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The NSEC3 records of a zone in the order of their hashes (RFC 5155 section 3), all with the
/// parameters of the apex's NSEC3PARAM.
public final class Nsec3Chain {

    /// Most iterations that are hashed for a query; a zone with more is served as if it were
    /// unsigned, since each query would cost that many hashes (RFC 9276 section 3.1 asks for 0,
    /// validators stop at 100 to 500).
    public static final int ITERATIONS_MAX = 500;

    private final byte[] salt;
    private final int iterations;
    private final byte[][] hashes;
    private final DenialRecord[] records;

    /// One NSEC3 record with its hash, the first label of its owner decoded.
    record Hashed(byte[] hash, DenialRecord record) implements Comparable<Hashed> {
        @Override
        public int compareTo(Hashed other) {
            return Arrays.compareUnsigned(hash, other.hash);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Hashed that && Arrays.equals(hash, that.hash);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(hash);
        }
    }

    Nsec3Chain(byte[] salt, int iterations, List<Hashed> hashed) {
        this.salt = salt;
        this.iterations = iterations;
        List<Hashed> inOrder = hashed.stream().sorted().toList();
        hashes = inOrder.stream().map(Hashed::hash).toArray(byte[][]::new);
        records = inOrder.stream().map(Hashed::record).toArray(DenialRecord[]::new);
    }

    /// The hash of a name with this chain's parameters.
    ///
    /// @param folded holds the name in lower-case wire form between the two offsets
    public byte[] hash(Nsec3Hash with, byte[] folded, int from, int to) {
        return with.of(folded, from, to, salt, iterations);
    }

    /// The record of exactly this hash, or null.
    public @Nullable DenialRecord match(byte[] hash) {
        int at = atOrBefore(hash);
        return Arrays.equals(hashes[at], hash) ? records[at] : null;
    }

    /// The record of this hash or the last one before it, in the ring of hashes (RFC 5155 section
    /// 1.3, "cover").
    public DenialRecord matchOrCover(byte[] hash) {
        return records[atOrBefore(hash)];
    }

    private int atOrBefore(byte[] hash) {
        int low = -1;
        int high = hashes.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >> 1;
            if (Arrays.compareUnsigned(hashes[middle], hash) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low < 0 ? hashes.length - 1 : low;
    }
}
