package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Origin;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// A route to announce to every neighbor.
///
/// @param prefix the prefix
/// @param nextHop the next hop, which may be IPv6 for an IPv4 prefix (RFC 8950). Null means the
///   neighbor's configured next hop of the family, or our address of the connection if it has that
///   family.
/// @param origin the ORIGIN attribute
/// @param prepends how many extra times the AS path contains our AS; eBGP only
/// @param med the MULTI_EXIT_DISC, where lower is preferred, or [#NO_MED]
/// @param localPref the LOCAL_PREF, where higher is preferred; iBGP only
/// @param communities the communities, in order
/// @param largeCommunities the large communities, in order
public record Route(
        Prefix prefix,
        @Nullable InetAddress nextHop,
        Origin origin,
        int prepends,
        long med,
        long localPref,
        Set<Community> communities,
        Set<LargeCommunity> largeCommunities) {

    /// No MULTI_EXIT_DISC attribute is sent.
    public static final long NO_MED = -1;

    /// The LOCAL_PREF that routers use by default.
    public static final long LOCAL_PREF = 100;

    /// The maximum number of prepends. Other networks filter paths that are much longer.
    public static final int PREPENDS_MAX = 32;

    /// The maximum number of communities of each kind, so that the route always fits in an UPDATE.
    public static final int COMMUNITIES_MAX = 64;

    /// The maximum MED and LOCAL_PREF: four octets (RFC 4271 section 5.1).
    public static final long PREFERENCE_MAX = 0xffff_ffffL;

    public Route {
        if (prepends < 0 || prepends > PREPENDS_MAX) {
            throw new IllegalArgumentException(
                    "prepend count " + prepends + " is not within 0 to " + PREPENDS_MAX);
        }
        if (med < NO_MED || med > PREFERENCE_MAX) {
            throw new IllegalArgumentException(
                    "MED " + med + " is not within 0 to " + PREFERENCE_MAX);
        }
        if (localPref < 0 || localPref > PREFERENCE_MAX) {
            throw new IllegalArgumentException(
                    "local preference " + localPref + " is not within 0 to " + PREFERENCE_MAX);
        }
        int most = Math.max(communities.size(), largeCommunities.size());
        if (most > COMMUNITIES_MAX) {
            throw new IllegalArgumentException(
                    most + " communities are more than " + COMMUNITIES_MAX);
        }
        if (nextHop != null && nextHop.getAddress().length < prefix.family().addressOctets()) {
            throw new IllegalArgumentException(
                    "next hop " + nextHop.getHostAddress() + " cannot be that of " + prefix);
        }
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
        largeCommunities = Collections.unmodifiableSortedSet(new TreeSet<>(largeCommunities));
    }

    /// Returns the plain route to a prefix: next hop self, origin IGP, not depreferenced.
    public static Route to(Prefix prefix) {
        return new Route(prefix, null, Origin.IGP, 0, NO_MED, LOCAL_PREF, Set.of(), Set.of());
    }

    /// Returns the route with another next hop.
    public Route via(InetAddress newNextHop) {
        return new Route(
                prefix,
                newNextHop,
                origin,
                prepends,
                med,
                localPref,
                communities,
                largeCommunities);
    }

    /// Returns the route with another number of prepends.
    public Route withPrepends(int newPrepends) {
        return new Route(
                prefix,
                nextHop,
                origin,
                newPrepends,
                med,
                localPref,
                communities,
                largeCommunities);
    }

    /// Returns the route with another MULTI_EXIT_DISC.
    public Route withMed(long newMed) {
        return with(newMed, localPref, communities, largeCommunities);
    }

    /// Returns the route with another LOCAL_PREF.
    public Route withLocalPref(long newLocalPref) {
        return with(med, newLocalPref, communities, largeCommunities);
    }

    /// Returns the route with these communities and no other.
    public Route withCommunities(Set<Community> newCommunities) {
        return with(med, localPref, newCommunities, largeCommunities);
    }

    /// Returns the route with these large communities and no other.
    public Route withLargeCommunities(Set<LargeCommunity> newCommunities) {
        return with(med, localPref, communities, newCommunities);
    }

    private Route with(
            long newMed,
            long newLocalPref,
            Set<Community> newCommunities,
            Set<LargeCommunity> newLargeCommunities) {
        return new Route(
                prefix,
                nextHop,
                origin,
                prepends,
                newMed,
                newLocalPref,
                newCommunities,
                newLargeCommunities);
    }
}
