package org.anycastdns.benchmarks.workload;

import java.util.SplittableRandom;

/// The mix of queries that clients send, in shares from 0 to 1.
///
/// @param hitShare share of names that exist; others get NXDOMAIN, or REFUSED outside all zones
/// @param zipfExponent how uneven the popularity of existing names is; 0 is uniform
/// @param belowShare share of names below the delegation or zone apex, such as `www`
/// @param dnssecOkShare share of queries with DO
public record QueryMix(
        double hitShare, double zipfExponent, double belowShare, double dnssecOkShare) {

    /// Roughly what the servers of a TLD see: seven of ten names exist, a few names are popular,
    /// and most resolvers send the full name.
    public static final QueryMix TYPICAL = new QueryMix(0.7, 0.9, 0.6, 0.8);

    /// Query types, and below how many of 100 queries ask for each. All other queries ask for A.
    private static final String[] TYPES = {"AAAA", "NS", "DS", "MX", "TXT", "HTTPS", "SOA"};

    private static final int[] PERCENT = {20, 10, 7, 4, 2, 2, 1};

    /// Checks that the shares are in range.
    public QueryMix {
        share("hits", hitShare);
        share("below", belowShare);
        share("dnssec-ok", dnssecOkShare);
        if (!(zipfExponent >= 0)) {
            throw new IllegalArgumentException("the Zipf exponent is at least 0");
        }
    }

    private static void share(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "%s is a share from 0 to 1, not %s".formatted(name, share));
        }
    }

    /// Draws a query type from the distribution above.
    static String type(SplittableRandom random) {
        int left = random.nextInt(100);
        for (int i = 0; i < TYPES.length; i++) {
            left -= PERCENT[i];
            if (left < 0) {
                return TYPES[i];
            }
        }
        return "A";
    }
}
