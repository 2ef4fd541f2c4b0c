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
        boolean fourOctetAs) {}
