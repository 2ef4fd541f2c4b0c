package org.anycastdns.server.zone;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash of RFC 5155 section 5: IH(salt, x, k) = H(IH(salt, x, k-1) || salt), with SHA-1, the
/// only algorithm there is. Holds working memory, so each thread has its own.
public final class Nsec3Hash {

    /// Most iterations that are hashed for a query; a zone with more is served as if it were
    /// unsigned, since each query would cost that many hashes (RFC 9276 section 3.1 asks for 0,
    /// validators stop at 100 to 500).
    public static final int ITERATIONS_MAX = 500;

    /// Length of a hash in octets.
    public static final int OCTETS = 20;

    private final MessageDigest sha1;
    private final byte[] hash = new byte[OCTETS];

    /// A hash with working memory of its own.
    public Nsec3Hash() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// Hashes a name.
    ///
    /// @param folded holds the name in lower-case wire form
    /// @param from first octet of the name
    /// @param to one past its last octet
    /// @return this object's one result, valid until the next call
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
