package org.anycastdns.server.net;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.daemon.LogLimiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open TCP connections of all event loops and their limits.
///
/// The lock is taken only when a connection starts or ends, never for a request. At a limit, the
/// connection to close is found by a search over all candidates. The search runs only at a limit
/// and costs no more than the preceding accept(2) at the default limits. It avoids an order that
/// every request would have to update.
///
/// Whatever must not be lost, the open connections, is kept here. What is only remembered of a
/// client network is kept by {@link TcpClients}, which forgets.
final class TcpConnections {

    private static final Logger LOG = LoggerFactory.getLogger(TcpConnections.class);

    private final TcpLimits limits;
    private final StreamThreads streamThreads;
    private final Set<TcpConnection> open = new LinkedHashSet<>();
    private final Map<ClientNetwork, Set<TcpConnection>> byClient = new HashMap<>();
    private final TcpClients clients = new TcpClients(Ticker.systemTicker());
    private final LogLimiter<ClientNetwork> limitLines = new LogLimiter<>("tcp_client_limit");
    private final Map<TcpClose, LongAdder> closed = new EnumMap<>(TcpClose.class);
    private final LongAdder accepted = new LongAdder();
    private boolean shut;

    /// @param streamThreads make the messages of transfers
    TcpConnections(TcpLimits limits, StreamThreads streamThreads) {
        this.limits = limits;
        this.streamThreads = streamThreads;
        for (TcpClose why : TcpClose.values()) {
            closed.put(why, new LongAdder());
        }
    }

    TcpLimits limits() {
        return limits;
    }

    StreamThreads streamThreads() {
        return streamThreads;
    }

    /// Adds a new connection. At a limit the least recently used connection is closed; after {@link
    /// #shut}, the new one.
    void add(TcpConnection connection) {
        accepted.increment();
        TcpConnection leaving = null;
        TcpClose why = TcpClose.SHUTDOWN;
        synchronized (this) {
            Set<TcpConnection> ofClient =
                    byClient.computeIfAbsent(connection.client(), _ -> new LinkedHashSet<>());
            if (shut) {
                leaving = connection;
            } else if (ofClient.size() >= limits.connectionsPerClient()) {
                leaving = longestQuiet(ofClient);
                why = TcpClose.CLIENT_LIMIT;
            } else if (open.size() >= limits.connections()) {
                leaving = longestQuiet(open);
                why = TcpClose.TOTAL_LIMIT;
            }
            open.add(connection);
            ofClient.add(connection);
            if (leaving != null) {
                forget(leaving);
            }
        }
        clients.began(connection.client());
        if (leaving != null) {
            if (why == TcpClose.CLIENT_LIMIT) {
                logLimit(connection.client());
            }
            leaving.close(why);
        }
    }

    private void logLimit(ClientNetwork network) {
        long displaced = clients.displaced(network);
        limitLines.log(
                network,
                more ->
                        LOG.warn(
                                "client {} has {} TCP connections, which is"
                                        + " tcp.connections-per-client-max: each new one closes the"
                                        + " one whose last query is the oldest, {} so far{}",
                                network,
                                limits.connectionsPerClient(),
                                displaced,
                                more));
    }

    private static @Nullable TcpConnection longestQuiet(Collection<TcpConnection> candidates) {
        TcpConnection found = null;
        for (TcpConnection each : candidates) {
            if (found == null || each.lastRequestNanos() - found.lastRequestNanos() < 0) {
                found = each;
            }
        }
        return found;
    }

    /// Removes a connection that has ended.
    void remove(TcpConnection connection, TcpClose why) {
        synchronized (this) {
            forget(connection);
        }
        closed(why).increment();
        clients.ended(connection.client(), why);
    }

    private void forget(TcpConnection connection) {
        open.remove(connection);
        Set<TcpConnection> ofClient = byClient.get(connection.client());
        if (ofClient != null && ofClient.remove(connection) && ofClient.isEmpty()) {
            byClient.remove(connection.client());
        }
    }

    /// Rejects all further connections.
    ///
    /// @return the open connections
    synchronized List<TcpConnection> shut() {
        shut = true;
        return new ArrayList<>(open);
    }

    synchronized int size() {
        return open.size();
    }

    private synchronized int size(ClientNetwork network) {
        return byClient.getOrDefault(network, Set.of()).size();
    }

    /// Returns how many client networks are remembered.
    int networkCount() {
        return clients.size();
    }

    /// Returns the remembered client networks with the most connections, the busiest first.
    List<TcpClients.Account> busiest(int limit) {
        return clients.busiest(limit, this::size);
    }

    long acceptedCount() {
        return accepted.sum();
    }

    long closedCount(TcpClose why) {
        return closed(why).sum();
    }

    private LongAdder closed(TcpClose why) {
        return Objects.requireNonNull(closed.get(why));
    }
}
