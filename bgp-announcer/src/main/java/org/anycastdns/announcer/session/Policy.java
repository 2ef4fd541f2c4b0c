package org.anycastdns.announcer.session;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Role;
import org.jspecify.annotations.Nullable;

/// What is added to the routes for one neighbor, beyond what all neighbors get.
///
/// @param role our role towards the neighbor (RFC 9234), eBGP only; null for none
/// @param prepends how many extra times the AS path contains our AS; eBGP only
/// @param med the MULTI_EXIT_DISC unless the route's own is larger, or [Route#NO_MED]
/// @param localPref the LOCAL_PREF of routes that are not depreferenced; iBGP only
/// @param communities communities to add
/// @param largeCommunities large communities to add
/// @param scope which prefixes the neighbor gets
public record Policy(
        @Nullable Role role,
        int prepends,
        long med,
        long localPref,
        Set<Community> communities,
        Set<LargeCommunity> largeCommunities,
        Scope scope) {

    /// The policy that leaves routes unchanged.
    public static final Policy PLAIN =
            new Policy(null, 0, Route.NO_MED, Route.LOCAL_PREF, Set.of(), Set.of());

    /// The maximum number of communities of each kind: half of the maximum of a route, which leaves
    /// room for the route's own.
    public static final int COMMUNITIES_MAX = 32;

    public Policy {
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
        largeCommunities = Collections.unmodifiableSortedSet(new TreeSet<>(largeCommunities));
        if (Math.max(communities.size(), largeCommunities.size()) > COMMUNITIES_MAX) {
            throw new IllegalArgumentException("more than " + COMMUNITIES_MAX + " communities");
        }
    }

    /// Creates a policy for a neighbor that gets every prefix.
    public Policy(
            @Nullable Role role,
            int prepends,
            long med,
            long localPref,
            Set<Community> communities,
            Set<LargeCommunity> largeCommunities) {
        this(role, prepends, med, localPref, communities, largeCommunities, Scope.ALL);
    }

    /// Returns the route for this neighbor. Prepends add up; the larger MED and the smaller
    /// LOCAL_PREF win. So a route that is depreferenced is depreferenced for every neighbor.
    /// GRACEFUL_SHUTDOWN is for routers of other ASes; routers of our own AS use LOCAL_PREF (RFC
    /// 8326 section 4.1).
    ///
    /// @param internal whether the neighbor is in our AS (iBGP)
    Route apply(Route route, boolean internal) {
        long preference =
                route.localPref() == Route.LOCAL_PREF
                        ? localPref
                        : Math.min(localPref, route.localPref());
        Set<Community> all = new TreeSet<>(route.communities());
        if (internal) {
            all.remove(Community.GRACEFUL_SHUTDOWN);
        }
        all.addAll(communities);
        Set<LargeCommunity> allLarge = new TreeSet<>(largeCommunities);
        allLarge.addAll(route.largeCommunities());
        return route.withPrepends(Math.min(Route.PREPENDS_MAX, prepends + route.prepends()))
                .withMed(Math.max(med, route.med()))
                .withLocalPref(preference)
                .withCommunities(all)
                .withLargeCommunities(allLarge);
    }
}
