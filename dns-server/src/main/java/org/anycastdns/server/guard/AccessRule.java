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
public record AccessRule(List<AddressPrefix> addresses, @Nullable Name key, boolean encrypted) {

    public AccessRule {
        addresses = List.copyOf(addresses);
    }

    /// Returns what is decided about a peer by this rule alone.
    Access access(Peer peer) {
        if (addresses.stream().noneMatch(prefix -> prefix.contains(peer.address()))) {
            return Access.OTHER_ADDRESS;
        }
        if (key != null && !Objects.equals(key, peer.key())) {
            return Access.OTHER_KEY;
        }
        return encrypted && !peer.encrypted() ? Access.NOT_ENCRYPTED : Access.ALLOWED;
    }
}
