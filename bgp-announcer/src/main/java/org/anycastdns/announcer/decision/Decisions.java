package org.anycastdns.announcer.decision;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// The decisions about all services of a site.
///
/// @param byService the decision about each service, by its name, in the order of the configuration
public record Decisions(Map<String, Decision> byService) {

    public Decisions {
        byService = Collections.unmodifiableMap(new LinkedHashMap<>(byService));
    }

    /// Returns the same decision about each of these services.
    public static Decisions all(Collection<String> services, Decision decision) {
        Map<String, Decision> same = new LinkedHashMap<>();
        services.forEach(service -> same.put(service, decision));
        return new Decisions(same);
    }

    /// Returns a withdrawal of every service.
    public Decisions withdrawn(Reason reason) {
        return all(byService.keySet(), new Decision.Withdraw(reason));
    }

    /// Returns the decision about a service; a withdrawal with this reason for a service that is
    /// not among them.
    public Decision of(String service, Reason otherwise) {
        Decision decision = byService.get(service);
        return decision == null ? new Decision.Withdraw(otherwise) : decision;
    }

    /// Returns the prefixes that are announced for any service.
    public Set<Prefix> prefixes() {
        Set<Prefix> all = new TreeSet<>();
        byService.values().forEach(decision -> all.addAll(decision.prefixes()));
        return all;
    }
}
