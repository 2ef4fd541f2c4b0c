package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.session.Route;

/// Receives the routes to announce. It represents all neighbors. Thread-safe.
public interface RouteSink {

    /// Starts to connect to every neighbor; does nothing if it has been opened already. May block.
    void open();

    /// Replaces the routes announced to every neighbor, now and after the next [#open]. Never
    /// blocks.
    void advertise(Set<Route> desired);

    /// Returns the status of every neighbor.
    List<NeighborStatus> status();

    /// Opens what another configuration needs and this one does not, such as listening sockets, so
    /// that whatever can fail has failed before anything changes. May block for a moment.
    ///
    /// @throws IOException when something cannot be opened; the message is fit for the operator,
    ///   and nothing has changed
    default void prepare(Config next) throws IOException {}

    /// Closes what [#prepare] opened for a configuration that is not applied.
    default void release() {}

    /// Applies another configuration, on the running sessions wherever that is possible. Sessions
    /// that must be made anew are made anew one after the other. May block.
    void reconfigure(Config config);

    /// Withdraws all routes and ends every session with this shutdown text (RFC 9003). May block.
    void close(String text);
}
