package org.anycastdns.server.net;

/// The reason why a TCP connection ended.
public enum TcpClose {
    /// The client closed the connection.
    CLIENT,
    /// The client reset the connection, or the network failed.
    RESET,
    /// The client sent no complete request within the idle timeout.
    IDLE,
    /// A newer connection of the same client replaced it at the limit per client.
    CLIENT_LIMIT,
    /// A newer connection replaced it at the total limit.
    TOTAL_LIMIT,
    /// A message was too short for a header: the peer does not speak DNS.
    MALFORMED,
    /// An internal error occurred while answering; see the log.
    FAILURE,
    /// The server is shutting down.
    SHUTDOWN;

    /// Returns the metric label.
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
