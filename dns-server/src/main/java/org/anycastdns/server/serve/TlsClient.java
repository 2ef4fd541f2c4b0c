package org.anycastdns.server.serve;

import java.util.List;

/// What a TLS handshake showed of a client, for access lists.
///
/// @param dot whether the client asked for DNS over TLS by name (ALPN `dot`). Without it, it may
///   send queries, but must not get transfers (RFC 9103 section 7.1)
/// @param names the DNS names of the client's certificate in lower case, which the configured
///   authorities vouch for; empty without a certificate
public record TlsClient(boolean dot, List<String> names) {

    /// Copies the list.
    public TlsClient {
        names = List.copyOf(names);
    }

    /// Returns whether the client proved a name.
    ///
    /// @param name in lower case, without a final dot
    public boolean isNamed(String name) {
        return names.contains(name);
    }
}
