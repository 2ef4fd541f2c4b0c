package org.anycastdns.benchmarks.workload;

import java.util.SplittableRandom;

/// Queries for {@link SmallZones}: zone names, `www` below them, which does not exist, and zones
/// that are not served.
public final class SmallZoneQueries implements Queries {

    private final SmallZones zones;
    private final QueryMix mix;
    private final SplittableRandom random;
    private final Zipf popularity;

    /// Creates the queries.
    public SmallZoneQueries(SmallZones zones, QueryMix mix, long seed) {
        this.zones = zones;
        this.mix = mix;
        random = new SplittableRandom(seed);
        popularity = new Zipf(zones.count(), mix.zipfExponent());
    }

    @Override
    public Query next() {
        boolean hit = random.nextDouble() < mix.hitShare();
        String origin =
                zones.origin(
                        hit
                                ? popularity.next(random)
                                : zones.count() + random.nextInt(TldZone.DELEGATIONS_MAX));
        boolean below = random.nextDouble() < mix.belowShare();
        return new Query(
                below ? "www." + origin : origin,
                QueryMix.type(random),
                random.nextDouble() < mix.dnssecOkShare());
    }
}
