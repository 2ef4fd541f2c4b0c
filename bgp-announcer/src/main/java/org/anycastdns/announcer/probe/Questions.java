package org.anycastdns.announcer.probe;

import java.util.List;
import org.xbill.DNS.Name;

/// What the probes ask.
public interface Questions {

    /// The questions of the next probe; at least one.
    List<Query> next();

    /// How many of the questions of a probe must be answered right.
    default int required(List<Query> asked) {
        return asked.size();
    }

    /// Is told that an answer was wrong: what is asked may be out of date.
    default void doubtful() {}

    /// The SOA of each of these zones, every time.
    ///
    /// @param required how many of them must be answered right
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
