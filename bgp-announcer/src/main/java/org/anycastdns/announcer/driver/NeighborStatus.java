package org.anycastdns.announcer.driver;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.announcer.session.Route;
import org.jspecify.annotations.Nullable;

/// The status of a neighbor at one moment.
///
/// @param neighbor the neighbor as configured
/// @param state the name of the session's state, e.g. "Established" (RFC 4271 section 8.2.2)
/// @param since when the session entered that state
/// @param peer the negotiated parameters; null before the neighbor's OPEN was accepted
/// @param announced the routes that the neighbor has been sent, with next hops, ordered by prefix
/// @param refused desired prefixes that cannot be announced to it, each with the reason
/// @param lastError why the last session or attempt ended; empty when there was none
/// @param flaps how many established sessions have ended
/// @param bfd the status of its BFD session; null without one
public record NeighborStatus(
        Neighbor neighbor,
        String state,
        Instant since,
        @Nullable Peer peer,
        List<Route> announced,
        Map<Prefix, String> refused,
        String lastError,
        int flaps,
        @Nullable BfdStatus bfd) {

    /// Returns the status with another BFD status.
    public NeighborStatus with(@Nullable BfdStatus other) {
        return new NeighborStatus(
                neighbor, state, since, peer, announced, refused, lastError, flaps, other);
    }
}
