package org.anycastdns.announcer.driver;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.State;
import org.anycastdns.announcer.transport.Transport;

/// Keeps a BGP session with every neighbour and tells each the routes that are desired.
/// Thread-safe.
public final class Speaker implements AutoCloseable {

    /// How long a shutdown waits for the neighbours to take the last messages: the service manager
    /// waits for us.
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final Transport transport;
    private final List<Conversation> conversations;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts to connect to every neighbour; nothing is announced before the first [#advertise].
    public Speaker(Local local, List<Neighbor> neighbors, Observer observer) {
        transport = new Transport(Math.max(1, neighbors.size()));
        conversations =
                neighbors.stream()
                        .map(neighbor ->
                                new Conversation(
                                        new Session(local, neighbor),
                                        new State.Idle(0),
                                        transport,
                                        transport.loop(),
                                        observer,
                                        Tap.NONE))
                        .toList();
        conversations.forEach(Conversation::start);
    }

    /// Makes this the whole set of routes announced to every neighbour, now and after reconnects:
    /// what is missing in it is withdrawn at once and first. Idempotent; returns without waiting.
    ///
    /// @throws IllegalArgumentException when two routes have the same prefix
    public void advertise(Set<Route> desired) {
        Advertisements routes = Advertisements.of(desired);
        if (!closed.get()) {
            conversations.forEach(conversation -> conversation.advertise(routes));
        }
    }

    /// BFD with a neighbour went down: an established session with it ends at once. Returns without
    /// waiting; other speakers' neighbours are nobody's here.
    public void bfdDown(Neighbor neighbor, String reason) {
        conversations.stream()
                .filter(conversation -> conversation.neighbor().equals(neighbor))
                .forEach(conversation -> conversation.bfdDown(reason));
    }

    /// What there is to tell about each neighbour, in the order of the configuration.
    public List<NeighborStatus> status() {
        return conversations.stream().map(Conversation::status).toList();
    }

    /// Withdraws everything, sends Cease/Administrative Shutdown with the text (RFC 9003), flushes
    /// and closes; waits for the neighbours at most two seconds, and does nothing the second time.
    public void close(String shutdownText) {
        if (closed.getAndSet(true)) {
            return;
        }
        CompletableFuture.allOf(
                        conversations.stream()
                                .map(conversation -> conversation.stop(shutdownText))
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
