package org.anycastdns.benchmarks.workload;

import java.util.SplittableRandom;

/// Queries for names of which some are more popular than others.
///
/// @param <Z> the zones that have the names
abstract class PopularQueries<Z> implements Queries {

    final Z zones;
    final QueryMix mix;
    final SplittableRandom random;
    private final Zipf popularity;

    /// @param count number of names that exist
    PopularQueries(Z zones, int count, QueryMix mix, long seed) {
        this.zones = zones;
        this.mix = mix;
        random = new SplittableRandom(seed);
        popularity = new Zipf(count, mix.zipfExponent());
    }

    /// Draws whether the name exists.
    final boolean hits() {
        return random.nextDouble() < mix.hitShare();
    }

    /// Draws the index of a name that exists.
    final int present() {
        return popularity.next(random);
    }

    /// Draws the index of a name that does not exist.
    final int absent() {
        return popularity.ranks() + random.nextInt(TldZone.DELEGATIONS_MAX);
    }

    /// Draws whether the name lies below the delegation or apex.
    final boolean goesBelow() {
        return random.nextDouble() < mix.belowShare();
    }

    /// Draws whether DO is set.
    final boolean dnssecOk() {
        return random.nextDouble() < mix.dnssecOkShare();
    }
}
