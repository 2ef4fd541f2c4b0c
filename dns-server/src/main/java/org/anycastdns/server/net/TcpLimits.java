package org.anycastdns.server.net;

import java.time.Duration;

/// What TCP clients may hold (RFC 7766 section 6.2, RFC 9210 section 4.2). At a limit the
/// connection whose last request is longest ago makes room for the new one, so new clients always
/// get in.
///
/// @param connections open connections in all, at least 1
/// @param connectionsPerClient open connections of one IPv4 address or IPv6 /56, at least 1
/// @param idle a connection is closed that long after its last complete request (or its start);
///   positive. Octets that never complete a message do not count, and requests that wait for the
///   client to read its answers do not either.
public record TcpLimits(int connections, int connectionsPerClient, Duration idle) {

    /// The defaults. 1,000 connections: at worst each holds about 180 KiB of unfinished request and
    /// unread answers, so all of them stay below 180 MiB. 100 for a client: plenty for a site of
    /// resolvers behind one address, and no single one can take all. 10 s: RFC 7766 section 6.2.3
    /// asks for "a few seconds" at least, and busy resolvers ask again well within.
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
