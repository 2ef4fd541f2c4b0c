package org.anycastdns.server.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.anycastdns.daemon.kernel.ErrorNumber;
import org.anycastdns.server.net.posix.Compilers;
import org.anycastdns.server.net.posix.LargePages;
import org.anycastdns.server.net.posix.Support;
import org.anycastdns.server.serve.Responder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ways to open sockets and wait for their events. TCP always runs on Netty's event loops, with
/// epoll where it is available.
public enum Engine {
    /// Datagrams by recvmmsg(2) and sendmmsg(2) on dedicated threads, with one UDP socket per
    /// thread. The kernel distributes the clients among the sockets.
    MMSG("mmsg"),
    /// Datagrams on Netty's event loops, with one UDP socket per event loop.
    EPOLL("epoll"),
    /// Datagrams on the JDK's selectors, with one UDP socket for all threads. An IPv6 wildcard
    /// socket receives IPv4 as well.
    NIO("nio");

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /// The most octets that are read of a datagram. This is more than the UDP size of 1,232 octets
    /// that the server advertises, and also fits the 1,472 octets of an Ethernet frame. Longer
    /// datagrams are cut, and the rest is parsed like any message.
    static final int DATAGRAM_OCTETS_MAX = 2_048;

    /// The most datagrams that one recvmmsg(2) receives; enough to make the cost of the call small.
    private static final int DATAGRAMS_PER_READ = 32;

    /// Size of the UDP receive buffer, for datagrams that arrive while an event loop pauses. A
    /// pause of 20 ms (a long garbage collection) at 100,000 queries/s is 2,000 datagrams. The
    /// kernel counts about 1,000 octets for each; the size is doubled for bursts. The kernel limits
    /// it to net.core.rmem_max.
    private static final int UDP_RECEIVE_OCTETS = 4 << 20;

    /// Responses that wait for the network card: two batches of full datagrams. Further responses
    /// are dropped.
    private static final WriteBufferWaterMark UDP_UNSENT_OCTETS =
            new WriteBufferWaterMark(128 << 10, 256 << 10);

    /// Responses that wait for a TCP client. Above the upper mark its requests are not read. One
    /// response of 64 KiB may exceed the mark.
    private static final WriteBufferWaterMark TCP_UNSENT_OCTETS =
            new WriteBufferWaterMark(16 << 10, 32 << 10);

    /// The kernel's send buffer for a TCP client that reads slowly: two of the largest responses.
    private static final int TCP_SEND_OCTETS = 128 << 10;

    /// The most octets of one read from a TCP connection; a hundred pipelined queries take about
    /// 5,000.
    private static final int TCP_READ_OCTETS_MAX = 16 << 10;

    /// Connections that wait to be accepted, for the burst of resolvers that retry over TCP within
    /// a few milliseconds. The kernel limits it to net.core.somaxconn.
    private static final int TCP_BACKLOG = 1_024;

    /// Constants of the Linux kernel for which Netty has no option. PMTUDISC_OMIT ignores the path
    /// MTU that ICMP messages claim. An attacker thus cannot make the server send fragments (RFC
    /// 9715 section 3.1).
    private static final int IPPROTO_IP = 0;

