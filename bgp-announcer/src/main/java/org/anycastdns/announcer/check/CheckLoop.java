package org.anycastdns.announcer.check;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LongLived;

/// The event loop of all checks that need no thread of their own: one thread for their sockets and
/// timers.
final class CheckLoop implements AutoCloseable {

    private static final boolean EPOLL = Epoll.isAvailable();

    /// How long to wait for the loop to end.
    private static final long END_SECONDS = 2;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final List<Runnable> told = new ArrayList<>();
    private volatile boolean closed;

    /// Starts the event loop.
    CheckLoop() {
        IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("checks", true), io);
        loop = group.next();
        LongLived.watch(group, () -> closed);
    }

    /// Runs a task on the loop, unless the loop has ended.
    void execute(Runnable task) {
        if (!closed) {
            loop.execute(LongLived.task(task));
        }
    }

    /// Runs a task on the loop later.
    Future<?> after(long nanos, Runnable task) {
        return loop.schedule(LongLived.task(task), nanos, TimeUnit.NANOSECONDS);
    }

    /// Tells a result after everything that has arrived at once was handled; called on the loop.
    /// The receiver's thread wakes once for all of these results, and not for each.
    void tell(Runnable result) {
        if (told.isEmpty()) {
            execute(this::tellAll);
        }
        told.add(result);
    }

    private void tellAll() {
        told.forEach(Runnable::run);
        told.clear();
    }

    /// Closes a socket as soon as nothing reads from it; called on the loop. Netty may read again
    /// after the handler that takes what was read. If that handler closed the socket, the number of
    /// its descriptor might already be another socket of this process.
    void close(Channel channel) {
        execute(() -> {
            var _ = channel.close();
        });
    }

    /// Connects a new TCP socket, on the loop.
    ///
    /// @param handlers take what arrives
    /// @throws io.netty.channel.ChannelException when there can be no socket
    ChannelFuture connect(InetSocketAddress server, ChannelHandler... handlers) {
        return connect(EPOLL ? new EpollSocketChannel() : new NioSocketChannel(), server, handlers);
    }

    /// Opens a new UDP socket with a port of its own for datagrams to and from one server, on the
    /// loop.
    ///
    /// @param handlers take what arrives
    /// @throws io.netty.channel.ChannelException when there can be no socket
    ChannelFuture datagrams(InetSocketAddress server, ChannelHandler... handlers) {
        SocketProtocolFamily family =
                server.getAddress() instanceof Inet6Address
                        ? SocketProtocolFamily.INET6
                        : SocketProtocolFamily.INET;
        return connect(
                EPOLL ? new EpollDatagramChannel(family) : new NioDatagramChannel(family),
                server,
                handlers);
    }

    private ChannelFuture connect(
            Channel channel, InetSocketAddress server, ChannelHandler... handlers) {
        // The check has a timer already.
        channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
        channel.pipeline().addLast(handlers);
        ChannelFuture registered = loop.register(channel);
        return registered.isDone() && !registered.isSuccess()
                ? registered
                : channel.connect(server);
    }

    /// Closes every socket and ends the loop, within a few seconds.
    @Override
    public void close() {
        closed = true;
        group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
    }
}
