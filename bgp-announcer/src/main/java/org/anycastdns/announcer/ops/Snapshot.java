package org.anycastdns.announcer.ops;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Reason;
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

    /// Returns whether the decision is to announce, depreferenced or not. Whether any neighbor has
    /// been sent the routes is another question, see [#isSent].
    public boolean announcing() {
        return decision.level() != Decision.Level.WITHDRAWN;
    }

    /// Returns the prefixes that every neighbor should have.
    public SortedSet<Prefix> wanted() {
        SortedSet<Prefix> wanted = new TreeSet<>(backstop);
        wanted.addAll(decision.prefixes());
        return wanted;
    }

    /// Returns how many neighbors have been sent a prefix.
    public int sentTo(Prefix prefix) {
        return (int) neighbors.stream().filter(neighbor -> neighbor.has(prefix)).count();
    }

    /// Returns whether the PoP attracts traffic: the decision is to announce, and every wanted
    /// prefix has been sent to at least one neighbor.
    public boolean isSent() {
        return announcing() && wanted().stream().allMatch(prefix -> sentTo(prefix) > 0);
    }

    /// Returns whether the PoP does its job, as `/ready` reports: it is announced and the neighbors
    /// have been sent its routes, or an operator or the responder has deliberately taken it out of
    /// traffic.
    public boolean ready() {
        return isDrained() || isSent();
    }

    /// Returns whether the PoP is out of traffic on purpose, or on its way there.
    public boolean isDrained() {
        Drain drain = pipeline.drain();
        return drain.phase() != Drain.Phase.OFF
                && !drain.orders().containsKey(Drain.Source.STOPPING);
    }

    /// Returns, in sentences, why the PoP does not attract traffic; empty when it does.
    public List<String> obstacles() {
        if (!announcing()) {
            return decision.why().stream().map(Reason::text).toList();
        }
        List<String> sentences = new ArrayList<>();
        for (Prefix prefix : wanted()) {
            if (sentTo(prefix) == 0) {
                String reasons =
                        neighbors.stream()
                                .map(neighbor -> neighbor.whyNot(prefix))
                                .collect(Collectors.joining("; "));
                sentences.add(prefix + " has been sent to no neighbor: " + reasons);
            }
        }
        return sentences;
    }
}
