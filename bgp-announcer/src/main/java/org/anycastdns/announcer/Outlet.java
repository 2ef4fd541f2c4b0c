package org.anycastdns.announcer;

import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.session.Route;

/// The neighbours, as the decision sees them. Thread-safe.
interface Outlet {

    /// Starts to connect to every neighbour; does nothing when that was done. May wait.
    void open();

    /// Makes this all that is announced to every neighbour, now and after the next [#open]; returns
    /// without waiting.
    void advertise(Set<Route> desired);

    /// A line for each neighbour.
    List<NeighborStatus> status();

    /// Follows another configuration; sessions with neighbours that are the same in both go on. May
    /// wait.
    void reconfigure(Config config);

    /// Withdraws everything and says good-bye with this text (RFC 9003). May wait.
    void close(String text);
}
