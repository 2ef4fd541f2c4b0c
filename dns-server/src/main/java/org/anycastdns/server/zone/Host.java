package org.anycastdns.server.zone;

import org.anycastdns.server.wire.Name;

/// A host that RDATA names (an NS, MX, SRV or SVCB target) and where its addresses stand in the
/// zone.
///
/// @param owner the name under which the addresses are given
/// @param node has the addresses: the host's own node, or the wildcard that covers it
public record Host(Name owner, Node node) {}
