package org.anycastdns.server.guard;

import java.util.List;

/// The peers that may do something. An empty list allows nobody.
public record AccessList(List<AccessRule> rules) {

    public AccessList {
        rules = List.copyOf(rules);
    }

    /// Returns whether a peer may, or the reason that is nearest to it.
    public Access access(Peer peer) {
        Access best = Access.OTHER_ADDRESS;
        for (AccessRule rule : rules) {
            Access each = rule.access(peer);
            best = each.compareTo(best) > 0 ? each : best;
        }
        return best;
    }
}
