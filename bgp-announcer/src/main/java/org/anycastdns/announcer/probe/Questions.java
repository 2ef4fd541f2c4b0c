package org.anycastdns.announcer.probe;

import java.util.List;
import org.xbill.DNS.Name;

/// What the probes ask.
public interface Questions {

    /// The questions of the next probe; at least one.
    List<Query> next();

    /// Is told that an answer was wrong: what is asked may be out of date.
    default void doubtful() {}

    /// The SOA of each of these zones, every time.
    static Questions zones(List<Name> zones) {
        List<Query> queries = zones.stream().map(Query::soa).toList();
        return () -> queries;
    }
}
