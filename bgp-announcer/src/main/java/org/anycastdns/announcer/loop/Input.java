package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;

/// Everything that can reach the health loop. Inputs are data, so they can be recorded, and a
/// recording can be replayed. An input names the services that it concerns, or concerns all.
public sealed interface Input {

    /// A check or probe observed a service.
    record Observed(String service, Observation observation) implements Input {}

    /// No other input arrived for one tick.
    record Tick() implements Input {}

    /// A source ordered a drain of some services, or changed its reason.
    record DrainOrdered(Set<String> services, Drain.Source source, Reason reason) implements Input {
        public DrainOrdered {
            services = sorted(services);
        }
    }

    /// A source released its drain of some services. Their flaps are forgotten.
    record DrainReleased(Set<String> services, Drain.Source source) implements Input {
        public DrainReleased {
            services = sorted(services);
        }
    }

    /// The announcer is about to stop: drain every service within this time.
    record Stopping(Reason reason, Duration bound) implements Input {}

    /// A changed configuration applies from now on.
    ///
    /// @param services the settings of all services
    record Reconfigured(List<ServiceSettings> services) implements Input {
        public Reconfigured {
            services = List.copyOf(services);
        }
    }

    /// A heartbeat of another site about a service arrived.
    record Heard(String service, String site, Fleet.Stance stance) implements Input {}

    /// Another site has a new name, so nobody has the old one.
    record Renamed(String site) implements Input {}

    /// The session with a neighbor changed its state. No decision depends on it: a recording shows
    /// when a route could not be announced.
    ///
    /// @param neighbor the address of the neighbor
    record NeighborChanged(String neighbor, String from, String to, String reason)
            implements Input {}

    private static Set<String> sorted(Set<String> names) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
}
