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

/// The status of the announcer at one moment.
///
/// @param identity the name of this site
/// @param version the version of the program
/// @param started when the program started
/// @param responder the probed address
/// @param prefixes the configured prefixes
/// @param backstop the prefixes that are announced regardless of the responder's health
/// @param decision the decision in force
/// @param since when the announced routes last changed
/// @param reasonsSince since when each cause of the decision has applied
/// @param evidence the current evidence
/// @param pipeline the state of the decision pipeline
/// @param neighbors the status of every neighbor
/// @param warnings what the configuration exposes to others, in sentences
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
        List<NeighborStatus> neighbors,
        List<String> warnings) {

    /// Returns whether the prefixes are announced, depreferenced or not.
    public boolean announcing() {
        return decision.level() != Decision.Level.WITHDRAWN;
    }

    /// Returns whether this site receives traffic and is not draining, as `/ready` reports.
    public boolean ready() {
        return announcing() && pipeline.drain().phase() == Drain.Phase.OFF;
    }
}
