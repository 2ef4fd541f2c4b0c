package org.anycastdns.daemon.admin;

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
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.SameOrigin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The admin HTTP server of a daemon. Everybody who reaches it may read; changing state needs the
/// operator's token ({@link TokenFile}). Web pages of other origins are refused ({@link
/// SameOrigin}).
///
/// It has two event loops: one for clients with the token and for sending events, and one for all
/// others.
public final class AdminServer implements AutoCloseable {

    /// The largest body. The longest one is a drain with its reason.
    private static final int BODY_OCTETS_MAX = 8192;

    private static final int LINE_OCTETS_MAX = 2048;
    private static final int HEADER_OCTETS_MAX = 8192;

    /// Octets that may be queued for a client of a stream that does not read: about a hundred
    /// lifeline records.
    private static final WriteBufferWaterMark WAITING_OCTETS =
            new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    /// The kernel's memory for what a client has not read, which is also what one write copies. A
    /// larger value would let one client of a large page delay the others.
    private static final int SEND_OCTETS = 64 * 1024;

    /// Writes to one connection before others get their turn.
    private static final int WRITES_IN_A_ROW = 2;

    private static final long CLOSE_SECONDS_MAX = 2;

    /// Seconds between two attempts to get a port that another user holds.
    private static final long AGAIN_SECONDS = 1;

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    /// What an operator sets.
    ///
    /// @param program the name of the daemon, which is in the name of the token's file
    /// @param address where to listen
    /// @param names host names that requests may use, besides IP addresses and localhost
    /// @param tokenFile where to write the token; null to choose a runtime folder
    public record Settings(
            String program,
            InetSocketAddress address,
            List<String> names,
            @Nullable Path tokenFile) {}

    private final Settings settings;
    private final AdminPages pages;
    private final Places places = new Places();
    private final EventLoopGroup control = group("admin");
    private final EventLoopGroup strangers = group("admin-guests");
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private volatile @Nullable Channel listener;
    private volatile @Nullable TokenFile token;
    private volatile boolean closed;

    private AdminServer(Settings settings, AdminPages pages) {
        this.settings = settings;
        this.pages = pages;
    }

    /// Binds the address and starts to answer.
    ///
    /// If a process of another user holds the port, the daemon must not depend on it: an error is
    /// logged, and the port is tried again every second.
    ///
    /// @throws IOException if the address cannot be bound, or the token's file not be written; the
    ///   message says why
    public static AdminServer start(Settings settings, AdminPages pages) throws IOException {
        AdminServer server = new AdminServer(settings, pages);
        try {
            server.bind();
        } catch (BindException e) {
            Optional<User> holder = server.stranger();
            if (holder.isEmpty()) {
                server.close();
                throw new IOException(e.getMessage(), e);
            }
            LOG.error(
                    "user {} of this host holds {}, so {} has no admin HTTP until that process"
                            + " ends; see 'ss -ltnp', or set 'admin' to another port",
                    holder.get().text(),
                    NetUtil.toSocketAddressString(settings.address),
                    settings.program);
            server.tryLater();
        } catch (IOException e) {
            server.close();
            throw e;
        }
        LongLived.watch(server.control, () -> server.closed);
        LongLived.watch(server.strangers, () -> server.closed);
        return server;
    }

    private static EventLoopGroup group(String thread) {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(thread, true), NioIoHandler.newFactory());
    }

    private void bind() throws IOException {
        // The handlers need the token, which is written once the port is ours: until then, nobody
        // is accepted.
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(strangers)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_OCTETS)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_SNDBUF, SEND_OCTETS)
                        .childOption(ChannelOption.WRITE_SPIN_COUNT, WRITES_IN_A_ROW)
                        .childHandler(connection())
                        .bind(settings.address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            Throwable cause = bound.cause();
            if (cause instanceof BindException taken) {
                throw taken;
            }
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        }
        Channel open = bound.channel();
        listener = open;
        int port = ((InetSocketAddress) open.localAddress()).getPort();
        try {
            token = TokenFile.write(settings.program, port, settings.tokenFile);
        } catch (IOException e) {
            listener = null;
            var _ = open.close();
            throw new IOException(
                    "cannot write the admin token to %s: %s".formatted(settings.tokenFile, e), e);
        }
        open.config().setAutoRead(true);
    }

    /// Returns the other user who holds the port; empty if it is this user or root, or not known.
    private Optional<User> stranger() {
        return PortOwner.of(settings.address)
                .filter(user -> !user.isRoot() && !user.equals(User.own()));
    }

    private void tryLater() {
        var _ =
                GlobalEventExecutor.INSTANCE.schedule(
                        LongLived.task(this::tryAgain), AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    private void tryAgain() {
        if (closed) {
            return;
        }
        try {
            bind();
            LOG.info(
                    "admin HTTP listens on {} now",
                    NetUtil.toSocketAddressString(settings.address));
        } catch (IOException e) {
            LOG.debug("still no admin HTTP: {}", e.toString());
            tryLater();
        }
    }

    private ChannelInitializer<Channel> connection() {
        List<String> own = new ArrayList<>(settings.names);
        own.add(settings.address.getHostString());
        SameOrigin rule = new SameOrigin(own);
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                TokenFile current = token;
                if (current == null) {
                    var _ = channel.close();
                    return;
                }
                clients.add(channel);
                HttpDecoderConfig limits =
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(LINE_OCTETS_MAX)
                                .setMaxHeaderSize(HEADER_OCTETS_MAX);
                AdminHandler handler =
                        new AdminHandler(
                                new AdminHandler.Shared(
                                        settings.program, pages, rule, places, current, loop()),
                                channel);
                channel.pipeline()
                        .addLast(new HttpServerCodec(limits))
                        .addLast(new HttpObjectAggregator(BODY_OCTETS_MAX))
                        .addLast(handler);
                handler.open();
            }
        };
    }

    /// Returns the address that the server listens on, or the configured one while another user
    /// holds it.
    public InetSocketAddress address() {
        Channel open = listener;
        return open == null ? settings.address : (InetSocketAddress) open.localAddress();
    }

    /// Returns where the token is; empty if it is nowhere.
    public Optional<Path> tokenFile() {
        TokenFile written = token;
        return written == null ? Optional.empty() : written.path();
    }

    /// Returns the event loop on which events must be sent.
    public EventLoop loop() {
        return (EventLoop) control.iterator().next();
    }

    /// Closes all connections, including the streams.
    @Override
    public void close() {
        closed = true;
        Channel open = listener;
        if (open != null) {
            open.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        }
        clients.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        TokenFile written = token;
        if (written != null) {
            written.close();
        }
        var _ = control.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        var _ = strangers.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
