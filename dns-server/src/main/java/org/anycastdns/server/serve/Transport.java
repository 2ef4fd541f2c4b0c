package org.anycastdns.server.serve;

/// The transport of a request, which limits the size of the response.
public enum Transport {
    /// One datagram; the response is truncated to the size that the client accepts.
    UDP,
    /// A stream with length prefixes (RFC 7766); responses have up to 65,535 octets.
    TCP,
    /// A stream within TLS (RFC 7858); otherwise as over TCP. Only here, padding hides something.
    TLS;

    /// Returns the metric label.
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
