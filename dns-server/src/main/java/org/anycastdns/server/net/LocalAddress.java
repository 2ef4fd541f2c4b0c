package org.anycastdns.server.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/// Whether an address is this host's own.
final class LocalAddress {

    /// Any port: nothing is sent.
    private static final int DISCARD = 9;

    private LocalAddress() {}

    /// Whether packets to an address end on this host. The kernel's routing is asked, by connecting
    /// a UDP socket, which sends nothing: to an address of its own it connects from that address.
    /// Unlike a list of the interfaces' addresses this knows of local routes (`ip route add local`)
    /// and does not grow with their number.
    static boolean isPresent(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return true;
        }
        var family =
                address instanceof Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET;
        try (DatagramChannel socket = DatagramChannel.open(family)) {
            socket.connect(new InetSocketAddress(address, DISCARD));
            return socket.getLocalAddress() instanceof InetSocketAddress from
                    && from.getAddress().equals(address);
        } catch (IOException e) {
            // No route to it, so it is not here either.
            return false;
        }
    }
}
