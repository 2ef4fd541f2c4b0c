package org.anycastdns.server.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/// Finds out whether an address belongs to this host.
final class LocalAddress {

    /// An arbitrary port; nothing is sent to it.
    private static final int DISCARD = 9;

    private LocalAddress() {}

    /// Returns whether packets to an address are delivered to this host.
    ///
    /// The method asks the kernel's routing by connecting a UDP socket, which sends nothing. A
    /// socket that is connected to a local address has that same address as its source. Unlike a
    /// list of the interfaces' addresses, this covers local routes (`ip route add local`). Its cost
    /// does not grow with the number of addresses.
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
            // There is no route to the address, so it is not local either.
            return false;
        }
    }
}
