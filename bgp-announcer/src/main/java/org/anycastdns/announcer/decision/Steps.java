package org.anycastdns.announcer.decision;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Community;

/// What makes a route less attractive than the same route from elsewhere, beyond the LOCAL_PREF of
/// 0 that routers in our own AS get.
///
/// @param prepends how many more times our AS stands in the path
/// @param med the MULTI_EXIT_DISC; smaller is better
/// @param communities what tells routers of other ASes, GRACEFUL_SHUTDOWN (RFC 8326) for one
public record Steps(int prepends, long med, Set<Community> communities) {

    public Steps {
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
    }

    /// The same with GRACEFUL_SHUTDOWN: the route is going to be withdrawn.
    public Steps leaving() {
        Set<Community> all = new TreeSet<>(communities);
        all.add(Community.GRACEFUL_SHUTDOWN);
        return new Steps(prepends, med, all);
    }

    @Override
    public String toString() {
        return "prepend %d, MED %d, communities %s".formatted(prepends, med, communities);
    }
}
