package org.anycastdns.announcer.session;

import org.anycastdns.announcer.message.RouterId;

/// This speaker, as every neighbor sees it.
///
/// @param asn our AS number, 1 to 4294967295
/// @param routerId our BGP Identifier; must be unique per node
/// @param holdSeconds the hold time we propose in seconds: 0 (no keepalives) or 3 to 65535
public record Local(long asn, RouterId routerId, int holdSeconds) {

    /// The default hold time in seconds. It is short, because the hold timer is what withdraws the
    /// routes of a hung announcer.
    public static final int HOLD_SECONDS = 9;

    /// The maximum AS number (RFC 6793); 0 is reserved (RFC 7607).
    public static final long ASN_MAX = 0xffff_ffffL;

    /// The maximum hold time in seconds: two octets (RFC 4271 section 4.2).
    public static final int HOLD_SECONDS_MAX = 0xffff;

    public Local {
        if (asn < 1 || asn > ASN_MAX) {
            throw new IllegalArgumentException("AS " + asn + " is not within 1 to " + ASN_MAX);
        }
        if (routerId.bits() == 0) {
            throw new IllegalArgumentException("the router id must not be 0.0.0.0");
        }
        if (holdSeconds < 0
                || holdSeconds == 1
                || holdSeconds == 2
                || holdSeconds > HOLD_SECONDS_MAX) {
            throw new IllegalArgumentException(
                    "hold time " + holdSeconds + " is neither 0 nor within 3 to 65535 seconds");
        }
    }

    /// Creates a speaker with the default hold time.
    public Local(long asn, RouterId routerId) {
        this(asn, routerId, HOLD_SECONDS);
    }
}
