package org.anycastdns.server.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// What is remembered of the client networks that use TCP, so that an operator can see who takes
/// the connections. Thread-safe.
///
/// Clients choose the keys, so number and time are bounded. If there are too many networks, those
/// that connect seldom are forgotten first. The limits do not depend on it: {@link TcpConnections}
/// knows each open connection.
public final class TcpClients {

    /// Networks that are remembered at most. A busy server sees fewer in the time below, and all of
    /// them take some 4 MiB.
    static final int NETWORKS_MAX = 16_384;

    /// How long a network is remembered after a connection of it last began, or ended by its own
    /// fault: long enough for somebody who looks at the status after an alert.
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Cache<ClientNetwork, Counts> networks;

    /// What the connections of a network did.
    private record Counts(long connections, long displaced, long idle, long malformed) {

        static final Counts CONNECTION = new Counts(1, 0, 0, 0);
        static final Counts DISPLACED = new Counts(0, 1, 0, 0);
        static final Counts IDLE = new Counts(0, 0, 1, 0);
        static final Counts MALFORMED = new Counts(0, 0, 0, 1);

        Counts plus(Counts other) {
            return new Counts(
                    connections + other.connections,
                    displaced + other.displaced,
                    idle + other.idle,
                    malformed + other.malformed);
        }
    }

    /// A client network and what its connections did since it is remembered.
    ///
    /// @param network an IPv4 address, or an IPv6 /56
    /// @param open connections that are open now
    /// @param connections connections that began
    /// @param displaced connections that made room for a newer one of the same network
    /// @param idle connections that were closed because no complete query came
    /// @param malformed connections that did not speak DNS
    public record Account(
            String network, int open, long connections, long displaced, long idle, long malformed) {

        private static Account of(ClientNetwork network, int open, Counts counts) {
            return new Account(
                    network.toString(),
                    open,
                    counts.connections,
                    counts.displaced,
                    counts.idle,
                    counts.malformed);
        }
    }

    /// Creates a memory without networks.
    TcpClients(Ticker ticker) {
        this.networks =
                Caffeine.newBuilder()
                        .maximumSize(NETWORKS_MAX)
                        .expireAfterWrite(REMEMBERED)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
    }

    /// Notes that a connection began.
    void began(ClientNetwork network) {
        var _ = add(network, Counts.CONNECTION);
    }

    /// Notes that a connection must make room for a newer one of the same network. Returns how many
    /// have, since the network is remembered.
    long displaced(ClientNetwork network) {
        return add(network, Counts.DISPLACED).displaced();
    }

    /// Notes the end of a connection, if it was the client's fault.
    void ended(ClientNetwork network, TcpClose why) {
        switch (why) {
            case IDLE -> add(network, Counts.IDLE);
            case MALFORMED -> add(network, Counts.MALFORMED);
            case CLIENT, RESET, CLIENT_LIMIT, TOTAL_LIMIT, FAILURE, SHUTDOWN -> {}
        }
    }

    private Counts add(ClientNetwork network, Counts one) {
        return networks.asMap().merge(network, one, Counts::plus);
    }

    /// Returns how many networks are remembered.
    int size() {
        networks.cleanUp();
        return (int) networks.estimatedSize();
    }

    /// Returns the networks with the most connections, the busiest first.
    ///
    /// @param open returns how many connections of a network are open now
    List<Account> busiest(int limit, ToIntFunction<ClientNetwork> open) {
        return networks.asMap().entrySet().stream()
                .sorted(
                        Comparator.comparingLong((Map.Entry<ClientNetwork, Counts> each) ->
                                        each.getValue().connections())
                                .reversed())
                .limit(limit)
                .map(each ->
                        Account.of(each.getKey(), open.applyAsInt(each.getKey()), each.getValue()))
                .toList();
    }
}
