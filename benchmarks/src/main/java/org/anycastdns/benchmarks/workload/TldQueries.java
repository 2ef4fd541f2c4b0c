package org.anycastdns.benchmarks.workload;

import java.util.SplittableRandom;

/// Queries for a {@link TldZone}: delegations, names below them, addresses of name servers, the
/// zone apex, and names that do not exist.
public final class TldQueries implements Queries {

    /// One in so many hits asks for the zone apex, and one in so many for a name server.
    private static final int ONE_FOR_APEX = 200;

    private static final int ONE_FOR_SERVER = 20;
    private static final String[] APEX_TYPES = {"SOA", "NS", "DNSKEY", "A", "NSEC"};
    private static final String[] BELOW = {"www", "www", "www", "mail", "api.v1", "_dmarc", "cdn"};

    private final TldZone zone;
    private final QueryMix mix;
    private final SplittableRandom random;
    private final Zipf popularity;

    /// Creates the queries.
    public TldQueries(TldZone zone, QueryMix mix, long seed) {
        this.zone = zone;
        this.mix = mix;
        random = new SplittableRandom(seed);
        popularity = new Zipf(zone.delegations(), mix.zipfExponent());
    }

    @Override
    public Query next() {
        boolean dnssecOk = random.nextDouble() < mix.dnssecOkShare();
        if (random.nextDouble() >= mix.hitShare()) {
            int absent = zone.delegations() + random.nextInt(TldZone.DELEGATIONS_MAX);
            return new Query(below(absent), QueryMix.type(random), dnssecOk);
        }
        if (random.nextInt(ONE_FOR_APEX) == 0) {
            return new Query(TldZone.ORIGIN, pick(APEX_TYPES), dnssecOk);
        }
        int index = popularity.next(random);
        if (random.nextInt(ONE_FOR_SERVER) == 0 && zone.hasOwnServers(index)) {
            String server = "ns" + random.nextInt(1, 4) + "." + name(index);
            return new Query(server, random.nextBoolean() ? "A" : "AAAA", dnssecOk);
        }
        return new Query(below(index), QueryMix.type(random), dnssecOk);
    }

    private String below(int index) {
        String name = name(index);
        return random.nextDouble() < mix.belowShare() ? pick(BELOW) + "." + name : name;
    }

    private String name(int index) {
        return zone.label(index) + "." + TldZone.ORIGIN;
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
