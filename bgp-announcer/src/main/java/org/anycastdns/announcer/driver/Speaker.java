package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.NeighborConnections;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a BGP session with every neighbor and announces the desired routes to each. Thread-safe.
public final class Speaker implements AutoCloseable {

    /// How long a shutdown waits for the neighbors to accept the last messages, in milliseconds.
    /// The service manager is waiting too.
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private static final Logger log = LoggerFactory.getLogger(Speaker.class);

    private final Transport transport;
    private final List<NeighborDriver> drivers;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts to connect to every neighbor. Nothing is announced before the first [#advertise].
    ///
    /// @param sessions one session per neighbor
    public Speaker(List<Session> sessions, Observer observer) {
        transport = new Transport(Math.max(1, sessions.size()));
        drivers =
                sessions.stream()
                        .map(session ->
                                new NeighborDriver(
                                        NeighborConnections.idle(session),
                                        transport,
                                        transport.loop(),
                                        observer,
                                        MessageListener.NONE))
                        .toList();
        drivers.forEach(NeighborDriver::start);
    }

    /// Listens on an address and accepts only connections from the neighbors.
    ///
    /// @return the bound address, with the port that the system chose if port 0 was requested
    /// @throws IOException when the address cannot be bound
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        Map<InetAddress, NeighborDriver> expected = new HashMap<>();
        Map<InetAddress, Security> security = new HashMap<>();
        for (NeighborDriver driver : drivers) {
            InetAddress neighbor = driver.neighbor().address();
            expected.put(neighbor, driver);
            security.put(neighbor, driver.security());
        }
        return transport.listen(
                address,
                security,
                remote -> {
                    InetAddress from = remote.getAddress();
                    NeighborDriver driver = expected.get(from);
                    if (driver == null || !onItsLink(driver.neighbor(), from)) {
                        log.debug("a connection from {}, who is no neighbor: closed", remote);
                        return null;
                    }
                    return driver.inboundHandler();
                });
    }

    /// Returns whether an address is on the neighbor's link. Equal link-local addresses may be on
    /// different links.
    private static boolean onItsLink(Neighbor neighbor, InetAddress from) {
        return Addresses.link(neighbor.address()) == Addresses.link(from);
    }

    /// Replaces the set of routes announced to every neighbor, now and after reconnects. Missing
    /// routes are withdrawn at once, before anything is announced. Idempotent; does not wait.
    ///
    /// @throws IllegalArgumentException when two routes have the same prefix
    public void advertise(Set<Route> desired) {
        Advertisements routes = Advertisements.of(desired);
        if (!closed.get()) {
            drivers.forEach(driver -> driver.advertise(routes));
        }
    }

    /// Ends an established session with a neighbor at once, because BFD went down. Does not wait.
    public void bfdDown(Neighbor neighbor, String reason) {
        drivers.stream()
                .filter(driver -> driver.neighbor().equals(neighbor))
                .forEach(driver -> driver.bfdDown(reason));
    }

    /// Returns the status of each neighbor, in the order of the configuration.
    public List<NeighborStatus> status() {
        return drivers.stream().map(NeighborDriver::status).toList();
    }

    /// Withdraws all routes, sends Cease/Administrative Shutdown with the text (RFC 9003) and
    /// closes. Waits for the neighbors at most two seconds. Does nothing the second time.
    public void close(String shutdownText) {
        if (closed.getAndSet(true)) {
            return;
        }
        CompletableFuture.allOf(
                        drivers.stream()
                                .map(driver -> driver.stop(shutdownText))
                                .toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .join();
        transport.close();
    }

    /// Closes with an empty shutdown text.
    @Override
    public void close() {
        close("");
    }
}
