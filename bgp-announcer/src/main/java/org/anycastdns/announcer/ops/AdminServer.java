package org.anycastdns.announcer.ops;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.SameOrigin;

/// The admin HTTP server: one event loop, few connections, small requests.
public final class AdminServer implements AutoCloseable {

    /// The maximum number of connections: enough for a monitor, a scraper and some operators.
    private static final int CONNECTIONS_MAX = 64;

    /// The maximum size of a request in bytes. The longest one is a drain with its reason.
    private static final int REQUEST_BYTES_MAX = 8192;

    /// How long a connection may be idle, in seconds. A scraper typically asks every 15 s; a client
    /// that misses two rounds can reconnect.
    private static final int IDLE_SECONDS = 35;

    /// How long to wait at the end for the last responses, in milliseconds.
    private static final int CLOSE_MILLIS = 500;

    private final EventLoopGroup group;
    private final Channel listener;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean closed;

    private AdminServer(
            InetSocketAddress address, List<String> names, Controls controls, Metrics metrics)
            throws IOException {
        SameOrigin rule = new SameOrigin(names);
        group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(initializer(rule, controls, metrics))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            throw new IOException(
                    "cannot listen on %s for the admin HTTP: %s"
                            .formatted(Addresses.text(address), bound.cause().getMessage()));
        }
        listener = bound.channel();
        LongLived.watch(group, () -> closed);
    }

    /// Binds and serves requests, except those of web pages from other origins.
    ///
    /// @param names the accepted host names, in addition to IP addresses and localhost
    /// @throws IOException when the address cannot be bound; the message says which and why
    public static AdminServer start(
            InetSocketAddress address, List<String> names, Controls controls, Metrics metrics)
            throws IOException {
        return new AdminServer(address, names, controls, metrics);
    }

    /// Returns the address it listens on. It differs from the configured one only for port 0.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        closed = true;
        var _ = listener.close().awaitUninterruptibly();
        var _ =
                group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                        .awaitUninterruptibly();
    }

    private ChannelInitializer<SocketChannel> initializer(
            SameOrigin rule, Controls controls, Metrics metrics) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                var _ = channel.closeFuture().addListener(_ -> connections.decrementAndGet());
                if (connections.incrementAndGet() > CONNECTIONS_MAX) {
                    var _ = channel.close();
                    return;
                }
                channel.pipeline()
                        .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpServerKeepAliveHandler())
                        .addLast(new HttpObjectAggregator(REQUEST_BYTES_MAX))
                        .addLast(new AdminHandler(rule, controls, metrics));
            }
        };
    }
}
