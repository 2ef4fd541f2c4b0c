package org.anycastdns.announcer.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TCP for BGP, with its own event loops: epoll on Linux, otherwise the JDK's selectors.
public final class Transport implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Transport.class);

    private static final LogLimiter<String> LINES = new LogLimiter<>("bgp_accept");

    private static final boolean EPOLL = Epoll.isAvailable();

    /// DSCP CS6, network control (RFC 4594 section 3.1), in the upper six bits of the octet.
    private static final int NETWORK_CONTROL = 0xc0;

    /// The maximum number of connections that wait to be accepted. A neighbor must find a place
    /// among 3,000 strangers a second, even while a thread pauses for a third of a second.
    private static final int BACKLOG = 1024;

    private static final String UNPROTECTED = "cannot protect incoming connections: ";

    private final MultiThreadIoEventLoopGroup loops;
    private final Queue<Channel> listening = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private boolean shared;

    /// Starts the event loops.
    ///
    /// @param threads how many event loops, at least 1
    public Transport(int threads) {
        IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        loops = new MultiThreadIoEventLoopGroup(threads, io);
        LongLived.watch(loops, () -> closed);
    }

    /// Returns one of the event loops, round robin.
    public EventLoop loop() {
        return loops.next();
    }

    /// Connects on an event loop. The listener is called with the result, never before this method
    /// returns.
    ///
    /// @param source where to connect from
    /// @param security the socket options; without them there is no connection
    public Connection connect(
            EventLoop loop,
            InetSocketAddress remote,
            LocalEnd source,
            Security security,
            Connection.Listener listener) {
        Channel channel =
                new Bootstrap()
                        .group(loop)
                        .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.IP_TOS, NETWORK_CONTROL)
                        .handler(initializer(_ -> listener))
                        .register()
                        .channel();
        loop.execute(LongLived.task(() -> dial(channel, remote, source, security, listener)));
        return new Connection(channel);
    }

    private static void dial(
            Channel channel,
            InetSocketAddress remote,
            LocalEnd source,
            Security security,
            Connection.Listener listener) {
        try {
            source.bind(channel.config());
        } catch (ChannelException e) {
            listener.closed(plain(e));
            var _ = channel.close();
            return;
        }
        try {
            security.apply(channel.config(), remote.getAddress());
        } catch (ChannelException e) {
            listener.closed("cannot protect the connection: " + plain(e));
            var _ = channel.close();
            return;
        }
        InetAddress address = source.address();
        ChannelFuture attempt =
                channel.connect(remote, address == null ? null : new InetSocketAddress(address, 0));
        attempt.addListener(_ -> {
            Throwable cause = attempt.cause();
            if (cause != null) {
                LongLived.task(() -> listener.closed("cannot connect: " + plain(cause))).run();
                var _ = channel.close();
            }
        });
    }

    /// How an inbound connection is handled.
    ///
    /// @param loop the event loop of the connection
    /// @param security its TTL options; the listening socket does the signatures
    /// @param listener creates the listener of the connection, on the loop
    public record InboundHandler(
            EventLoop loop,
            Security security,
            Function<Connection, Connection.Listener> listener) {}

    /// Listens on an address. Sockets that are bound to different interfaces share it.
    ///
    /// @param device the interface or VRF whose connections are taken; null takes all others
    /// @param security the socket options by neighbor, or range of neighbors. The listening socket
    ///   must sign and use a large TTL, or no connection with these neighbors can be established.
    /// @param reception returns the handler for a connection from an address, or null to close it
    ///   at once; called on its own thread
    /// @return the listening socket; closed with the transport at the latest
    /// @throws IOException when the address cannot be bound, or an option is not available
    public Listening listen(
            InetSocketAddress address,
            @Nullable String device,
            Map<Prefix, Security> security,
            Function<InetSocketAddress, @Nullable InboundHandler> reception)
            throws IOException {
        Channel channel =
                new Bootstrap()
                        .group(loops)
                        .channel(
                                EPOLL
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .handler(new Acceptor(reception))
                        .register()
                        .awaitUninterruptibly()
                        .channel();
        try {
            if (device != null && !shared) {
                shared = true;
                listening.forEach(each -> share(each.config()));
            }
            if (shared) {
                share(channel.config());
            }
            new LocalEnd(null, device).bind(channel.config());
        } catch (ChannelException e) {
            var _ = channel.close();
            throw new IOException(plain(e), e);
        }
        try {
            Security.apply(channel.config(), security, Map.of());
        } catch (ChannelException e) {
            var _ = channel.close();
            throw new IOException(UNPROTECTED + plain(e), e);
        }
        ChannelFuture bound = channel.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            var _ = channel.close();
            throw new IOException(plain(cause), cause);
        }
        listening.add(channel);
        return new Listening(channel, security);
    }

    /// Lets sockets on other interfaces have the same address and port.
    static void share(ChannelConfig config) {
        boolean _ = config.setOption(EpollChannelOption.SO_REUSEPORT, true);
    }

    /// A listening socket. Used by one thread at a time.
    public final class Listening implements AutoCloseable {

        private final Channel channel;
        private Map<Prefix, Security> security;

        private Listening(Channel channel, Map<Prefix, Security> security) {
            this.channel = channel;
            this.security = Map.copyOf(security);
        }

        /// Returns the bound address, with the port that the system chose if port 0 was requested.
        public InetSocketAddress address() {
            return (InetSocketAddress) channel.localAddress();
        }

        /// Changes the socket options by neighbor, for connections from now on.
        ///
        /// @throws IOException when an option is not available
        public void protect(Map<Prefix, Security> others) throws IOException {
            if (others.equals(security)) {
                return;
            }
            try {
                Security.apply(channel.config(), others, security);
            } catch (ChannelException e) {
                throw new IOException(UNPROTECTED + plain(e), e);
            }
            security = Map.copyOf(others);
        }

        /// Closes the socket; the address is free afterwards.
        @Override
        public void close() {
            listening.remove(channel);
            boolean _ = channel.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }

    /// Accepts connections and hands each to its handler.
    private static final class Acceptor extends ChannelInboundHandlerAdapter {

        private final Admission<InboundHandler> admission;

        Acceptor(Function<InetSocketAddress, @Nullable InboundHandler> reception) {
            this.admission = new Admission<>(reception, System.nanoTime());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            SocketChannel channel = (SocketChannel) accepted;
            InetSocketAddress remote = channel.remoteAddress();
            InboundHandler handler =
                    remote == null ? null : admission.admit(remote, System.nanoTime());
            if (handler == null || !settle(channel, remote, handler)) {
                channel.unsafe().closeForcibly();
            }
        }

        /// Handles an error of accepting, most likely that no file descriptors are left. Accepting
        /// resumes a little later, instead of failing in a busy loop.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            String reason = plain(cause);
            LINES.log(reason, more -> log.warn("cannot accept a connection: {}{}", reason, more));
            ChannelConfig listening = context.channel().config().setAutoRead(false);
            Runnable again = () -> listening.setAutoRead(true);
            var _ = context.executor().schedule(again, 1, TimeUnit.SECONDS);
        }

        private boolean settle(
                SocketChannel channel, InetSocketAddress remote, InboundHandler handler) {
            channel.config().setTcpNoDelay(true).setTrafficClass(NETWORK_CONTROL);
            try {
                handler.security().apply(channel.config(), remote.getAddress());
            } catch (ChannelException _) {
                return false; // it is gone already
            }
            channel.pipeline().addLast(initializer(handler.listener()));
            var _ = handler.loop().register(channel);
            return true;
        }
    }

    /// Returns the reason of an error in words, see [NetworkErrors#text].
    static String plain(@Nullable Throwable cause) {
        return NetworkErrors.text(cause);
    }

    private static ChannelInitializer<SocketChannel> initializer(
            Function<Connection, Connection.Listener> listeners) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(new FrameDecoder())
                        .addLast(new ConnectionHandler(listeners.apply(new Connection(channel))));
            }
        };
    }

    /// Closes every connection and ends the event loops, within a few seconds.
    @Override
    public void close() {
        closed = true;
        // An event loop that ends may leave a socket open, and its address would stay in use.
        for (Channel each : listening) {
            each.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
