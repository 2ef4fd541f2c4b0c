package org.anycastdns.benchmarks.workload;

/// Queries for a {@link TldZone}: delegations, names below them, addresses of name servers, the
/// zone apex, and names that do not exist.
public final class TldQueries extends PopularQueries<TldZone> {

    /// One in so many hits asks for the zone apex, and one in so many for a name server.
    private static final int ONE_FOR_APEX = 200;

    private static final int ONE_FOR_SERVER = 20;
    private static final String[] APEX_TYPES = {"SOA", "NS", "DNSKEY", "A", "NSEC"};
    private static final String[] BELOW = {"www", "www", "www", "mail", "api.v1", "_dmarc", "cdn"};

    /// Creates the queries.
    public TldQueries(TldZone zone, QueryMix mix, long seed) {
        super(zone, zone.delegations(), mix, seed);
    }

    @Override
    public Query next() {
        boolean dnssecOk = dnssecOk();
        if (!hits()) {
            return new Query(below(absent()), QueryMix.type(random), dnssecOk);
        }
        if (random.nextInt(ONE_FOR_APEX) == 0) {
            return new Query(TldZone.ORIGIN, pick(APEX_TYPES), dnssecOk);
        }
        int index = present();
        if (random.nextInt(ONE_FOR_SERVER) == 0 && zones.hasOwnServers(index)) {
            String server = "ns" + random.nextInt(1, 4) + "." + name(index);
            return new Query(server, random.nextBoolean() ? "A" : "AAAA", dnssecOk);
        }
        return new Query(below(index), QueryMix.type(random), dnssecOk);
    }

    private String below(int index) {
        String name = name(index);
        return goesBelow() ? pick(BELOW) + "." + name : name;
    }

    private String name(int index) {
        return zones.label(index) + "." + TldZone.ORIGIN;
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
