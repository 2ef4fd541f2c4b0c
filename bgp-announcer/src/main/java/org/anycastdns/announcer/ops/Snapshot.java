package org.anycastdns.announcer.ops;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.message.Prefix;

/// How things stand at one moment.
///
/// @param identity this site's name
/// @param version of the program
/// @param started when the program started
/// @param responder what is probed
/// @param prefixes what is configured to be announced
/// @param decision what the neighbours are to be told
/// @param since when that was decided
/// @param evidence what the decision rests on
/// @param neighbors every neighbour and what it was told
public record Snapshot(
        String identity,
        String version,
        Instant started,
        InetSocketAddress responder,
        Set<Prefix> prefixes,
        Decision decision,
        Instant since,
        Evidence evidence,
        List<NeighborStatus> neighbors) {

    /// Whether the prefixes are to be announced: what `/ready` tells.
    public boolean announcing() {
        return switch (decision) {
            case Decision.Announce _ -> true;
            case Decision.Withdraw _ -> false;
        };
    }
}
