package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.List;
import org.anycastdns.announcer.message.Addresses;
import org.jspecify.annotations.Nullable;

/// A neighbor as configured.
///
/// @param address where it listens
/// @param port its TCP port, 179 unless it is a test
/// @param remoteAs the AS number its OPEN must carry, or [#ANY_AS]
/// @param source the address to connect from; null leaves the choice to the system
/// @param nextHops next hops of the routes that name none, at most one a family; a family that is
///   missing takes our end of the connection when that is of the family, and is not announced
///   otherwise
/// @param link how packets to and from it are protected
/// @param policy what its routes carry beyond what all do
/// @param passive whether it connects to us, and we never to it
public record Neighbor(
        InetAddress address,
        int port,
        long remoteAs,
        @Nullable InetAddress source,
        List<InetAddress> nextHops,
        Link link,
        Policy policy,
        boolean passive) {

    /// The port of BGP (RFC 4271 section 4.2).
    public static final int PORT = 179;

    /// Accepts whatever AS the neighbor is in; the number itself is reserved (RFC 7607).
    public static final long ANY_AS = 0;

    public Neighbor {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
        if (remoteAs < 0 || remoteAs > Local.ASN_MAX) {
            throw new IllegalArgumentException(
                    "AS " + remoteAs + " is not within 1 to " + Local.ASN_MAX);
        }
        nextHops = List.copyOf(nextHops);
        if (nextHops.stream().map(hop -> hop.getAddress().length).distinct().count()
                < nextHops.size()) {
            throw new IllegalArgumentException("more than one next hop of a family: " + nextHops);
        }
    }

    /// The neighbor on the same link, unprotected, its routes plain.
    public Neighbor(
            InetAddress address,
            int port,
            long remoteAs,
            @Nullable InetAddress source,
            List<InetAddress> nextHops) {
        this(address, port, remoteAs, source, nextHops, Link.DIRECT, Policy.PLAIN, false);
    }

    /// The neighbor at the BGP port, all else left to the system.
    public Neighbor(InetAddress address, long remoteAs) {
        this(address, PORT, remoteAs, null, List.of());
    }

    /// The neighbor as log lines name it, e.g. "198.51.100.1 AS65001".
    @Override
    public String toString() {
        return Addresses.text(address)
                + (port == PORT ? "" : " port " + port)
                + (remoteAs == ANY_AS ? "" : " AS" + remoteAs);
    }
}
