package org.anycastdns.benchmarks.workload;

import java.util.SplittableRandom;

/// What clients ask for, in shares from 0 to 1.
///
/// @param hitShare of names that exist; the others get NXDOMAIN, or REFUSED where no zone is
/// @param zipfExponent how unequal the names that exist are asked for; 0 is uniform
/// @param belowShare of hits that ask for a name below the delegation or zone, such as `www`
/// @param dnssecOkShare of queries with DO
public record QueryMix(
        double hitShare, double zipfExponent, double belowShare, double dnssecOkShare) {

    /// What a TLD's servers see, roughly: seven of ten names exist, popular ones more often, most
    /// resolvers ask for the full name.
    public static final QueryMix TYPICAL = new QueryMix(0.7, 0.9, 0.6, 0.8);

    /// Types and how many of 100 queries ask for each; the rest asks for A.
    private static final String[] TYPES = {"AAAA", "NS", "DS", "MX", "TXT", "HTTPS", "SOA"};

    private static final int[] PERCENT = {20, 10, 7, 4, 2, 2, 1};

    /// Checks the shares.
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

    /// A type as clients ask for them.
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
