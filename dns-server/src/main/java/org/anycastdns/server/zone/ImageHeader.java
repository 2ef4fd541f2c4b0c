package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;
import static org.anycastdns.server.zone.Layout.offset;

import java.lang.foreign.MemorySegment;

/// The header of an image: what is said once about a whole zone, copied out of the image.
///
/// @param seed seed of the hashes of names
/// @param buckets number of buckets
/// @param negativeSoa the SOA record set for negative answers, or {@link Zone#NONE}
/// @param iterations of the NSEC3 hash
/// @param salt of the NSEC3 hash; must not be modified
/// @param chain offset of the NSEC or NSEC3 chain in the image
/// @param chainLength number of entries of the chain
/// @param recordCount number of records without duplicates
/// @param signatureExpirySeconds when the first signature expires, in seconds since 1970; 0 if
///   there is none
record ImageHeader(
        long seed,
        int buckets,
        int negativeSoa,
        Denial denial,
        int iterations,
        byte[] salt,
        long chain,
        int chainLength,
        int recordCount,
        long signatureExpirySeconds) {

    /// The header of a zone that could not be loaded.
    static final ImageHeader NONE =
            new ImageHeader(0, 0, Zone.NONE, Denial.UNSIGNED, 0, new byte[0], 0, 0, 0, 0);

    /// Reads the header of an image.
    ///
    /// @throws IndexOutOfBoundsException if the image is too short for what its header says
    /// @throws IllegalArgumentException if no {@link Denial} has the code in the header
    static ImageHeader of(MemorySegment image) {
        long salt = offset(image.get(I32, Layout.SALT));
        return new ImageHeader(
                image.get(I64, Layout.SEED),
                image.get(I32, Layout.BUCKETS),
                image.get(I32, Layout.NEGATIVE_SOA),
                Denial.of(image.get(U16, Layout.DENIAL)),
                image.get(U16, Layout.ITERATIONS) & 0xffff,
                image.asSlice(salt, image.get(I32, Layout.SALT_OCTETS)).toArray(U8),
                offset(image.get(I32, Layout.CHAIN)),
                image.get(I32, Layout.CHAIN_LENGTH),
                image.get(I32, Layout.RECORD_COUNT),
                image.get(I64, Layout.SIGNATURE_EXPIRY));
    }
}
