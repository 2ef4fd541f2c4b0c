package org.anycastdns.announcer.session;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How the packets between us and a neighbor are protected.
///
/// @param password the key of the TCP MD5 signature (RFC 2385), 1 to 80 octets of UTF-8; null
///   disables signatures
/// @param ttlSecurity whether the TTL of received packets must show at most `hops` hops (RFC 5082)
/// @param hops how many hops away the neighbor may be, 1 to 255; 1 is the same link
public record Link(@Nullable String password, boolean ttlSecurity, int hops) {

    /// A neighbor on the same link without protection.
    public static final Link DIRECT = new Link(null, false, 1);

    /// The maximum length of a password in octets: TCP_MD5SIG_MAXKEYLEN of Linux.
    public static final int PASSWORD_OCTETS_MAX = 80;

    /// The maximum TTL, and the maximum number of hops.
    public static final int TTL_MAX = 255;

    public Link {
        if (password != null) {
            int octets = password.getBytes(StandardCharsets.UTF_8).length;
            if (octets < 1 || octets > PASSWORD_OCTETS_MAX) {
                throw new IllegalArgumentException(
                        "a password of " + octets + " octets, not 1 to " + PASSWORD_OCTETS_MAX);
            }
        }
        if (hops < 1 || hops > TTL_MAX) {
            throw new IllegalArgumentException(hops + " hops are not within 1 to " + TTL_MAX);
        }
    }

    /// Returns the TTL or hop limit to send with; 0 means the system's default. Towards another AS
    /// it is no larger than needed, so that a session never comes up over a detour.
    ///
    /// @param external whether the neighbor is in another AS (eBGP)
    public int ttl(boolean external) {
        if (ttlSecurity) {
            return TTL_MAX;
        }
        return external ? hops : 0;
    }

    /// Returns the minimum TTL or hop limit to accept (RFC 5082 section 3); 0 accepts any.
    public int ttlMin() {
        return ttlSecurity ? TTL_MAX + 1 - hops : 0;
    }

    /// Returns a possible cause when the neighbor does not answer; empty when nothing is checked.
    /// The system silently drops packets that fail these checks.
    String doubt() {
        String keys = "the password (TCP-MD5) may differ at the neighbor";
        String ttl = "the neighbor may not send with TTL 255 (ttl-security)";
        if (password != null) {
            return "; " + keys + (ttlSecurity ? ", or " + ttl : "");
        }
        return ttlSecurity ? "; " + ttl : "";
    }

    /// Leaves out the password, because records end up in logs.
    @Override
    public String toString() {
        return "Link[password="
                + (password == null ? "none" : "secret")
                + ", ttlSecurity="
                + ttlSecurity
                + ", hops="
                + hops
                + "]";
    }
}
