package org.anycastdns.server.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Finds out whether an address belongs to this host.
final class LocalAddress {

    /// An arbitrary port; nothing is sent to it.
    private static final int DISCARD = 9;

    /// The IPv6 addresses of all interfaces, one in a line, which begins with its 32 hexadecimal
    /// digits. Linux only.
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

    private LocalAddress() {}

    /// Returns why packets to an address are not delivered to this host, or null if they are.
    static @Nullable Absence absence(InetAddress address) {
        if (isIpv6Off(address)) {
            return Absence.IPV6_OFF;
        }
        return isPresent(address) ? null : Absence.NOT_HERE;
    }

    /// Returns whether an address is one of IPv6, and no interface has any of these.
    ///
    /// @param address null if it is not known
    static boolean isIpv6Off(@Nullable InetAddress address) {
        try {
            return address instanceof Inet6Address && Files.readString(IPV6_ADDRESSES).isEmpty();
        } catch (IOException e) {
            return false; // not known
        }
    }

    /// Returns whether packets to an address are delivered to this host.
    ///
    /// The method asks the kernel's routing by connecting a UDP socket, which sends nothing. A
    /// socket that is connected to a local address has that same address as its source. Unlike a
    /// list of the interfaces' addresses, this covers local routes (`ip route add local`). Its cost
    /// does not grow with the number of addresses.
    private static boolean isPresent(InetAddress address) {
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
        } catch (UnsupportedOperationException e) {
            // IPv6 was off when the JVM started, which it does not look at again.
            return isAssigned(address);
        }
    }

    private static boolean isAssigned(InetAddress address) {
        String digits = HexFormat.of().formatHex(address.getAddress());
        try {
            return Files.readString(IPV6_ADDRESSES)
                    .lines()
                    .anyMatch(line -> line.startsWith(digits));
        } catch (IOException e) {
            return false;
        }
    }
}
