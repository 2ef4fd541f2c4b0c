package org.anycastdns.benchmarks.workload;

/// An endless list of queries, the same for the same seed.
@FunctionalInterface
public interface Queries {

    /// The next one.
    Query next();
}
