package org.anycastdns.server.zone.build;

import java.nio.ByteBuffer;

/// The numbers at the start of RRSIG RDATA (RFC 4034 section 3.1):
///
/// ```
///   type covered (2) | algorithm (1) | labels (1) | original TTL (4) | expiration (4) | ...
/// ```
public final class RrsigFields {

    private static final int EXPIRATION = 8;

    private RrsigFields() {}

    /// Returns the type covered.
    ///
    /// @param offset offset of the RDATA in the octets
    public static int covered(byte[] octets, int offset) {
        return (octets[offset] & 0xff) << 8 | (octets[offset + 1] & 0xff);
    }

    /// Returns when the signature expires, in seconds since 1970, up to the year 2106.
    ///
    /// @param offset offset of the RDATA in the octets
    public static long expirySeconds(byte[] octets, int offset) {
        return ByteBuffer.wrap(octets).getInt(offset + EXPIRATION) & 0xffff_ffffL;
    }
}
