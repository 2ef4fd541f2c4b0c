package org.anycastdns.announcer.bfd;

/// How the packets of a session are signed: SHA1 with a key that both ends share (RFC 5880 section
/// 6.7.4).
///
/// @param type the authentication type
/// @param keyId the number of the key, the same at the other end; 0 to 255
/// @param key the key, 1 to 20 octets in UTF-8
public record BfdAuthentication(Type type, int keyId, String key) {

    /// The maximum length of a key in octets, which is the length of a SHA1 hash.
    public static final int KEY_OCTETS_MAX = 20;

    /// The maximum number of a key.
    public static final int KEY_ID_MAX = 255;

    /// The types of RFC 5880 section 4.4 with SHA1.
    public enum Type {
        /// No sequence number is accepted twice, so no packet can be replayed.
        METICULOUS_KEYED_SHA1,
        /// The last packet can be replayed.
        KEYED_SHA1;

        /// Returns the value on the wire.
        int code() {
            return switch (this) {
                case KEYED_SHA1 -> 4;
                case METICULOUS_KEYED_SHA1 -> 5;
            };
        }
    }

    /// Leaves out the key, because records end up in logs.
    @Override
    public String toString() {
        return type + " with key " + keyId;
    }
}
