package org.anycastdns.announcer;

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

/// The next hops that a neighbor is told: those configured; for IPv6 prefixes over an IPv4 session
/// otherwise the global IPv6 address of the interface that faces the neighbor, when it has one.
final class NextHops {

    private NextHops() {}

    /// At most one next hop a family; a family that is missing takes our end of the session.
    static List<InetAddress> of(Config config, Config.Neighbor neighbor) {
        List<InetAddress> hops = new ArrayList<>();
        add(neighbor.nextHop(), config.nextHop(), hops);
        add(neighbor.nextHopV6(), config.nextHopV6(), hops);
        boolean six = hops.stream().anyMatch(Inet6Address.class::isInstance);
        if (!six && neighbor.address() instanceof Inet4Address) {
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

    /// The global IPv6 address of the interface that leads to the neighbor; null without one.
    private static @Nullable InetAddress facing(Config.Neighbor neighbor) {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress local = neighbor.sourceAddress();
            if (local == null) {
                // Connecting a datagram socket sends nothing: it only asks for the route.
                socket.connect(new InetSocketAddress(neighbor.address(), neighbor.port()));
                local = socket.getLocalAddress();
            }
            NetworkInterface port = NetworkInterface.getByInetAddress(local);
            return port == null
                    ? null
                    : port.inetAddresses().filter(NextHops::global).findFirst().orElse(null);
        } catch (IOException | UncheckedIOException _) {
            return null; // no route to it yet: nothing can be said
        }
    }

    private static boolean global(InetAddress address) {
        return address instanceof Inet6Address
                && !address.isLinkLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress();
    }
}
