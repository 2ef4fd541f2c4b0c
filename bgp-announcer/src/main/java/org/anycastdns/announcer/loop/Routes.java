package org.anycastdns.announcer.loop;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Decisions;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Route;

/// Converts decisions into routes.
public final class Routes {

    /// The LOCAL_PREF of a depreferenced route: routers in our own AS use it only without another
    /// route.
    private static final long LOCAL_PREF_LEAST = 0;

    private Routes() {}

    /// Returns the routes to announce for all services together.
    ///
    /// @param backstop prefixes that are announced whatever the decisions are
    public static Set<Route> of(Decisions decisions, List<Prefix> backstop) {
        Set<Route> routes = new HashSet<>();
        backstop.forEach(prefix -> routes.add(Route.to(prefix)));
        for (Decision decision : decisions.byService().values()) {
            switch (decision) {
                case Decision.Announce(var prefixes) ->
                        prefixes.forEach(prefix -> routes.add(Route.to(prefix)));
                case Decision.Depreference(var prefixes, var policy, _) ->
                        prefixes.forEach(prefix -> routes.add(unattractive(prefix, policy)));
                case Decision.Withdraw _ -> {}
            }
        }
        return routes;
    }

    /// Returns the configured way to depreference the routes of this site.
    public static DepreferencePolicy depreference(Config.Depreference option) {
        Set<Community> communities = new TreeSet<>(option.communities());
        if (option.gracefulShutdown()) {
            communities.add(Community.GRACEFUL_SHUTDOWN);
        }
        return new DepreferencePolicy(option.prepend(), option.med(), communities);
    }

    private static Route unattractive(Prefix prefix, DepreferencePolicy policy) {
        return Route.to(prefix)
                .withPrepends(policy.prepends())
                .withMed(policy.med())
                .withLocalPref(LOCAL_PREF_LEAST)
                .withCommunities(policy.communities());
    }
}
