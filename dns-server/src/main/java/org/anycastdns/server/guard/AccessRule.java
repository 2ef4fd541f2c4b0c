package org.anycastdns.server.guard;

import java.util.List;
import java.util.Objects;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// One entry of an access list. A peer must match all of it: address, key and transport.
///
/// @param addresses one of them must contain the peer's address
/// @param key the key that must have signed; null for any key, or none
/// @param encrypted whether the request must come over TLS
/// @param tlsName the name that the client's certificate must have, in lower case and without a
///   final dot; null for any, or no certificate. No request that did not come over TLS has one
public record AccessRule(
        List<AddressPrefix> addresses,
        @Nullable Name key,
        boolean encrypted,
        @Nullable String tlsName) {

    public AccessRule {
        addresses = List.copyOf(addresses);
        if (tlsName != null && !encrypted) {
            throw new IllegalArgumentException("only TLS shows a certificate");
        }
    }

    /// Creates a rule for clients with any certificate, or none.
    public AccessRule(List<AddressPrefix> addresses, @Nullable Name key, boolean encrypted) {
        this(addresses, key, encrypted, null);
    }

    /// Returns what is decided about a peer by this rule alone.
    Access access(Peer peer) {
        if (addresses.stream().noneMatch(prefix -> prefix.contains(peer.address()))) {
            return Access.OTHER_ADDRESS;
        }
        if (key != null && !Objects.equals(key, peer.key())) {
            return Access.OTHER_KEY;
        }
        if (encrypted && !peer.encrypted()) {
            return Access.NOT_ENCRYPTED;
        }
        return tlsName == null || peer.tlsNames().contains(tlsName)
                ? Access.ALLOWED
                : Access.OTHER_CERTIFICATE;
    }
}
