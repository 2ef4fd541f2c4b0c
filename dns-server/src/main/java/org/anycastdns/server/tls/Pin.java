package org.anycastdns.server.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// The SHA-256 digest of a public key with its algorithm (SPKI), in base64, as `kdig +tls-pin` and
/// other tools write it (RFC 7858 section 4.2).
///
/// @param text the digest in base64
public record Pin(String text) {

    private static final int OCTETS = 32;

    /// Parses a pin.
    ///
    /// @throws IllegalArgumentException with a message for the operator
    public static Pin of(String text) {
        try {
            byte[] octets = Base64.getDecoder().decode(text);
            if (octets.length == OCTETS) {
                return new Pin(Base64.getEncoder().encodeToString(octets));
            }
        } catch (IllegalArgumentException e) {
            // falls through to the message
        }
        throw new IllegalArgumentException(
                "must be the SHA-256 digest of a public key in base64 (44 characters), not '%s'"
                        .formatted(text));
    }

    /// Returns the pin of a certificate's key.
    public static Pin of(X509Certificate certificate) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(certificate.getPublicKey().getEncoded());
            return new Pin(Base64.getEncoder().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
