package org.anycastdns.announcer.ops;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.message.Prefix;

/// The status of the announcer at one moment.
///
/// @param identity the name of this site
/// @param version the version of the program
/// @param started when the program started
/// @param services the status of each service, in the order of the configuration; at least one
/// @param backstop the prefixes that are announced whatever the health of the services is
/// @param neighbors the status of every neighbor
/// @param warnings what the configuration exposes to others, in sentences
public record Snapshot(
        String identity,
        String version,
        Instant started,
        List<ServiceStatus> services,
        Set<Prefix> backstop,
        List<NeighborStatus> neighbors,
        List<String> warnings) {

    public Snapshot {
        services = List.copyOf(services);
    }

    /// Returns the service that is worst off: the one with the least attractive routes.
    public ServiceStatus gravest() {
        return services.stream()
                .min(Comparator.comparing(service -> service.decision().level()))
                .orElseThrow();
    }

    /// Returns the configured prefixes of all services.
    public Set<Prefix> prefixes() {
        Set<Prefix> all = new TreeSet<>();
        services.forEach(service -> all.addAll(service.prefixes()));
        return all;
    }

    /// Returns whether every service receives traffic and none is draining, as `/ready` reports.
    public boolean ready() {
        return services.stream().allMatch(ServiceStatus::ready);
    }
}
