package org.anycastdns.server.guard;

import java.net.InetAddress;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Who asks.
///
/// @param key name of the TSIG key whose signature was verified; null if there is none
/// @param encrypted whether the request came over TLS
/// @param tlsNames the names of the client's certificate in lower case, which the configured
///   authorities vouch for; empty without one
public record Peer(
        InetAddress address, @Nullable Name key, boolean encrypted, List<String> tlsNames) {

    public Peer {
        tlsNames = List.copyOf(tlsNames);
        if (!encrypted && !tlsNames.isEmpty()) {
            throw new IllegalArgumentException("only TLS shows a certificate");
        }
    }

    /// Creates a peer without a certificate.
    public Peer(InetAddress address, @Nullable Name key, boolean encrypted) {
        this(address, key, encrypted, List.of());
    }

    @Override
    public String toString() {
        return address.getHostAddress()
                + (key == null ? "" : " with key " + key)
                + (encrypted ? " over TLS" : "")
                + (tlsNames.isEmpty() ? "" : " as " + String.join(", ", tlsNames));
    }
}
