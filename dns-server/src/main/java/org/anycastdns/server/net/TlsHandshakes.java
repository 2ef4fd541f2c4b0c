package org.anycastdns.server.net;

import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.tls.ServerTls;
import org.anycastdns.server.tls.TlsFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The TLS handshakes of all event loops and their limits.
///
/// The costly steps, such as a signature, run on threads of their own, so that a flood of
/// handshakes delays only handshakes: an event loop goes on with the clients that it has. How many
/// steps wait there is bounded by the number of handshakes.
final class TlsHandshakes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshakes.class);

    private final ServerTls tls;
    private final TlsLimits limits;
    private final ExecutorService steps;
    private final Set<TlsHandshake> open = new LinkedHashSet<>();
    private final Map<ClientNetwork, Set<TlsHandshake>> byClient = new HashMap<>();
    private final Map<TlsOutcome, LongAdder> outcomes = new EnumMap<>(TlsOutcome.class);
    private final AtomicInteger connections = new AtomicInteger();
    private final LogLimiter<ClientNetwork> refusals = new LogLimiter<>("tls_refused");

    /// @param threads number of event loops; half as many threads take the costly steps, so that
    ///   handshakes alone never take all cores
    TlsHandshakes(ServerTls tls, TlsLimits limits, int threads) {
        this.tls = tls;
        this.limits = limits;
        this.steps =
                Executors.newFixedThreadPool(
                        Math.max(1, threads / 2), new DefaultThreadFactory("tls", true));
        for (TlsOutcome outcome : TlsOutcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    TlsLimits limits() {
        return limits;
    }

    /// Returns the handler that makes the handshake of a new connection and then encrypts it.
    SslHandler handler() {
        SslHandler handler = new SslHandler(tls.engine(), steps);
        handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
        // A client that reads nothing would otherwise hold its connection for three more seconds.
        handler.setCloseNotifyFlushTimeoutMillis(limits.handshake().toMillis() / 5);
        return handler;
    }

    /// Adds a handshake. At a limit the oldest one ends.
    void add(TlsHandshake handshake) {
        TlsHandshake leaving = null;
        TlsOutcome why = TlsOutcome.CLIENT_LIMIT;
        synchronized (this) {
            Set<TlsHandshake> ofClient =
                    byClient.computeIfAbsent(handshake.client(), _ -> new LinkedHashSet<>());
            if (ofClient.size() >= limits.handshakesPerClient()) {
                leaving = ofClient.iterator().next();
            } else if (open.size() >= limits.handshakes()) {
                leaving = open.iterator().next();
                why = TlsOutcome.TOTAL_LIMIT;
            }
            open.add(handshake);
            ofClient.add(handshake);
            if (leaving != null) {
                forget(leaving);
            }
        }
        if (leaving != null) {
            leaving.displace(why);
        }
    }

    /// Notes that a handshake ended with an open connection.
    void succeeded(TlsHandshake handshake, boolean resumed) {
        end(handshake, resumed ? TlsOutcome.RESUMED : TlsOutcome.FULL);
        connections.incrementAndGet();
    }

    /// Notes that a connection whose handshake succeeded has ended.
    void closed() {
        connections.decrementAndGet();
    }

    /// Notes that a handshake failed.
    ///
    /// @param cause null if another one took its place
    void failed(TlsHandshake handshake, TlsOutcome why, @Nullable Throwable cause) {
        end(handshake, why);
        if (why == TlsOutcome.REFUSED && cause != null) {
            refusals.log(
                    handshake.client(),
                    more ->
                            LOG.info(
                                    "client {}: TLS handshake failed: {}{}",
                                    handshake.client(),
                                    TlsFailure.words(cause),
                                    more));
        }
    }

    private void end(TlsHandshake handshake, TlsOutcome why) {
        Objects.requireNonNull(outcomes.get(why)).increment();
        synchronized (this) {
            forget(handshake);
        }
    }

    private void forget(TlsHandshake handshake) {
        open.remove(handshake);
        Set<TlsHandshake> ofClient = byClient.get(handshake.client());
        if (ofClient != null && ofClient.remove(handshake) && ofClient.isEmpty()) {
            byClient.remove(handshake.client());
        }
    }

    /// Returns how many handshakes ended so far in each way.
    Map<TlsOutcome, Long> counts() {
        Map<TlsOutcome, Long> counts = new EnumMap<>(TlsOutcome.class);
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        return counts;
    }

    /// Returns how many handshakes are being made.
    synchronized int size() {
        return open.size();
    }

    /// Returns how many connections are open after their handshake.
    int connectionCount() {
        return connections.get();
    }

    /// Ends the threads. Call it after the event loops have ended.
    @Override
    public void close() {
        var _ = steps.shutdownNow();
    }
}
