package org.anycastdns.announcer.session;

import java.util.Set;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.RouterId;

/// The speaker at the other end, as its OPEN describes it, and the negotiated parameters.
///
/// @param asn its AS number
/// @param routerId its BGP Identifier
/// @param holdSeconds the smaller of both hold times in seconds; 0 means no keepalives and no hold
///   timer
/// @param families the address families that both ends support
/// @param ipv4ViaIpv6 whether IPv4 prefixes may have an IPv6 next hop (RFC 8950)
/// @param fourOctetAs whether AS paths use four-octet AS numbers (RFC 6793)
public record Peer(
        long asn,
        RouterId routerId,
        int holdSeconds,
        Set<Family> families,
        boolean ipv4ViaIpv6,
        boolean fourOctetAs) {

    /// The minimum send hold time in milliseconds. RFC 9687 section 5 suggests eight minutes, or
    /// twice the hold time if that is longer.
    static final long SEND_HOLD_MILLIS_MIN = 480_000;

    /// Returns the action that restarts the hold timer, or stops it when the hold time is 0.
    Action holdTimer() {
        return timer(Timer.HOLD, holdSeconds * 1000L);
    }

    /// Returns the action that restarts the keepalive timer, or stops it when the hold time is 0.
    Action keepaliveTimer() {
        return timer(Timer.KEEPALIVE, holdSeconds * 1000L / 3);
    }

    /// Returns the action that restarts the send hold timer, or stops it when the hold time is 0.
    Action sendHoldTimer() {
        return timer(Timer.SEND_HOLD, Math.max(SEND_HOLD_MILLIS_MIN, 2_000L * holdSeconds));
    }

    private Action timer(Timer timer, long millis) {
        return holdSeconds == 0 ? new Action.Disarm(timer) : new Action.Arm(timer, millis);
    }
}
