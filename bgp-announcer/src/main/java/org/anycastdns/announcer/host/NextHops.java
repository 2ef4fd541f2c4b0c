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
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress local = neighbor.sourceAddress();
            if (local == null) {
                // Connecting a datagram socket sends nothing; it only looks up the route.
                socket.connect(new InetSocketAddress(neighbor.at(), neighbor.port()));
                local = socket.getLocalAddress();
            }
            NetworkInterface port = NetworkInterface.getByInetAddress(local);
            return port == null
                    ? null
                    : port.inetAddresses().filter(NextHops::global).findFirst().orElse(null);
        } catch (IOException | UncheckedIOException _) {
            return null; // no route to the neighbor yet
        }
    }

    private static boolean global(InetAddress address) {
        return address instanceof Inet6Address
                && !address.isLinkLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress();
    }
}
