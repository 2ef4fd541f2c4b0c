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
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.Tracks;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a BGP session with every neighbour and tells each the routes that are desired.
/// Thread-safe.
public final class Speaker implements AutoCloseable {

    /// How long a shutdown waits for the neighbours to take the last messages: the service manager
    /// waits for us.
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private static final Logger log = LoggerFactory.getLogger(Speaker.class);

    private final Transport transport;
    private final List<Conversation> conversations;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts to connect to every neighbour; nothing is announced before the first [#advertise].
    ///
    /// @param sessions one for each neighbour
    public Speaker(List<Session> sessions, Observer observer) {
        transport = new Transport(Math.max(1, sessions.size()));
        conversations =
                sessions.stream()
                        .map(session ->
                                new Conversation(
                                        Tracks.idle(session),
                                        transport,
                                        transport.loop(),
                                        observer,
                                        Tap.NONE))
                        .toList();
        conversations.forEach(Conversation::start);
    }

    /// Lets the neighbours, and nobody else, connect to an address.
    ///
    /// @return the address bound, with the port the system chose when 0 was asked for
    /// @throws IOException when it cannot be bound
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        Map<InetAddress, Conversation> expected = new HashMap<>();
        Map<InetAddress, Security> security = new HashMap<>();
        for (Conversation conversation : conversations) {
            InetAddress neighbor = conversation.neighbor().address();
            expected.put(neighbor, conversation);
            security.put(neighbor, conversation.security());
        }
        return transport.listen(
                address,
                security,
                remote -> {
                    InetAddress from = remote.getAddress();
                    Conversation conversation = expected.get(from);
                    if (conversation == null || !onItsLink(conversation.neighbor(), from)) {
                        log.debug("a connection from {}, who is no neighbor: closed", remote);
                        return null;
                    }
                    return conversation.seat();
                });
    }

    /// Addresses are equal that are on different links.
    private static boolean onItsLink(Neighbor neighbor, InetAddress from) {
        return Addresses.link(neighbor.address()) == Addresses.link(from);
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
    /// waiting.
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
