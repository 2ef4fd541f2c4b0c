package org.anycastdns.announcer.driver;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.jspecify.annotations.Nullable;

/// The status of a neighbor at one moment.
///
/// @param neighbor the neighbor as configured
/// @param state the name of the session's state, e.g. "Established" (RFC 4271 section 8.2.2)
/// @param since when the session entered that state
/// @param peer the negotiated parameters; null before the neighbor's OPEN was accepted
/// @param announced the routes that the neighbor has been sent, ordered by prefix
/// @param refused desired prefixes that cannot be announced to it, each with the reason
/// @param history what has happened, and what comes next
/// @param bfd the status of its BFD session; null without one
/// @param router the address of the neighbor at the end of the connection; null without one
public record NeighborStatus(
        Neighbor neighbor,
        String state,
        Instant since,
        @Nullable Peer peer,
        List<SentRoute> announced,
        Map<Prefix, String> refused,
        NeighborHistory history,
        @Nullable BfdStatus bfd,
        @Nullable InetAddress router) {

    /// Returns whether the neighbor gets a prefix while it is announced.
    public boolean gets(Prefix prefix) {
        return neighbor.policy().scope().includes(prefix);
    }

    /// Returns whether the neighbor has been sent a route to a prefix.
    public boolean has(Prefix prefix) {
        return announced.stream().anyMatch(route -> route.prefix().equals(prefix));
    }

    /// Returns in words why the neighbor has not been sent a prefix that is wanted.
    public String whyNot(Prefix prefix) {
        String refusal = refused.get(prefix);
        if (refusal != null) {
            return neighbor + ": " + refusal;
        }
        String error = history.lastError().isEmpty() ? "" : ", " + history.lastError();
        return neighbor + " is in state " + state + error;
    }

    /// Returns the status with another BFD status.
    public NeighborStatus with(@Nullable BfdStatus other) {
        return new NeighborStatus(
                neighbor, state, since, peer, announced, refused, history, other, router);
    }
}
