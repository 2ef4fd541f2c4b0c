package org.anycastdns.announcer.ops;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// The status of the announcer at one moment: what is wanted of each service, and what the
/// neighbors have been sent.
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

    /// Returns how many neighbors get a prefix while it is announced.
    public int givenTo(Prefix prefix) {
        return (int) neighbors.stream().filter(neighbor -> neighbor.gets(prefix)).count();
    }

    /// Returns the prefixes that every neighbor should have that gets them.
    public SortedSet<Prefix> wanted() {
        SortedSet<Prefix> wanted = new TreeSet<>(backstop);
        services.forEach(service -> wanted.addAll(service.decision().prefixes()));
        return wanted;
    }

    /// Returns how many neighbors have been sent a prefix.
    public int sentTo(Prefix prefix) {
        return (int) neighbors.stream().filter(neighbor -> neighbor.has(prefix)).count();
    }

    /// Returns whether a service attracts traffic: the decision is to announce, and each of its
    /// wanted prefixes has been sent to at least one neighbor.
    public boolean isSent(ServiceStatus service) {
        return service.announcing()
                && service.decision().prefixes().stream().allMatch(prefix -> sentTo(prefix) > 0);
    }

    /// Returns whether every service attracts traffic, and the backstop has been sent too.
    public boolean isSent() {
        return services.stream().allMatch(this::isSent)
                && backstop.stream().allMatch(prefix -> sentTo(prefix) > 0);
    }

    /// Returns whether every service does its job, as `/ready` reports: it is announced and the
    /// neighbors have been sent its routes, or an operator or the responder has deliberately taken
    /// it out of traffic.
    public boolean ready() {
        return services.stream().allMatch(service -> service.isDrained() || isSent(service));
    }

    /// Returns, in sentences, why not every service attracts traffic; empty when each does.
    public List<String> obstacles() {
        List<String> sentences = new ArrayList<>();
        for (ServiceStatus service : services) {
            if (!service.announcing()) {
                service.decision().why().stream().map(Reason::text).forEach(sentences::add);
            }
        }
        for (Prefix prefix : wanted()) {
            if (sentTo(prefix) == 0 && givenTo(prefix) > 0) {
                String reasons =
                        neighbors.stream()
                                .filter(neighbor -> neighbor.gets(prefix))
                                .map(neighbor -> neighbor.whyNot(prefix))
                                .collect(Collectors.joining("; "));
                sentences.add(prefix + " has been sent to no neighbor: " + reasons);
            }
        }
        return sentences;
    }
}
