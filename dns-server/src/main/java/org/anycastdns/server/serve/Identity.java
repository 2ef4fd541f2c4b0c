package org.anycastdns.server.serve;

/// The identity that this responder reports by NSID (RFC 5001) and CHAOS TXT (RFC 4892).
///
/// @param name name of the PoP, 1 to 255 octets in UTF-8
/// @param version text of version.server and version.bind, at most 255 octets; empty hides it
///   (REFUSED)
public record Identity(String name, String version) {

    /// The longest character-string in octets (RFC 1035 section 3.3).
    public static final int OCTETS_MAX = 255;

    public Identity {
        int octets = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (octets == 0 || octets > OCTETS_MAX) {
            throw new IllegalArgumentException(
                    "identity must have 1 to %d octets, not %d".formatted(OCTETS_MAX, octets));
        }
        if (version.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > OCTETS_MAX) {
            throw new IllegalArgumentException("version is longer than 255 octets");
        }
    }
}
