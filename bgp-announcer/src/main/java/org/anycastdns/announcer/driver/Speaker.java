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

/// Keeps a BGP session with every neighbor and tells each the routes that are desired. Thread-safe.
public final class Speaker implements AutoCloseable {

    /// How long a shutdown waits for the neighbors to take the last messages: the service manager
    /// waits for us.
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private static final Logger log = LoggerFactory.getLogger(Speaker.class);

    private final Transport transport;
    private final List<NeighborDriver> drivers;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts to connect to every neighbor; nothing is announced before the first [#advertise].
    ///
    /// @param sessions one for each neighbor
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

    /// Lets the neighbors, and nobody else, connect to an address.
    ///
    /// @return the address bound, with the port the system chose when 0 was asked for
    /// @throws IOException when it cannot be bound
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

    /// Addresses are equal that are on different links.
    private static boolean onItsLink(Neighbor neighbor, InetAddress from) {
        return Addresses.link(neighbor.address()) == Addresses.link(from);
    }

    /// Makes this the whole set of routes announced to every neighbor, now and after reconnects:
    /// what is missing in it is withdrawn at once and first. Idempotent; returns without waiting.
    ///
    /// @throws IllegalArgumentException when two routes have the same prefix
    public void advertise(Set<Route> desired) {
        Advertisements routes = Advertisements.of(desired);
        if (!closed.get()) {
            drivers.forEach(driver -> driver.advertise(routes));
        }
    }

    /// BFD with a neighbor went down: an established session with it ends at once. Returns without
    /// waiting.
    public void bfdDown(Neighbor neighbor, String reason) {
        drivers.stream()
                .filter(driver -> driver.neighbor().equals(neighbor))
                .forEach(driver -> driver.bfdDown(reason));
    }

    /// What there is to tell about each neighbor, in the order of the configuration.
    public List<NeighborStatus> status() {
        return drivers.stream().map(NeighborDriver::status).toList();
    }

    /// Withdraws everything, sends Cease/Administrative Shutdown with the text (RFC 9003), flushes
    /// and closes; waits for the neighbors at most two seconds, and does nothing the second time.
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

    /// Closes with an empty text.
    @Override
    public void close() {
        close("");
    }
}
