package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.time.Duration;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// A Linux UDP socket of one address family. Any one thread sets its options before it is bound.
/// Datagrams are received and sent by a {@link DatagramBatch}.
///
/// ```
/// struct sockaddr_in {          struct sockaddr_in6 {
///   0  sa_family_t sin_family;    0  sa_family_t     sin6_family;
///   2  in_port_t   sin_port;      2  in_port_t       sin6_port;      // network byte order
///   4  in_addr     sin_addr;      4  uint32_t        sin6_flowinfo;
///   8  char        zero[8];       8  struct in6_addr sin6_addr;
/// };                             24  uint32_t        sin6_scope_id;
///                               };
/// ```
public final class UdpSocket implements AutoCloseable {

    static final int SOCKADDR_IN_OCTETS = 16;
    static final int SOCKADDR_IN6_OCTETS = 28;
    static final int PORT = 2;
    static final int SIN_ADDR = 4;
    static final int SIN6_ADDR = 8;
    private static final int SIN6_SCOPE_ID = 24;

    static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // From the kernel's <linux/socket.h>; the same on x86-64 and aarch64.
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SHUT_RDWR = 2;

    private static final int PMTUDISC_OMIT = 5;

    /// Length of the result of SO_MEMINFO: nine numbers of 32 bits. The last one counts datagrams
    /// that were lost because the queue was full (SK_MEMINFO_DROPS).
    private static final int MEMINFO_OCTETS = 36;

    private static final int MEMINFO_DROPS = 32;

    private final int descriptor;
    private final boolean ipv6;
    private boolean closed;

    private UdpSocket(int descriptor, boolean ipv6) {
        this.descriptor = descriptor;
        this.ipv6 = ipv6;
    }

    /// Opens an unbound socket. It ignores the path MTU that ICMP messages claim, so that an
    /// attacker cannot make it send fragments (RFC 9715 section 3.1). An IPv6 socket does not
    /// receive IPv4.
    ///
    /// @param ipv6 whether the socket is for IPv6 instead of IPv4
    public static UdpSocket open(boolean ipv6) throws SocketException {
        UdpSocket socket;
        try (Arena arena = Arena.ofConfined()) {
            int family = ipv6 ? AF_INET6 : AF_INET;
            int descriptor =
                    SystemCall.make(
                            SystemCall.state(arena),
                            CallNumber.SOCKET,
                            family,
                            SOCK_DGRAM | SOCK_CLOEXEC,
                            0);
            socket = new UdpSocket(Kernel.check(descriptor), ipv6);
        }
        try {
            if (ipv6) {
                socket.set(SocketOption.IPV6_V6ONLY, 1);
            }
            socket.set(SocketOption.mtuDiscover(ipv6), PMTUDISC_OMIT);
            return socket;
        } catch (SocketException e) {
            socket.close();
            throw e;
        }
    }

    /// Opens an unbound socket of an address's family.
    public static UdpSocket open(InetAddress address) throws SocketException {
        return open(address instanceof Inet6Address);
    }

    /// Lets other sockets of the same user bind the same address. The kernel then distributes the
    /// clients among them.
    public void sharePort() throws SocketException {
        set(SocketOption.REUSEPORT, 1);
    }

    /// Lets {@link #bind} accept an address that is not on this host yet, or that disappears and
    /// returns. Datagrams arrive whenever the address is present.
    public void freeBind() throws SocketException {
        set(SocketOption.freeBind(ipv6), 1);
    }

    /// Makes the kernel report the destination address of each datagram, so that the response can
    /// be sent from it. Only a socket that is bound to the wildcard address needs this.
    public void receivePacketInfo() throws SocketException {
        set(SocketOption.packetInfo(ipv6), 1);
    }

    /// Sets the sizes of the kernel's buffers. They exceed the kernel's limit if the process is
    /// allowed to do that (CAP_NET_ADMIN).
    ///
    /// @param receiveOctets room for received datagrams, as the kernel counts it: about 800 for a
    ///   query
    /// @param sendOctets room for datagrams that have not been sent yet
    public void queues(int receiveOctets, int sendOctets) throws SocketException {
        queue(SocketOption.RCVBUFFORCE, SocketOption.RCVBUF, receiveOctets);
        queue(SocketOption.SNDBUFFORCE, SocketOption.SNDBUF, sendOctets);
    }

