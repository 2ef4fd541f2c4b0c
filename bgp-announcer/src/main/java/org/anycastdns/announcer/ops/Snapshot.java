package org.anycastdns.announcer.ops;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.message.Prefix;

/// How things stand at one moment.
///
/// @param identity this site's name
/// @param version of the program
/// @param started when the program started
/// @param responder what is probed
/// @param prefixes what is configured to be announced
/// @param backstop what is announced besides, however the responder does
/// @param decision what the neighbors are to be told
/// @param since when that was decided
/// @param reasonsSince since when each cause of the decision has been one
/// @param evidence what the decision rests on
/// @param pipeline how the decision came about
/// @param neighbors every neighbor and what it was told
public record Snapshot(
        String identity,
        String version,
        Instant started,
        InetSocketAddress responder,
        Set<Prefix> prefixes,
        Set<Prefix> backstop,
        Decision decision,
        Instant since,
        Map<Cause, Instant> reasonsSince,
        Evidence evidence,
        DecisionPipeline pipeline,
        List<NeighborStatus> neighbors) {

    /// Whether the prefixes are announced, attractive or not.
    public boolean announcing() {
        return decision.level() != Decision.Level.WITHDRAWN;
    }

    /// Whether this site takes traffic and will go on doing so: what `/ready` tells.
    public boolean ready() {
        return announcing() && pipeline.drain().phase() == Drain.Phase.OFF;
    }
}
