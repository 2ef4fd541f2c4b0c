package org.anycastdns.announcer.driver;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.State;

/// Since when a neighbor has had each route with its present attributes. Used on its event loop.
final class SentRoutes {

    private Map<Prefix, SentRoute> sent = Map.of();

    /// Notes what a step has sent.
    ///
    /// @param before the state before the step
    /// @param now the state after it
    /// @param at the time of the step
    void note(State before, State now, Session session, Instant at) {
        if (!(now instanceof State.Established up)) {
            sent = Map.of();
            return;
        }
        Advertisements had =
                before instanceof State.Established was ? was.announced() : Advertisements.NONE;
        if (up.announced().equals(had)) {
            return;
        }
        Map<Prefix, SentRoute> next = new TreeMap<>();
        up.announced()
                .routes()
                .forEach((prefix, route) -> {
                    SentRoute last = sent.get(prefix);
                    boolean same = last != null && route.equals(had.routes().get(prefix));
                    next.put(prefix, same ? last : sentNow(prefix, up, session, at));
                });
        sent = next;
    }

    private static SentRoute sentNow(
            Prefix prefix, State.Established up, Session session, Instant at) {
        Route route = requireNonNull(up.announced().routes().get(prefix));
        return new SentRoute(prefix, at, session.update(route, up.peer()));
    }

    /// Returns the routes that the neighbor has been sent, ordered by prefix.
    List<SentRoute> list() {
        return List.copyOf(sent.values());
    }
}
