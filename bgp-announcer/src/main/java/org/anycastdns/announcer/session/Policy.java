package org.anycastdns.announcer.session;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Role;
import org.jspecify.annotations.Nullable;

/// What one neighbor's routes carry beyond what all neighbors' do.
///
/// @param role our role towards the neighbor (RFC 9234), external sessions only; null names none
/// @param prepends how many more times our AS stands in the path; external sessions only
/// @param med the MULTI_EXIT_DISC of routes that have none of their own, or [Route#NO_MED]
/// @param localPref the LOCAL_PREF of routes that are not depreferred; internal sessions only
/// @param communities communities to add
/// @param largeCommunities large communities to add
public record Policy(
        @Nullable Role role,
        int prepends,
        long med,
        long localPref,
        Set<Community> communities,
        Set<LargeCommunity> largeCommunities) {

    /// Routes as they are.
    public static final Policy PLAIN =
            new Policy(null, 0, Route.NO_MED, Route.LOCAL_PREF, Set.of(), Set.of());

    /// The most communities of each kind: half of what a route can have, so that both fit.
    public static final int COMMUNITIES_MAX = 32;

    public Policy {
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
        largeCommunities = Collections.unmodifiableSortedSet(new TreeSet<>(largeCommunities));
        if (Math.max(communities.size(), largeCommunities.size()) > COMMUNITIES_MAX) {
            throw new IllegalArgumentException("more than " + COMMUNITIES_MAX + " communities");
        }
    }

    /// The route as this neighbor gets it. Whatever makes it less attractive adds up or wins, so
    /// that a route that is depreferred for all is depreferred for each. GRACEFUL_SHUTDOWN is for
    /// routers of other ASes; those of ours go by LOCAL_PREF (RFC 8326 section 4.1).
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
