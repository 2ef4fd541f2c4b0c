package org.anycastdns.announcer.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// UDP for BFD (RFC 5881), on its own thread, so that no BGP message and no probe delays a packet.
/// Sends with TTL 255 and accepts nothing else. Linux only: other systems cannot check the TTL of
/// received packets, and BFD without that check is worse than none.
public final class Datagrams implements AutoCloseable {

    /// The port for single-hop BFD (RFC 5881 section 4).
    public static final int PORT = 3784;

    private static final Logger log = LoggerFactory.getLogger(Datagrams.class);

    private static final LogLimiter<Class<?>> LINES = new LogLimiter<>("bfd_internal_error");

    /// The range of source ports (RFC 5881 section 4).
    private static final int SOURCE_PORT_MIN = 49_152;

    private static final int SOURCE_PORT_MAX = 65_535;

    /// How many random source ports are tried. Even on a host with half of them in use, all
    /// attempts fail only once in four billion times.
    private static final int SOURCE_PORT_ATTEMPTS = 32;

    /// How long to wait for the sockets to close, in milliseconds. That depends only on the event
    /// loop.
    private static final long CLOSE_MILLIS_MAX = 1_000;

    /// DSCP CS6, the same as for BGP.
    private static final int NETWORK_CONTROL = 0xc0;

    private final MultiThreadIoEventLoopGroup loops;
    private final EventLoop loop;
    private final List<Channel> listening = new ArrayList<>();
    private volatile boolean closed;
    private boolean shared;

    /// All open sockets.
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /// Receives the datagrams, on the event loop.
    public interface Listener {

        /// Called for a datagram that no router has forwarded.
        void received(InetAddress source, byte[] octets);
    }

