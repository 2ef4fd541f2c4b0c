package org.anycastdns.server.zone;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Computes the NSEC3 hash of RFC 5155 section 5: IH(salt, x, k) = H(IH(salt, x, k-1) || salt),
/// with SHA-1, the only algorithm defined. It holds working memory, so each thread needs its own.
public final class Nsec3Hash {

    /// Maximum number of iterations for which the server hashes query names. A zone with more is
    /// served as if it were unsigned, because each query would cost that many hashes. RFC 9276
    /// section 3.1 asks for 0; validators stop at 100 to 500.
    public static final int ITERATIONS_MAX = 500;

    /// Length of a hash in octets.
    public static final int OCTETS = 20;

    private final MessageDigest sha1;
    private final byte[] hash = new byte[OCTETS];

    /// Creates a hash function with its own working memory.
    public Nsec3Hash() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// Hashes a name.
    ///
    /// @param folded contains the name in lowercase wire form
    /// @param from offset of the first octet of the name
    /// @param to offset after its last octet
    /// @return the result buffer of this object, valid until the next call
    public byte[] of(byte[] folded, int from, int to, byte[] salt, int iterations) {
        sha1.update(folded, from, to - from);
        finish(salt);
        for (int i = 0; i < iterations; i++) {
            sha1.update(hash);
            finish(salt);
        }
        return hash;
    }

    private void finish(byte[] salt) {
        sha1.update(salt);
        try {
            sha1.digest(hash, 0, OCTETS);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-1 has 20 octets", e);
        }
    }
}
