package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.NeighborConnections;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.transport.Connection;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;

/// A passive BGP speaker: accepts sessions from any address and any AS, and reports their events in
/// order. It announces nothing.
public final class Collector implements AutoCloseable {

    /// The maximum number of connections; further ones are closed at once.
    static final int CONNECTIONS_MAX = 256;

    /// The maximum number of routes stored per session, to report their end with it.
    static final int ROUTES_MAX = 1_000_000;

    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final Local local;
    private final Consumer<CollectorEvent> report;
    private final Transport transport = new Transport(1);
    private final Set<NeighborDriver> drivers = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress address;

    /// Listens on an address. Port 0 lets the system choose.
    ///
    /// @param report receives every event, on one thread
    /// @throws IOException when the address cannot be bound
    public Collector(InetSocketAddress address, Local local, Consumer<CollectorEvent> report)
            throws IOException {
        this.local = local;
        this.report = report;
        try {
            this.address =
                    transport
                            .listen(
                                    address,
                                    null,
                                    Map.of(),
                                    _ ->
                                            new Transport.InboundHandler(
                                                    transport.loop(), Security.NONE, Guest::new))
                            .address();
        } catch (IOException e) {
            transport.close();
            throw e;
        }
    }

    /// Returns the address it listens on.
    public InetSocketAddress address() {
        return address;
    }

    /// Ends every session with Cease/Administrative Shutdown and stops listening, within a few
    /// seconds.
    @Override
    public void close() {
        CompletableFuture.allOf(
                        drivers.stream()
                                .map(driver -> driver.stop("collector stops"))
                                .toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .join();
        transport.close();
    }

    /// An inbound connection. Its session starts when the address of the peer is known, and is not
    /// restarted after its end.
    private final class Guest implements Connection.Listener, MessageListener {

        private final Connection connection;
        private final SortedSet<Prefix> held = new TreeSet<>();
        private Connection.Listener events = this;
        private InetSocketAddress peer = new InetSocketAddress(0);
        private boolean over;

        Guest(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void connected() {
            if (drivers.size() >= CONNECTIONS_MAX) {
                connection.close();
                return;
            }
            peer = connection.remote();
            Neighbor neighbor =
                    new Neighbor(
                            peer.getAddress(),
                            peer.getPort(),
                            Neighbor.ANY_AS,
                            null,
                            List.of(),
                            Link.DIRECT,
                            Policy.PLAIN,
                            true,
                            null);
            NeighborDriver driver =
                    new NeighborDriver(
                            NeighborConnections.listening(new Session(local, neighbor)),
                            transport,
                            connection.loop(),
                            Observer.NONE,
                            this);
            drivers.add(driver);
            var _ = connection.gone().addListener(_ -> drivers.remove(driver));
            driver.advertise(Advertisements.NONE);
            events = driver.inboundHandler().listener().apply(connection);
            events.connected();
        }

        @Override
        public void received(byte[] octets) {
            if (!over && events != this) {
                events.received(octets);
            }
        }

        @Override
        public void closed(String reason) {
            if (!over && events != this) {
                events.closed(reason);
            }
        }

        @Override
        public void opened(Message.Open open) {
            report.accept(new CollectorEvent.Opened(Instant.now(), peer, open));
        }

        @Override
        public void updated(Message.Update update) {
            Instant now = Instant.now();
            for (Prefix prefix : update.allWithdrawn()) {
                held.remove(prefix);
                report.accept(new CollectorEvent.Withdrawn(now, peer, prefix, "withdrawn"));
            }
            for (Prefix prefix : update.allAnnounced()) {
                if (held.size() < ROUTES_MAX) {
                    held.add(prefix);
                }
                report.accept(new CollectorEvent.Announced(now, peer, prefix, update));
            }
            update.endsRib()
                    .ifPresent(family ->
                            report.accept(new CollectorEvent.RibEnded(now, peer, family)));
        }

        @Override
        public void ended(String reason) {
            over = true;
            Instant now = Instant.now();
            for (Prefix prefix : held) {
                report.accept(new CollectorEvent.Withdrawn(now, peer, prefix, reason));
            }
            held.clear();
            report.accept(new CollectorEvent.SessionEnded(now, peer, reason));
        }
    }
}