    /// Starts the thread.
    ///
    /// @throws IOException when this system does not support BFD
    public Datagrams() throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException(
                    "BFD needs Linux, because the TTL of incoming packets cannot be checked"
                            + " here");
        }
        loops =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().daemon().name("bfd").factory(),
                        EpollIoHandler.newFactory());
        LongLived.watch(loops, () -> closed);
        loop = loops.next();
    }

    /// Returns the event loop of all sockets.
    public EventLoop loop() {
        return loop;
    }

    /// Listens on an address. Sockets that are bound to different interfaces share it.
    ///
    /// @param device the interface or VRF whose datagrams are taken; null takes all others
    /// @return the bound address, with the port that the system chose if port 0 was requested
    /// @throws IOException when it cannot be bound; the message is fit for the operator
    public InetSocketAddress listen(
            InetSocketAddress address, @Nullable String device, Listener listener)
            throws IOException {
        boolean six = address.getAddress() instanceof Inet6Address;
        Channel channel = channel(six, new ConnectionEvents(listener));
        bind(channel, new LocalEnd(null, device));
        if (device != null && !shared) {
            shared = true;
            listening.forEach(each -> Transport.share(each.config()));
        }
        if (shared) {
            Transport.share(channel.config());
        }
        listening.add(channel);
        try {
            TtlFilter.attach(channel.config(), six);
        } catch (ChannelException e) {
            var _ = channel.close();
            throw new IOException("cannot check the TTL of BFD packets: " + e.getMessage(), e);
        }
        ChannelFuture bound = channel.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException(
                    "cannot listen on %s port %d for BFD: %s"
                            .formatted(
                                    Addresses.text(address.getAddress()),
                                    address.getPort(),
                                    Transport.plain(cause)),
                    cause);
        }
        return (InetSocketAddress) channel.localAddress();
    }

    /// Opens a socket that sends to one address, always from the same port.
    ///
    /// @param source where to send from; the address does not have to exist yet
    /// @throws IOException when it cannot be opened; the message is fit for the operator
    public Outgoing open(InetSocketAddress remote, LocalEnd source) throws IOException {
        boolean six = remote.getAddress() instanceof Inet6Address;
        InetAddress given = source.address();
        InetAddress from = given == null ? Addresses.of(new byte[six ? 16 : 4]) : given;
        Throwable last = null;
        for (int attempt = 0; attempt < SOURCE_PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(SOURCE_PORT_MIN, SOURCE_PORT_MAX + 1);
            Channel channel = channel(six, new Silence());
            channel.config().setAutoRead(false);
            bind(channel, source);
            channel.config().setOption(EpollChannelOption.IP_FREEBIND, true);
            channel.config()
                    .setOption(six ? Security.IPV6_UNICAST_HOPS : Security.IP_TTL, TtlFilter.TTL);
            ChannelFuture bound =
                    channel.bind(new InetSocketAddress(from, port)).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return new Outgoing(channel, remote);
            }
            var _ = channel.close();
            last = bound.cause();
            if (!(last instanceof BindException)) {
                break;
            }
        }
        throw new IOException(
                "cannot send BFD packets from %s: %s"
                        .formatted(Addresses.text(from), Transport.plain(last)),
                last);
    }

    private static void bind(Channel channel, LocalEnd end) throws IOException {
        try {
            end.bind(channel.config());
        } catch (ChannelException e) {
            var _ = channel.close();
            throw new IOException("BFD: " + e.getMessage(), e);
        }
    }

    /// Closes all sockets and ends the thread at once.
    @Override
    public void close() {
        closed = true;
        // Close the sockets first. With a quiet period of 0, a loop that is told to end while it
        // runs tasks ends at once and leaves its sockets open.
        boolean _ = channels.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    }

    private Channel channel(boolean six, ChannelHandler handler) throws IOException {
        ChannelFuture registered =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(() ->
                                new EpollDatagramChannel(
                                        six
                                                ? SocketProtocolFamily.INET6
                                                : SocketProtocolFamily.INET))
                        .option(ChannelOption.IP_TOS, NETWORK_CONTROL)
                        .handler(handler)
                        .register()
                        .awaitUninterruptibly();
        Throwable cause = registered.cause();
        if (cause != null) {
            throw new IOException("no UDP socket: " + Transport.plain(cause), cause);
        }
        if (six) {
            // The IPv4 socket has the same port.
            registered.channel().config().setOption(Security.IPV6_V6ONLY, 1);
        }
        channels.add(registered.channel());
        return registered.channel();
    }

    /// A socket that sends to one address. Used on the event loop.
    public static final class Outgoing {

        private final Channel channel;
        private final InetSocketAddress remote;
        private boolean failing;

        private Outgoing(Channel channel, InetSocketAddress remote) {
            this.channel = channel;
            this.remote = remote;
        }

        /// Returns our port.
        public int port() {
            return ((InetSocketAddress) channel.localAddress()).getPort();
        }

        /// Closes the socket.
        public void close() {
            var _ = channel.close();
        }

        /// Passes a datagram to the system immediately. A datagram that the system rejects is lost,
        /// as on the network. The first such loss in a row is logged.
        public void send(byte[] octets) {
            ChannelFuture sent =
                    channel.writeAndFlush(
                            new DatagramPacket(
                                    channel.alloc().buffer(octets.length).writeBytes(octets),
                                    remote));
            sent.addListener(_ -> {
                boolean failed = !sent.isSuccess();
                if (failed && !failing) {
                    log.warn(
                            "BFD packets to {} cannot be sent: {}",
                            Addresses.text(remote.getAddress()),
                            Transport.plain(sent.cause()));
                }
                failing = failed;
            });
        }
    }

    private static final class ConnectionEvents
            extends SimpleChannelInboundHandler<DatagramPacket> {

        private final Listener listener;

        ConnectionEvents(Listener listener) {
            this.listener = listener;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            listener.received(
                    datagram.sender().getAddress(), ByteBufUtil.getBytes(datagram.content()));
        }

        /// Logs an error of one datagram, or a bug of ours. It does not affect the next datagram.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LINES.log(
                    cause.getClass(),
                    more -> log.error("BFD: a datagram could not be read{}", more, cause));
        }
    }

    /// Ignores received packets, because the port is only used for sending.
    private static final class Silence extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.debug("BFD: an error of a sending socket", cause);
        }
    }
}
