package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.announcer.message.Addresses;
import org.jspecify.annotations.Nullable;

/// The configuration of a neighbor.
///
/// @param address the address of the neighbor
/// @param port its TCP port, 179 except in tests
/// @param remoteAs the AS number that its OPEN must have, or [#ANY_AS] or [#EXTERNAL_AS]
/// @param source the address to connect from; null means the system's choice
/// @param nextHops the next hops for routes without one, at most one per family. If a family is
///   missing, our address of the connection is used when it has that family. Otherwise the routes
///   of that family are not announced.
/// @param link how the packets are protected
/// @param policy what is added to the routes for this neighbor
/// @param passive whether only the neighbor opens connections
/// @param device the interface or VRF that sockets are bound to; null without one
public record Neighbor(
        InetAddress address,
        int port,
        long remoteAs,
        @Nullable InetAddress source,
        List<InetAddress> nextHops,
        Link link,
        Policy policy,
        boolean passive,
        @Nullable String device) {

    /// The TCP port of BGP (RFC 4271 section 4.2).
    public static final int PORT = 179;

    /// Accepts any AS number. The number itself is reserved (RFC 7607).
    public static final long ANY_AS = 0;

    /// Accepts any AS number but our own.
    public static final long EXTERNAL_AS = -1;

    public Neighbor {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
        if (remoteAs < EXTERNAL_AS || remoteAs > Local.ASN_MAX) {
            throw new IllegalArgumentException(
                    "AS " + remoteAs + " is not within 1 to " + Local.ASN_MAX);
        }
        nextHops = List.copyOf(nextHops);
        if (nextHops.stream().map(hop -> hop.getAddress().length).distinct().count()
                < nextHops.size()) {
            throw new IllegalArgumentException("more than one next hop of a family: " + nextHops);
        }
    }

    /// What tells neighbors apart: the address, with its link, and the port. Everything else can
    /// change.
    ///
    /// @param link the interface index of a link-local address without `device`; 0 for others
    /// @param device the interface or VRF that sockets are bound to; null without one
    public record Id(InetAddress address, int link, int port, @Nullable String device) {

        /// Returns the id of an address and a port, reached through an interface if not null.
        public static Id of(InetAddress address, int port, @Nullable String device) {
            return new Id(address, device == null ? Addresses.link(address) : 0, port, device);
        }

        /// Returns the neighbor as messages and labels name it, without its port: the address, with
        /// its interface behind a percent sign. A neighbor that is found on a link has the name of
        /// the interface.
        public String name() {
            if (device == null) {
                return Addresses.text(address);
            }
            return isLink(address)
                    ? device
                    : Addresses.text(address).replaceFirst("%.*", "") + "%" + device;
        }
    }

    private static boolean isLink(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 16
                && address.isLinkLocalAddress()
                && Arrays.equals(octets, 8, 16, new byte[8], 0, 8);
    }

    /// Returns whether the address stands for a link, on which the neighbor must be found.
    public boolean isUnnumbered() {
        return device != null && isLink(address);
    }

    /// Returns what tells the neighbor from others.
    public Id id() {
        return Id.of(address, port, device);
    }

    /// Returns the same configuration for another address.
    public Neighbor at(InetAddress other) {
        return new Neighbor(other, port, remoteAs, source, nextHops, link, policy, passive, device);
    }

    /// Returns whether the neighbor may be in an AS, as its OPEN says.
    ///
    /// @param localAs our own AS number
    boolean mayBe(long asn, long localAs) {
        if (remoteAs == EXTERNAL_AS) {
            return asn != 0 && asn != localAs;
        }
        return asn != 0 && (remoteAs == ANY_AS || asn == remoteAs);
    }

    /// Returns the neighbor with other next hops.
    public Neighbor via(List<InetAddress> others) {
        return new Neighbor(address, port, remoteAs, source, others, link, policy, passive, device);
    }

    /// Creates a neighbor on the same link, without protection and policy.
    public Neighbor(
            InetAddress address,
            int port,
            long remoteAs,
            @Nullable InetAddress source,
            List<InetAddress> nextHops) {
        this(address, port, remoteAs, source, nextHops, Link.DIRECT, Policy.PLAIN, false, null);
    }

    /// Creates a neighbor at the BGP port, with the system's defaults for everything else.
    public Neighbor(InetAddress address, long remoteAs) {
        this(address, PORT, remoteAs, null, List.of());
    }

    /// Returns the neighbor as log lines name it, e.g. "198.51.100.1 AS65001".
    @Override
    public String toString() {
        return id().name()
                + (port == PORT ? "" : " port " + port)
                + (remoteAs > ANY_AS ? " AS" + remoteAs : "");
    }
}
