package org.anycastdns.benchmarks.workload;

import java.util.SplittableRandom;

/// The hosting providers of a {@link TldZone}, by rank: the most popular one comes first. The
/// servers of every fourth provider are in the zone.
final class Hosters {

    private static final int DELEGATIONS_PER_HOSTER = 250;
    private static final double EXPONENT = 1.0;

    private final Labels labels;
    private final Zipf popularity;
    private final int count;

    /// @param delegations number of delegations of the zone
    Hosters(int delegations, long seed) {
        labels = new Labels(~seed);
        count = Math.max(1, delegations / DELEGATIONS_PER_HOSTER);
        popularity = new Zipf(count, EXPONENT);
    }

    /// Draws the rank of a provider.
    int next(SplittableRandom random) {
        return popularity.next(random);
    }

    /// Returns the number of providers in this zone. Ranks 2, 6, 10, ... have the delegations 0, 1,
    /// 2, ...
    int insideCount() {
        return (count + 1) / 4;
    }

    /// Returns whether the servers of a provider are in this zone.
    boolean isInside(int rank) {
        return rank % 4 == 2;
    }

    /// Returns the domain of a provider outside this zone.
    String domain(int rank) {
        return labels.of(rank) + ".example.";
    }
}
