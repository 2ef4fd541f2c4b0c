package org.anycastdns.announcer.driver;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.announcer.session.Route;
import org.jspecify.annotations.Nullable;

/// What there is to tell about a neighbor at one moment.
///
/// @param neighbor the neighbor as configured
/// @param state the name of the session's state, e.g. "Established" (RFC 4271 section 8.2.2)
/// @param since when it entered that state
/// @param peer what was agreed with it; null before its OPEN was accepted
/// @param announced the routes it has been sent, next hops filled in, ordered by prefix
/// @param refused prefixes that are desired and cannot be announced to it, each with the reason
/// @param lastError the reason the last session or attempt ended for; empty when there was none
/// @param flaps how many established sessions have ended
/// @param bfd the BFD session with it; null without
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

    /// The same with BFD's part.
    public NeighborStatus with(@Nullable BfdStatus other) {
        return new NeighborStatus(
                neighbor, state, since, peer, announced, refused, lastError, flaps, other);
    }
}
