package org.anycastdns.server.transfer.primary;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.jspecify.annotations.Nullable;

/// A secondary that is told of new versions.
///
/// @param name its name in the configuration
/// @param addresses at least one; each attempt goes to the next one
/// @param key signs NOTIFY; null for none
/// @param source returns the address of this host from which NOTIFY goes to an address; null if the
///   system chooses
public record NotifyTarget(
        String name,
        List<InetSocketAddress> addresses,
        @Nullable TsigKey key,
        Function<InetSocketAddress, @Nullable InetAddress> source) {

    /// Creates a target to which the system chooses the source.
    public NotifyTarget(String name, List<InetSocketAddress> addresses, @Nullable TsigKey key) {
        this(name, addresses, key, _ -> null);
    }

    public NotifyTarget {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a target has an address");
        }
    }
}
