package org.anycastdns.announcer.session;

import java.util.Set;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.RouterId;

/// The speaker at the other end, as its OPEN described it, and what was agreed with it.
///
/// @param asn its AS number
/// @param routerId its BGP Identifier
/// @param holdSeconds the smaller of both hold times; 0 means neither keepalives nor hold timer
/// @param families the address families both ends speak
/// @param ipv4ViaIpv6 whether IPv4 prefixes may have an IPv6 next hop (RFC 8950)
/// @param fourOctetAs whether AS paths carry four octets a number (RFC 6793)
public record Peer(
        long asn,
        RouterId routerId,
        int holdSeconds,
        Set<Family> families,
        boolean ipv4ViaIpv6,
        boolean fourOctetAs) {

    /// How long it may take nothing, at least: RFC 9687 section 5 gives it eight minutes, or twice
    /// the hold time when that is longer.
    static final long SEND_HOLD_MILLIS_MIN = 480_000;

    /// Returns the action that starts the hold timer anew, or stops it when none was agreed.
    Action holdTimer() {
        return timer(Timer.HOLD, holdSeconds * 1000L);
    }

    /// Returns the action that starts the keepalive timer anew, or stops it when none was agreed.
    Action keepaliveTimer() {
        return timer(Timer.KEEPALIVE, holdSeconds * 1000L / 3);
    }

    /// Returns the action that starts the send hold timer anew, or stops it without a hold timer.
    Action sendHoldTimer() {
        return timer(Timer.SEND_HOLD, Math.max(SEND_HOLD_MILLIS_MIN, 2_000L * holdSeconds));
    }

    private Action timer(Timer timer, long millis) {
        return holdSeconds == 0 ? new Action.Disarm(timer) : new Action.Arm(timer, millis);
    }
}
