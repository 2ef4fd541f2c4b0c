package org.anycastdns.announcer.driver;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.NeighborConnections;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.transport.Transport;
import org.jspecify.annotations.Nullable;

/// Runs a BGP session with every neighbor and announces the desired routes to each. Thread-safe.
public final class Speaker implements AutoCloseable {

    /// How long a shutdown waits for the neighbors to accept the last messages, in milliseconds.
    /// The service manager is waiting too.
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final Transport transport;
    private final Observer observer;
    private final List<NeighborDriver> drivers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Advertisements last = Advertisements.NONE;

    private Speaker(Observer observer, Transport transport) {
        this.observer = observer;
        this.transport = transport;
    }

    /// Creates a speaker that does not connect before [#start].
    ///
    /// @param sessions one session per neighbor
    public static Speaker idle(List<Session> sessions, Observer observer) {
        return idle(sessions, NeighborHistory.NONE, observer);
    }

    /// Creates a speaker that does not connect before [#start].
    ///
    /// @param before what has happened with each neighbor until now
    static Speaker idle(List<Session> sessions, NeighborHistory before, Observer observer) {
        Speaker speaker = new Speaker(observer, new Transport(Math.max(1, sessions.size())));
        sessions.forEach(session -> speaker.drivers.add(speaker.driver(session, before)));
        return speaker;
    }

    private NeighborDriver driver(Session session, NeighborHistory before) {
        return new NeighborDriver(
                NeighborConnections.idle(session),
                before,
                transport,
                transport.loop(),
                observer,
                MessageListener.NONE);
    }

    /// Adds and starts the session with another neighbor. Returns what runs it, or null if the
    /// speaker is closed.
    synchronized @Nullable NeighborDriver add(Session session) {
        if (closed.get()) {
            return null;
        }
        NeighborDriver driver = driver(session, NeighborHistory.NONE);
        drivers.add(driver);
        driver.advertise(last);
        driver.start();
        return driver;
    }

    /// Ends the session with one neighbor and forgets it. Does not wait.
    synchronized void remove(NeighborDriver driver) {
        if (drivers.remove(driver)) {
            var _ = driver.stop("");
        }
    }

    /// Starts to connect to every neighbor. Nothing is announced before the first [#advertise].
    public void start() {
        drivers.forEach(NeighborDriver::start);
    }

    /// Returns what runs the sessions, in the order of the configuration.
    List<NeighborDriver> drivers() {
        return drivers;
    }

    /// Waits until every session has been established once and its routes have been sent. Returns
    /// whether that was in time.
    boolean awaitAnnounced(Duration limit) throws InterruptedException {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(
                        drivers.stream()
                                .map(NeighborDriver::announced)
                                .toArray(CompletableFuture[]::new));
        try {
            all.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Replaces the set of routes announced to every neighbor, now and after reconnects. Missing
    /// routes are withdrawn at once, before anything is announced. Idempotent; does not wait.
    ///
    /// @throws IllegalArgumentException when two routes have the same prefix
    public synchronized void advertise(Set<Route> desired) {
        Advertisements routes = Advertisements.of(desired);
        last = routes;
        if (!closed.get()) {
            drivers.forEach(driver -> driver.advertise(routes));
        }
    }

    /// Ends an established session with a neighbor at once, because BFD went down. Does not wait.
    public void bfdDown(Neighbor neighbor, String reason) {
        drivers.stream()
                .filter(driver -> driver.neighbor().id().equals(neighbor.id()))
                .forEach(driver -> driver.bfdDown(reason));
    }

    /// Returns the status of each neighbor, in the order of the configuration.
    public List<NeighborStatus> status() {
        return drivers.stream().map(NeighborDriver::status).toList();
    }

    /// Withdraws all routes, sends Cease/Administrative Shutdown with the text (RFC 9003) and
    /// closes. Waits for the neighbors at most two seconds. Does nothing the second time.
    public void close(String shutdownText) {
        synchronized (this) {
            if (closed.getAndSet(true)) {
                return;
            }
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
