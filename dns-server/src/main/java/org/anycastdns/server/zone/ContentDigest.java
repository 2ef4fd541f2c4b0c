package org.anycastdns.server.zone;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A digest of what a zone serves: equal for two servers exactly if their answers are, whatever way
/// the zone came to each. It is the sum modulo 2^256 of the SHA-256 hashes of all records in
/// canonical form (RFC 4034 section 6.2), so that a change of some records costs as much as hashing
/// them.
///
/// It covers the records of the image: with the TTL of their record set, and without those that no
/// answer has. It detects faults and not forgery: who chooses records can make sums collide.
///
/// @param highest the first 64 bits of the sum
/// @param lowest the last 64 bits of the sum
public record ContentDigest(long highest, long high, long low, long lowest) {

    /// Octets of a hash and of the sum.
    public static final int OCTETS = 4 * Long.BYTES;

    /// The digest of a zone without records, and of no change.
    public static final ContentDigest NOTHING = new ContentDigest(0, 0, 0, 0);

    /// Bits of {@link #number}: a double holds them exactly.
    private static final int NUMBER_BITS = 48;

    /// Returns the digest of one hash.
    ///
    /// @param hash {@link #OCTETS} octets
    public static ContentDigest of(byte[] hash) {
        ByteBuffer octets = ByteBuffer.wrap(hash);
        return new ContentDigest(
                octets.getLong(), octets.getLong(), octets.getLong(), octets.getLong());
    }

    /// Returns the digest with what another one has.
    public ContentDigest plus(ContentDigest other) {
        long sum0 = lowest + other.lowest;
        long carry = carry(sum0, lowest, 0);
        long sum1 = low + other.low + carry;
        carry = carry(sum1, low, carry);
        long sum2 = high + other.high + carry;
        carry = carry(sum2, high, carry);
        return new ContentDigest(highest + other.highest + carry, sum2, sum1, sum0);
    }

    /// Returns the digest without what another one has.
    public ContentDigest minus(ContentDigest other) {
        return plus(other.negated());
    }

    private ContentDigest negated() {
        ContentDigest inverted = new ContentDigest(~highest, ~high, ~low, ~lowest);
        return inverted.plus(new ContentDigest(0, 0, 0, 1));
    }

    /// Returns what an addition carries over.
    ///
    /// @param carried what was carried over to it, 0 or 1
    private static long carry(long sum, long term, long carried) {
        int order = Long.compareUnsigned(sum, term);
        return order < 0 || (order == 0 && carried == 1) ? 1 : 0;
    }

    /// Returns the sum as octets, the highest first.
    public byte[] octets() {
        return ByteBuffer.allocate(OCTETS)
                .putLong(highest)
                .putLong(high)
                .putLong(low)
                .putLong(lowest)
                .array();
    }

    /// Returns the first 48 bits as a number, for a metric.
    public long number() {
        return highest >>> (Long.SIZE - NUMBER_BITS);
    }

    /// Returns 64 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(octets());
    }
}
