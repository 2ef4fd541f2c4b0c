package org.anycastdns.server.zone;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256, which every JDK has, of content that several threads may work on: the digest of the
/// digests of its parts.
final class Sha256 {

    private Sha256() {}

    /// A new one.
    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The digest of digests.
    static byte[] of(byte[][] digests) {
        MessageDigest all = begin();
        for (byte[] each : digests) {
            all.update(each);
        }
        return all.digest();
    }

    /// A seed for hashes out of a digest: its first octets.
    static long seed(byte[] digest) {
        return ByteBuffer.wrap(digest).getLong();
    }
}
