package org.anycastdns.server.zone;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Computes SHA-256 digests. Content that several threads process gets the digest of the digests of
/// its parts.
public final class Sha256 {

    private Sha256() {}

    /// Returns a new SHA-256 digest; every JDK supports it.
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Returns the digest of digests.
    public static byte[] of(byte[][] digests) {
        MessageDigest all = begin();
        for (byte[] each : digests) {
            all.update(each);
        }
        return all.digest();
    }

    /// Returns a hash seed: the first octets of a digest.
    public static long seed(byte[] digest) {
        return ByteBuffer.wrap(digest).getLong();
    }
}