    private static final int IPPROTO_IPV6 = 41;
    private static final int PMTUDISC_OMIT = 5;
    private static final ChannelOption<Integer> IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP, 10);
    private static final ChannelOption<Integer> IPV6_MTU_DISCOVER =
            new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, 23);
    private static final ChannelOption<Integer> IP_FREEBIND =
            new IntegerUnixChannelOption("IP_FREEBIND", IPPROTO_IP, 15);
    private static final ChannelOption<Integer> IPV6_FREEBIND =
            new IntegerUnixChannelOption("IPV6_FREEBIND", IPPROTO_IPV6, 78);
    private static final ChannelOption<Integer> IPV6_V6ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, 26);

    private final String label;

    Engine(String label) {
        this.label = label;
    }

    /// Returns the fastest engine that works on this machine. The log tells why it is not {@link
    /// #MMSG}.
    public static Engine best() {
        String missing = Support.missing();
        if (missing.isEmpty()) {
            return MMSG;
        }
        Engine netty = netty();
        LOG.info("udp engine {}, because mmsg cannot be used: {}", netty.label, missing);
        return netty;
    }

    /// Lowers the priority of the JIT compiler threads below the threads that answer, if this
    /// engine can.
    void compilersStepBack() {
        if (this == MMSG) {
            int _ = Compilers.stepBack();
        }
    }

    /// Moves zone memory to large pages, if this engine can request them from the kernel. Other
    /// threads may read the memory meanwhile.
    ///
    /// @return number of octets that are on large pages now
    public long useLargePages(Collection<MemorySegment> memory) {
        return this == MMSG ? memory.stream().mapToLong(LargePages::use).sum() : 0;
    }

    /// Returns the engine that uses recvmmsg(2).
    ///
    /// @throws SocketException with the reason if it does not work on this machine
    public static Engine mmsg() throws SocketException {
        String missing = Support.missing();
        if (!missing.isEmpty()) {
            throw new SocketException("udp engine mmsg cannot be used: " + missing);
        }
        return MMSG;
    }

    /// Returns Netty's best engine, which works on every system.
    public static Engine netty() {
        if (Epoll.isAvailable()) {
            return EPOLL;
        }
        if (System.getProperty("os.name", "").startsWith("Linux")) {
            LOG.warn(
                    "epoll cannot be used, so one socket serves all UDP clients: {}",
                    String.valueOf(Epoll.unavailabilityCause()));
        }
        return NIO;
    }

    /// Returns the name for logs and metrics.
    String label() {
        return label;
    }

    /// Returns the engine that serves TCP beside this one.
    Engine streams() {
        return switch (this) {
            case MMSG -> netty();
            case EPOLL, NIO -> this;
        };
    }

    /// Returns whether the system makes sockets for an address of this family. A kernel or a
    /// sandbox without IPv6 does not.
    boolean supports(InetSocketAddress address) {
        SocketProtocolFamily family = family(address);
        try {
            Channel trial =
                    streams() == EPOLL
                            ? new EpollDatagramChannel(family)
                            : new NioDatagramChannel(family);
            trial.unsafe().closeForcibly();
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } catch (ChannelException e) {
            return !(e.getCause() instanceof NativeIoException error
                    && error.expectedErr() == ErrorNumber.EAFNOSUPPORT);
        }
    }

    /// Creates the datagram transport of this engine.
    ///
    /// @param threads the most threads that it may create
    /// @param strict whether only addresses of this host can be bound
    /// @param workers event loops that it may use instead of its own threads
    Datagrams datagrams(
            int threads,
            boolean strict,
            Map<EventLoop, Worker> workers,
            Supplier<Responder> responders,
            Datagrams.Counts counts) {
        return switch (this) {
            case MMSG -> new MmsgDatagrams(threads, strict, responders, counts);
            case EPOLL, NIO -> new NettyDatagrams(this, strict, workers, counts);
        };
    }

    /// Returns whether each event loop has a UDP socket of its own for an address.
    boolean sharesPorts() {
        return this == EPOLL;
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case MMSG -> streams().handlers();
            case EPOLL -> LastingEpoll.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// Returns a bootstrap that opens UDP sockets for an address on an event loop.
    ///
    /// @param shared whether other sockets may be bound to the same address
    /// @param strict whether only an address of this host can be bound
    Bootstrap udp(EventLoop loop, InetSocketAddress address, boolean shared, boolean strict) {
        SocketProtocolFamily family = family(address);
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .option(ChannelOption.SO_RCVBUF, UDP_RECEIVE_OCTETS)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UDP_UNSENT_OCTETS);
        if (this == NIO) {
            return bootstrap
                    .channelFactory(() -> new NioDatagramChannel(family))
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(DATAGRAM_OCTETS_MAX));
        }
        bootstrap
                .channelFactory(() -> new EpollDatagramChannel(family))
                .option(UnixChannelOption.SO_REUSEPORT, shared)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_OCTETS_MAX)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM_OCTETS_MAX * DATAGRAMS_PER_READ));
        if (!strict) {
            bootstrap.option(freeBind(family), 1);
        }
        return family == SocketProtocolFamily.INET
                ? bootstrap.option(IP_MTU_DISCOVER, PMTUDISC_OMIT)
                : bootstrap.option(IPV6_V6ONLY, 1).option(IPV6_MTU_DISCOVER, PMTUDISC_OMIT);
    }

    /// Returns a bootstrap that opens listening TCP sockets for an address.
    ///
    /// @param strict whether only an address of this host can be bound
    ServerBootstrap tcp(EventLoopGroup group, InetSocketAddress address, boolean strict) {
        SocketProtocolFamily family = family(address);
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .option(ChannelOption.SO_BACKLOG, TCP_BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.SO_SNDBUF, TCP_SEND_OCTETS)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, TCP_UNSENT_OCTETS)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(512, 1_024, TCP_READ_OCTETS_MAX));
        return switch (this) {
            case MMSG -> throw new IllegalStateException("recvmmsg carries no TCP");
            case EPOLL -> {
                if (family == SocketProtocolFamily.INET6) {
                    bootstrap.option(IPV6_V6ONLY, 1);
                }
                if (!strict) {
                    bootstrap.option(freeBind(family), 1);
                }
                yield bootstrap.channelFactory(() -> new EpollServerSocketChannel(family));
            }
            case NIO ->
                    bootstrap.channelFactory(
                            () -> new NioServerSocketChannel(SelectorProvider.provider(), family));
        };
    }

    /// Returns the option that lets a socket bind an address that is not on this host yet. The
    /// JDK's own sockets, which are used without epoll, do not have it.
    private static ChannelOption<Integer> freeBind(SocketProtocolFamily family) {
        return family == SocketProtocolFamily.INET ? IP_FREEBIND : IPV6_FREEBIND;
    }

    private static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
    }
}
