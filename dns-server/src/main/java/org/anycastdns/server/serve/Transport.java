package org.anycastdns.server.serve;

/// How a request came, which decides how large the reply may be.
public enum Transport {
    /// One datagram; truncated to what the client takes.
    UDP,
    /// A stream with length prefixes (RFC 7766); up to 65,535 octets.
    TCP
}
