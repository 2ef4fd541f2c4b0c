package org.anycastdns.server.ops;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.SameOrigin;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.ReloadResult;

/// The admin HTTP server, on a thread of its own. It has no authentication: it listens on loopback
/// by default, and every client that can reach it may make any request. Only web pages of other
/// origins are refused ({@link SameOrigin}).
public final class AdminServer implements AutoCloseable {

    /// Request bodies are ignored.
    private static final int BODY_OCTETS_MAX = 4096;

    private static final int LINE_OCTETS_MAX = 2048;
    private static final int HEADER_OCTETS_MAX = 8192;

    /// One PoP has only a handful of scrapers, probes and lifelines; more connections than this are
    /// a leak.
    private static final int CONNECTIONS_MAX = 256;

    /// A request must be complete, and a response read, within this time.
    private static final int IDLE_SECONDS = 10;

    /// Octets that may be queued for a client that does not read: about a hundred lifeline records.
    private static final WriteBufferWaterMark WAITING_OCTETS =
            new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private static final long CLOSE_SECONDS_MAX = 2;

    private final EventLoopGroup group;
    private final ChannelGroup clients;
    private final Lifeline lifeline;
    private final Metrics metrics;
    private final EventLoop loop;
    private final Channel server;
    private volatile boolean closed;

    /// Binds the address and starts to answer.
    ///
    /// @param names host names that requests may use, in addition to those in the address
    /// @param reload carries out a reload; the argument is true to force it
    /// @throws IOException if the address cannot be bound
    public AdminServer(
            InetSocketAddress address,
            List<String> names,
            Vitals vitals,
            CounterSlots slots,
            Function<Boolean, CompletableFuture<ReloadResult>> reload)
            throws IOException {
        group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
        loop = group.next();
        clients = new DefaultChannelGroup(loop);
        lifeline = new Lifeline(vitals, System::nanoTime);
        metrics = new Metrics(vitals, slots);
        AdminPages pages = new AdminPages(vitals, metrics, lifeline, reload);
        List<String> own = new ArrayList<>(names);
        own.add(address.getHostString());
        SameOrigin rule = new SameOrigin(own);
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_OCTETS)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(connection(pages, rule))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            metrics.close();
            throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
        server = bound.channel();
        LongLived.watch(group, () -> closed);
        lifeline.start(loop);
    }

    private ChannelInitializer<Channel> connection(AdminPages pages, SameOrigin rule) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (clients.size() >= CONNECTIONS_MAX) {
                    var _ = channel.close();
                    return;
                }
                clients.add(channel);
                HttpDecoderConfig limits =
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(LINE_OCTETS_MAX)
                                .setMaxHeaderSize(HEADER_OCTETS_MAX);
                channel.pipeline()
                        .addLast(AdminHandler.READ_TIMEOUT, new ReadTimeoutHandler(IDLE_SECONDS))
                        .addLast(new WriteTimeoutHandler(IDLE_SECONDS))
                        .addLast(new HttpServerCodec(limits))
                        .addLast(new HttpObjectAggregator(BODY_OCTETS_MAX))
                        .addLast(new AdminHandler(pages, rule));
            }
        };
    }

    /// Returns the address that the server listens on.
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /// Sends the state to all lifelines at once, before the next record is due.
    public void tell() {
        loop.execute(lifeline::tell);
    }

    /// Closes all connections, including the lifelines.
    @Override
    public void close() {
        closed = true;
        server.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        clients.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        var _ = group.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        metrics.close();
    }
}
