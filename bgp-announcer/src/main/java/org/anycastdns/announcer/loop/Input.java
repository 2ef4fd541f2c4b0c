package org.anycastdns.announcer.loop;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// Everything that can reach the health loop. Inputs are data, so they can be recorded, and a
/// recording can be replayed.
public sealed interface Input {

    /// A check observed the responder.
    record Observed(Observation observation) implements Input {}

    /// No other input arrived for one tick.
    record Tick() implements Input {}

    /// A source ordered a drain, or changed its reason.
    record DrainOrdered(Drain.Source source, Reason reason) implements Input {}

    /// A source released its drain. The flaps of the site are forgotten.
    record DrainReleased(Drain.Source source) implements Input {}

    /// The announcer is about to stop: drain at this pace.
    record Stopping(Reason reason, Drain.Pace pace) implements Input {}

    /// A changed configuration applies from now on.
    record Reconfigured(Set<Prefix> prefixes, DepreferencePolicy policy, Drain.Pace pace)
            implements Input {
        public Reconfigured {
            prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
        }
    }

    /// A heartbeat of another site arrived.
    record Heard(String site, Fleet.Stance stance) implements Input {}

    /// The session with a neighbor changed its state. No decision depends on it: a recording shows
    /// when a route could not be announced.
    ///
    /// @param neighbor the address of the neighbor
    record NeighborChanged(String neighbor, String from, String to, String reason)
            implements Input {}
}
