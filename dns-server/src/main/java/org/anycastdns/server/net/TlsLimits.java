package org.anycastdns.server.net;

import java.time.Duration;

/// The limits for TLS, beside those of {@link TcpLimits}, which count a connection from the end of
/// its handshake on. At a limit of handshakes a new one ends the oldest one.
///
/// @param handshakes the most handshakes at one time, at least 1
/// @param handshakesPerClient the most of one IPv4 address or IPv6 /56, at least 1
/// @param handshake how long a handshake may take; positive
/// @param idle as {@link TcpLimits#idle}, after the handshake
public record TlsLimits(
        int handshakes, int handshakesPerClient, Duration handshake, Duration idle) {

    /// The default limits.
    ///
    /// - 200 handshakes: a core makes about a thousand in a second, so a queue of this length is
    ///   done well before a resolver gives up.
    /// - 20 per client: a resolver opens a few connections at a time.
    /// - 5 s: three round trips around the world on a lossy link, but not the time to collect idle
    ///   sockets.
    /// - 30 s idle: a connection costs both sides more than one of TCP, so it is kept longer.
    public static final TlsLimits DEFAULT =
            new TlsLimits(200, 20, Duration.ofSeconds(5), Duration.ofSeconds(30));

    public TlsLimits {
        if (handshakes < 1 || handshakesPerClient < 1) {
            throw new IllegalArgumentException("TLS limits must be at least 1");
        }
        if (!handshake.isPositive() || !idle.isPositive()) {
            throw new IllegalArgumentException("TLS timeouts must be positive");
        }
    }
}
