package org.anycastdns.announcer.check;

import java.util.List;
import org.xbill.DNS.Name;

/// The queries that the probes send.
public interface Questions {

    /// Returns the queries of the next probe; at least one.
    List<Query> next();

    /// Returns how many queries of a probe must be answered correctly.
    default int required(List<Query> asked) {
        return asked.size();
    }

    /// Called when a response was wrong, because the list of queries may be out of date.
    default void doubtful() {}

    /// Returns queries for the SOA of each of these zones, in every probe.
    ///
    /// @param required how many of them must be answered correctly
    static Questions zones(List<Name> zones, int required) {
        List<Query> queries = zones.stream().map(Query::soa).toList();
        return new Questions() {
            @Override
            public List<Query> next() {
                return queries;
            }

            @Override
            public int required(List<Query> asked) {
                return required;
            }
        };
    }
}
