package org.anycastdns.announcer.ops;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.ServiceEvidence;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// The status of one service at one moment.
///
/// @param name the name of the service
/// @param responder the probed address of its dns-server; null if it has only checks
/// @param prefixes its configured prefixes
/// @param decision the decision in force
/// @param since when its announced routes last changed
/// @param reasonsSince since when each cause of the decision has applied
/// @param evidence the current evidence
/// @param pipeline the state of the decision pipeline
public record ServiceStatus(
        String name,
        @Nullable InetSocketAddress responder,
        Set<Prefix> prefixes,
        Decision decision,
        Instant since,
        Map<Cause, Instant> reasonsSince,
        ServiceEvidence evidence,
        DecisionPipeline pipeline) {

    /// Returns whether the decision is to announce, depreferenced or not. Whether any neighbor has
    /// been sent the routes is another question, see [Snapshot#isSent].
    public boolean announcing() {
        return decision.level() != Decision.Level.WITHDRAWN;
    }

    /// Returns whether the service is out of traffic on purpose, or on its way there.
    public boolean isDrained() {
        Drain drain = pipeline.drain();
        return drain.phase() != Drain.Phase.OFF
                && !drain.orders().containsKey(Drain.Source.STOPPING);
    }
}
