package org.anycastdns.announcer.decision;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Community;

/// How a route is depreferenced: the attributes that make it less attractive than the same route
/// from another site. Routers of our own AS also get a LOCAL_PREF of 0.
///
/// @param prepends how many extra times the AS path contains our AS
/// @param med the MULTI_EXIT_DISC; lower is preferred
/// @param communities communities that ask other ASes to depreference, such as GRACEFUL_SHUTDOWN
///   (RFC 8326)
public record DepreferencePolicy(int prepends, long med, Set<Community> communities) {

    public DepreferencePolicy {
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
    }

    /// Returns the policy with GRACEFUL_SHUTDOWN added, for a route that will be withdrawn.
    public DepreferencePolicy leaving() {
        Set<Community> all = new TreeSet<>(communities);
        all.add(Community.GRACEFUL_SHUTDOWN);
        return new DepreferencePolicy(prepends, med, all);
    }

    @Override
    public String toString() {
        return "prepend %d, MED %d, communities %s".formatted(prepends, med, communities);
    }
}
