package org.anycastdns.benchmarks.workload;

/// Queries for {@link SmallZones}: zone names, `www` below them, which does not exist, and zones
/// that are not served.
public final class SmallZoneQueries extends PopularQueries<SmallZones> {

    /// Creates the queries.
    public SmallZoneQueries(SmallZones zones, QueryMix mix, long seed) {
        super(zones, zones.count(), mix, seed);
    }

    @Override
    public Query next() {
        String origin = zones.origin(hits() ? present() : absent());
        String name = goesBelow() ? "www." + origin : origin;
        return new Query(name, QueryMix.type(random), dnssecOk());
    }
}
