package org.anycastdns.server.net;

import java.net.InetSocketAddress;
import java.util.List;
import org.anycastdns.server.tls.ServerTls;

/// Where and how TLS is served.
///
/// @param addresses resolved; port 0 lets the system choose one
/// @param tls certificate and key
/// @param limits limits for its clients
public record TlsListening(List<InetSocketAddress> addresses, ServerTls tls, TlsLimits limits) {

    /// Copies the list.
    public TlsListening {
        addresses = List.copyOf(addresses);
    }
}
