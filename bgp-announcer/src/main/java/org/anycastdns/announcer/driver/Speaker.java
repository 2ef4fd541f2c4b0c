package org.anycastdns.announcer.driver;

import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a BGP session with every neighbour and tells each the routes that are desired.
/// Thread-safe.
public final class Speaker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Speaker.class);

    /// Starts to connect to every neighbour; nothing is announced before the first [#advertise].
    public Speaker(Local local, List<Neighbor> neighbors, Observer observer) {
        log.debug("{} {} {}", local, neighbors, observer);
    }

    /// Makes this the whole set of routes announced to every neighbour, now and after reconnects:
    /// what is missing in it is withdrawn at once and first. Idempotent; returns without waiting.
    ///
    /// @throws IllegalArgumentException when two routes have the same prefix
    public void advertise(Set<Route> desired) {
        log.debug("{}", desired);
    }

    /// A line for each neighbour, in the order of the configuration.
    public List<NeighborStatus> status() {
        return List.of();
    }

    /// Withdraws everything, sends Cease/Administrative Shutdown with the text (RFC 9003), flushes
    /// and closes; takes at most two seconds, and does nothing the second time.
    public void close(String shutdownText) {
        log.debug("{}", shutdownText);
    }

    /// Closes with an empty text.
    @Override
    public void close() {
        close("");
    }
}
