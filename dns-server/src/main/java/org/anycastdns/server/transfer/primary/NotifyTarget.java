package org.anycastdns.server.transfer.primary;

import java.net.InetSocketAddress;
import java.util.List;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.jspecify.annotations.Nullable;

/// A secondary that is told of new versions.
///
/// @param name its name in the configuration
/// @param addresses at least one; each attempt goes to the next one
/// @param key signs NOTIFY; null for none
public record NotifyTarget(String name, List<InetSocketAddress> addresses, @Nullable TsigKey key) {

    public NotifyTarget {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a target has an address");
        }
    }
}
