package org.anycastdns.server.net.posix;

/// An option of a socket, from the kernel's <asm-generic/socket.h>, <linux/in.h> and <linux/in6.h>;
/// the same on x86-64 and aarch64.
///
/// @param level the protocol that it belongs to
/// @param name its number there
record SocketOption(int level, int name) {

    private static final int SOL_SOCKET = 1;
    static final int IPPROTO_IP = 0;
    static final int IPPROTO_IPV6 = 41;

    /// Type of the control message with the destination address, for IPv4 also of the option.
    static final int IP_PKTINFO = 8;

    /// Type of the control message with the destination address, for IPv6.
    static final int IPV6_PKTINFO = 50;

    static final SocketOption SNDBUF = new SocketOption(SOL_SOCKET, 7);
    static final SocketOption RCVBUF = new SocketOption(SOL_SOCKET, 8);
    static final SocketOption REUSEPORT = new SocketOption(SOL_SOCKET, 15);
    static final SocketOption RCVTIMEO = new SocketOption(SOL_SOCKET, 20);
    static final SocketOption SNDBUFFORCE = new SocketOption(SOL_SOCKET, 32);
    static final SocketOption RCVBUFFORCE = new SocketOption(SOL_SOCKET, 33);
    static final SocketOption MEMINFO = new SocketOption(SOL_SOCKET, 55);
    static final SocketOption IPV6_V6ONLY = new SocketOption(IPPROTO_IPV6, 26);

    /// Returns the option that treats the path MTU.
    static SocketOption mtuDiscover(boolean ipv6) {
        return ipv6 ? new SocketOption(IPPROTO_IPV6, 23) : new SocketOption(IPPROTO_IP, 10);
    }

    /// Returns the option that allows to bind an address that is not on this host.
    static SocketOption freeBind(boolean ipv6) {
        return ipv6 ? new SocketOption(IPPROTO_IPV6, 78) : new SocketOption(IPPROTO_IP, 15);
    }

    /// Returns the option that reports the destination address of each datagram.
    static SocketOption packetInfo(boolean ipv6) {
        return ipv6 ? new SocketOption(IPPROTO_IPV6, 49) : new SocketOption(IPPROTO_IP, IP_PKTINFO);
    }
}
