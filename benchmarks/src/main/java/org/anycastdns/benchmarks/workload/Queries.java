package org.anycastdns.benchmarks.workload;

/// An endless sequence of queries that is the same for the same seed.
@FunctionalInterface
public interface Queries {

    /// Returns the next query.
    Query next();
}
