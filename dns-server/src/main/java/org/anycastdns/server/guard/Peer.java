package org.anycastdns.server.guard;

import java.net.InetAddress;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Who asks.
///
/// @param key name of the TSIG key whose signature was verified; null if there is none
/// @param encrypted whether the request came over TLS
public record Peer(InetAddress address, @Nullable Name key, boolean encrypted) {

    @Override
    public String toString() {
        return address.getHostAddress()
                + (key == null ? "" : " with key " + key)
                + (encrypted ? " over TLS" : "");
    }
}
