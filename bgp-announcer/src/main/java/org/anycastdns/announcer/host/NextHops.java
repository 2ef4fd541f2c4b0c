package org.anycastdns.announcer.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.message.Addresses;
import org.jspecify.annotations.Nullable;

/// Chooses the next hops for a neighbor: the configured ones. Without a configured one, an IPv4
/// session uses the global IPv6 address of the interface towards the neighbor, if there is one, for
/// IPv6 prefixes.
public final class NextHops {

    private NextHops() {}

    /// Returns at most one next hop per family. For a missing family, the session's own address is
    /// used.
    public static List<InetAddress> of(Config config, Config.Neighbor neighbor) {
        List<InetAddress> hops = new ArrayList<>();
        add(neighbor.nextHop(), config.nextHop(), hops);
        add(neighbor.nextHopV6(), config.nextHopV6(), hops);
        boolean six = hops.stream().anyMatch(Inet6Address.class::isInstance);
        if (!six && neighbor.at() instanceof Inet4Address) {
            InetAddress facing = facing(neighbor);
            if (facing != null) {
                hops.add(facing);
            }
        }
        return hops;
    }

    private static void add(
            @Nullable InetAddress own, @Nullable InetAddress general, List<InetAddress> hops) {
        if (own != null || general != null) {
            hops.add(Objects.requireNonNull(own == null ? general : own));
        }
    }

    /// Returns the global IPv6 address of the interface towards the neighbor, or null without one.
    private static @Nullable InetAddress facing(Config.Neighbor neighbor) {
        String device = neighbor.place().boundTo();
        try {
            // The routing table says nothing about a neighbor that is bound to an interface.
            NetworkInterface port =
                    device == null ? byRoute(neighbor) : NetworkInterface.getByName(device);
            return port == null
                    ? null
                    : port.inetAddresses().filter(NextHops::global).findFirst().orElse(null);
        } catch (IOException | UncheckedIOException _) {
            return null; // no route to the neighbor yet
        }
    }

    private static @Nullable NetworkInterface byRoute(Config.Neighbor neighbor) throws IOException {
        InetAddress source = neighbor.sourceAddress();
        if (source != null) {
            return NetworkInterface.getByInetAddress(source);
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connecting a datagram socket sends nothing; it only looks up the route.
            socket.connect(new InetSocketAddress(towards(neighbor), neighbor.port()));
            return NetworkInterface.getByInetAddress(socket.getLocalAddress());
        }
    }

    /// Returns an address in the direction of a neighbor. The first of a range is the broadcast
    /// address of a subnet, to which nothing connects; the next one is not.
    private static InetAddress towards(Config.Neighbor neighbor) {
        if (neighbor.place().range() == null) {
            return neighbor.at();
        }
        byte[] octets = neighbor.at().getAddress();
        int last = octets.length - 1;
        octets[last] = (byte) (octets[last] | 1);
        return Addresses.of(octets);
    }

    private static boolean global(InetAddress address) {
        return address instanceof Inet6Address
                && !address.isLinkLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress();
    }
}
