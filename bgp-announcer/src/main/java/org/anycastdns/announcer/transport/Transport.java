package org.anycastdns.announcer.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// TCP for BGP, with event loops of its own: epoll on Linux, else the JDK's selectors.
public final class Transport implements AutoCloseable {

    private static final boolean EPOLL = Epoll.isAvailable();

    /// DSCP CS6, network control (RFC 4594 section 3.1), in the upper six bits of the octet.
    private static final int NETWORK_CONTROL = 0xc0;

    private final MultiThreadIoEventLoopGroup loops;

    /// @param threads how many event loops, at least 1
    public Transport(int threads) {
        IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        loops = new MultiThreadIoEventLoopGroup(threads, io);
    }

    /// One of the event loops, in turn.
    public EventLoop loop() {
        return loops.next();
    }

    /// Connects on an event loop; the listener is told how it goes, never before this returns.
    ///
    /// @param source the address to connect from; null leaves it to the system
    /// @param security what the system shall do; without it there is no connection
    public Connection connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
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
        InetSocketAddress from = source == null ? null : new InetSocketAddress(source, 0);
        loop.execute(() -> dial(channel, remote, from, security, listener));
        return new Connection(channel);
    }

    private static void dial(
            Channel channel,
            InetSocketAddress remote,
            @Nullable InetSocketAddress from,
            Security security,
            Connection.Listener listener) {
        try {
            security.apply(channel.config(), remote.getAddress());
        } catch (ChannelException e) {
            listener.closed("cannot protect the connection: " + plain(e));
            var _ = channel.close();
            return;
        }
        ChannelFuture attempt = channel.connect(remote, from);
        attempt.addListener(_ -> {
            Throwable cause = attempt.cause();
            if (cause != null) {
                listener.closed("cannot connect: " + plain(cause));
                var _ = channel.close();
            }
        });
    }

    /// Listens; each connection that comes in gets a listener of its own.
    ///
    /// @return the address bound, with the port the system chose when 0 was asked for
    /// @throws IOException when the address cannot be bound
    public InetSocketAddress listen(
            InetSocketAddress address, Function<Connection, Connection.Listener> listeners)
            throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(
                                EPOLL
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.IP_TOS, NETWORK_CONTROL)
                        .childHandler(initializer(listeners))
                        .bind(address)
                        .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException(plain(cause), cause);
        }
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /// The message of an error without the name and number of the system call before it.
    static String plain(@Nullable Throwable cause) {
        return String.valueOf(cause == null ? "" : cause.getMessage())
                .replaceFirst("^\\w+\\(\\.\\.\\) failed( with error\\(-?\\d+\\))?: ", "");
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

    /// Closes every connection and ends the event loops, within two seconds.
    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