    private void queue(SocketOption forced, SocketOption limited, int octets)
            throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, octets);
            if (set(arena, forced, value) < 0) {
                Kernel.check(set(arena, limited, value));
            }
        }
    }

    /// Returns the size of the receive buffer in octets: the requested size or the kernel's limit
    /// (net.core.rmem_max).
    public int receiveQueueOctets() throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            Kernel.check(get(arena, SocketOption.RCVBUF, value, size));
            // The kernel doubles the value for its own bookkeeping (socket(7)).
            return value.get(ValueLayout.JAVA_INT, 0) / 2;
        }
    }

    /// Sets how long {@link DatagramBatch#receive} waits for the first datagram. By default it
    /// waits forever.
    ///
    /// ```
    /// struct timeval { 0 time_t tv_sec; 8 suseconds_t tv_usec; };
    /// ```
    public void receiveTimeout(Duration timeout) throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG, 2);
            value.set(ValueLayout.JAVA_LONG, 0, timeout.getSeconds());
            value.set(ValueLayout.JAVA_LONG, Long.BYTES, timeout.getNano() / 1_000);
            Kernel.check(set(arena, SocketOption.RCVTIMEO, value));
        }
    }

    private void set(SocketOption option, int number) throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, number);
            Kernel.check(set(arena, option, value));
        }
    }

    private int set(Arena arena, SocketOption option, MemorySegment value) {
        return SystemCall.make(
                SystemCall.state(arena),
                CallNumber.SETSOCKOPT,
                descriptor,
                option.level(),
                option.name(),
                value.address(),
                value.byteSize());
    }

    private int get(Arena arena, SocketOption option, MemorySegment value, MemorySegment size) {
        return SystemCall.make(
                SystemCall.state(arena),
                CallNumber.GETSOCKOPT,
                descriptor,
                option.level(),
                option.name(),
                value.address(),
                size.address());
    }

    /// Binds the socket to an address of this host; port 0 lets the kernel choose a port.
    public void bind(InetSocketAddress address) throws SocketException {
        addressed(CallNumber.BIND, address);
    }

    /// Restricts the socket to exchange datagrams with one peer.
    public void connect(InetSocketAddress peer) throws SocketException {
        addressed(CallNumber.CONNECT, peer);
    }

    private void addressed(long call, InetSocketAddress address) throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocate(SOCKADDR_IN6_OCTETS, Long.BYTES);
            octets.set(ValueLayout.JAVA_SHORT, 0, (short) (ipv6 ? AF_INET6 : AF_INET));
            octets.set(NETWORK_SHORT, PORT, (short) address.getPort());
            MemorySegment.copy(
                    MemorySegment.ofArray(address.getAddress().getAddress()),
                    0,
                    octets,
                    ipv6 ? SIN6_ADDR : SIN_ADDR,
                    ipv6 ? 16 : 4);
            if (address.getAddress() instanceof Inet6Address scoped) {
                octets.set(ValueLayout.JAVA_INT, SIN6_SCOPE_ID, scoped.getScopeId());
            }
            Kernel.check(
                    SystemCall.make(
                            SystemCall.state(arena),
                            call,
                            descriptor,
                            octets.address(),
                            ipv6 ? SOCKADDR_IN6_OCTETS : SOCKADDR_IN_OCTETS,
                            0,
                            0));
        }
    }

    /// Returns the address that the socket is bound to, with its actual port.
    public InetSocketAddress localAddress() throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocate(SOCKADDR_IN6_OCTETS, Long.BYTES);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, SOCKADDR_IN6_OCTETS);
            Kernel.check(
                    SystemCall.make(
                            SystemCall.state(arena),
                            CallNumber.GETSOCKNAME,
                            descriptor,
                            octets.address(),
                            size.address(),
                            0,
                            0));
            byte[] address = new byte[ipv6 ? 16 : 4];
            MemorySegment.copy(
                    octets,
                    ipv6 ? SIN6_ADDR : SIN_ADDR,
                    MemorySegment.ofArray(address),
                    0,
                    address.length);
            int port = Short.toUnsignedInt(octets.get(NETWORK_SHORT, PORT));
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 or 16 octets are an address", impossible);
        }
    }

    /// Returns the number of datagrams so far that were lost because the queue was full, or 0 after
    /// {@link #close}. May be called from any thread.
    public synchronized long overflowCount() {
        if (closed) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(MEMINFO_OCTETS, Integer.BYTES);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, MEMINFO_OCTETS);
            int result = get(arena, SocketOption.MEMINFO, numbers, size);
            return result < 0
                    ? 0
                    : Integer.toUnsignedLong(numbers.get(ValueLayout.JAVA_INT, MEMINFO_DROPS));
        }
    }

    /// Wakes the thread that waits for a datagram, and makes later calls return at once. May be
    /// called from any thread. Linux also wakes the receivers of a socket without a peer, although
    /// it then reports ENOTCONN.
    public synchronized void shutdown() {
        if (!closed) {
            try (Arena arena = Arena.ofConfined()) {
                int _ =
                        SystemCall.make(
                                SystemCall.state(arena),
                                CallNumber.SHUTDOWN,
                                descriptor,
                                SHUT_RDWR,
                                0);
            }
        }
    }

    /// Sends one datagram without waiting. May be called from any thread.
    ///
    /// @return whether the kernel took it; not after {@link #close}
    public synchronized boolean send(byte[] message, Sender to) {
        if (closed) {
            return false;
        }
        DatagramBatch one = new DatagramBatch(1, 0, message.length);
        one.queue(message, to);
        return one.send(this) == 0;
    }

    /// Closes the socket. No other thread may be using it, because the kernel reuses its
    /// descriptor.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try (Arena arena = Arena.ofConfined()) {
                int _ =
                        SystemCall.make(
                                SystemCall.state(arena), CallNumber.CLOSE, descriptor, 0, 0, 0, 0);
            }
        }
    }

    int descriptor() {
        return descriptor;
    }

    boolean ipv6() {
        return ipv6;
    }
}
