package org.anycastdns.server.net;

/// Why a TCP connection ended.
public enum TcpClose {
    /// The client closed it.
    CLIENT,
    /// The client reset it, or the network broke it.
    RESET,
    /// No complete request for the idle time.
    IDLE,
    /// A newer connection of the same client took its place.
    CLIENT_LIMIT,
    /// A newer connection took its place, the total being reached.
    TOTAL_LIMIT,
    /// A message too short to be one: the peer does not speak DNS.
    MALFORMED,
    /// A fault of ours while answering; see the log.
    FAILURE,
    /// This server stops.
    SHUTDOWN;

    /// The metric label.
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
