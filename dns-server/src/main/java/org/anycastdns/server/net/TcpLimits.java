package org.anycastdns.server.net;

import java.time.Duration;

/// The limits for TCP clients (RFC 7766 section 6.2, RFC 9210 section 4.2). At a limit, a new
/// connection replaces the one whose last request is the oldest. New clients can thus always
/// connect.
///
/// @param connections the most open connections in total, at least 1
/// @param connectionsPerClient the most open connections of one IPv4 address or IPv6 /56, at least
///   1
/// @param idle time from the last complete request (or the start) after which a connection is
///   closed; positive. Octets of incomplete messages do not count. Requests that wait until the
///   client reads its responses do not count either.
public record TcpLimits(int connections, int connectionsPerClient, Duration idle) {

    /// The default limits.
    ///
    /// - 1,000 connections: each one holds at most about 180 KiB of unfinished requests and unread
    ///   responses, so the total stays below 180 MiB.
    /// - 100 per client: enough for a site of resolvers behind one address, but no single client
    ///   can use all connections.
    /// - 10 s: RFC 7766 section 6.2.3 asks for at least "a few seconds", and busy resolvers send
    ///   their next query well within that time.
    public static final TcpLimits DEFAULT = new TcpLimits(1_000, 100, Duration.ofSeconds(10));

    public TcpLimits {
        if (connections < 1 || connectionsPerClient < 1) {
            throw new IllegalArgumentException("TCP limits must be at least 1");
        }
        if (!idle.isPositive()) {
            throw new IllegalArgumentException("TCP idle timeout must be positive");
        }
    }
}
