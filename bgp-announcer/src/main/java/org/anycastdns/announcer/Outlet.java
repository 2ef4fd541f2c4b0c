package org.anycastdns.announcer;

import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.session.Route;

/// Where decisions go: the neighbours, as the announcer uses them. Thread-safe.
interface Outlet {

    /// Nobody to tell.
    Outlet NONE =
            new Outlet() {
                @Override
                public void advertise(Set<Route> desired) {}

                @Override
                public List<NeighborStatus> status() {
                    return List.of();
                }

                @Override
                public void close(String text) {}
            };

    /// Makes this all that is announced to every neighbour; returns without waiting.
    void advertise(Set<Route> desired);

    /// A line for each neighbour.
    List<NeighborStatus> status();

    /// Withdraws everything and says good-bye with this text (RFC 9003).
    void close(String text);
}
