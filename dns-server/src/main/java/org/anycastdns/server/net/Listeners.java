package org.anycastdns.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The responder's sockets, UDP and TCP on every address, and the event loops that serve them; open
/// from {@link #open} to {@link #close}. The loops' threads do not keep the process alive.
public final class Listeners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /// Ports that are tried when the system may choose one (port 0): the one that it gives for TCP
    /// can be taken for UDP.
    private static final int PORT_ATTEMPTS_MAX = 16;

    /// How long {@link #close} waits for clients to take the answers that are already written.
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How long {@link #close} waits for the event loops to end; they only have to close sockets.
    private static final long STOP_SECONDS = 2;

    private final Engine engine;
    private final EventLoopGroup group;
    private final Map<EventLoop, Worker> workers = new LinkedHashMap<>();
    private final Failures failures = new Failures();
    private final UdpHandler.Counts udpCounts =
            new UdpHandler.Counts(new LongAdder(), new LongAdder(), failures);
    private final TcpConnections connections;
    private final List<Channel> sockets = new ArrayList<>();
    private final List<InetSocketAddress> bound = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Listeners(
            Engine engine, int threads, TcpLimits limits, Supplier<Responder> responders) {
        this.engine = engine;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("dns", true), engine.handlers());
        this.connections = new TcpConnections(limits);
        for (EventExecutor loop : group) {
            workers.put((EventLoop) loop, new Worker(responders.get(), failures));
        }
    }

    /// Listens on all addresses or on none.
    ///
    /// @param addresses resolved; port 0 lets the system choose one, the same for UDP and TCP
    /// @param threads number of event loops, at least 1
    /// @param limits for TCP clients
    /// @param responders gives each event loop one of its own
    /// @throws BindException with a sentence that names address, transport and reason
    public static Listeners open(
            List<InetSocketAddress> addresses,
            int threads,
            TcpLimits limits,
            Supplier<Responder> responders)
            throws BindException {
        return open(Engine.best(), addresses, threads, limits, responders);
    }

    static Listeners open(
            Engine engine,
            List<InetSocketAddress> addresses,
            int threads,
            TcpLimits limits,
            Supplier<Responder> responders)
            throws BindException {
        Listeners listeners = new Listeners(engine, threads, limits, responders);
        try {
            for (InetSocketAddress address : addresses) {
                listeners.bind(address);
            }
        } catch (BindException taken) {
            listeners.close();
            throw taken;
        }
        listeners.logStart();
        return listeners;
    }

    private void bind(InetSocketAddress address) throws BindException {
        if (address.isUnresolved()) {
            throw new BindException(
                    "cannot listen on %s:%d: unknown host"
                            .formatted(address.getHostString(), address.getPort()));
        }
        for (int attempt = 1; ; attempt++) {
            List<Channel> opened = new ArrayList<>();
            try {
                InetSocketAddress exact = bind(address, opened);
                sockets.addAll(opened);
                bound.add(exact);
                return;
            } catch (BindException taken) {
                close(opened);
                if (address.getPort() != 0 || attempt == PORT_ATTEMPTS_MAX) {
                    throw taken;
                }
            }
        }
    }

    private InetSocketAddress bind(InetSocketAddress address, List<Channel> opened)
            throws BindException {
        Channel tcp =
                opened(
                        engine.tcp(group, address).childHandler(tcpHandler()).bind(address),
                        address,
                        "tcp");
        opened.add(tcp);
        InetSocketAddress exact = (InetSocketAddress) tcp.localAddress();
        if (engine.sharesPorts()) {
            // Two programs of one user could share a port without noticing: ask for it alone once.
            close(List.of(udp(group.next(), exact, false, new ChannelInboundHandlerAdapter())));
        }
        for (Map.Entry<EventLoop, Worker> each : workers.entrySet()) {
            UdpHandler handler = new UdpHandler(each.getValue(), udpCounts);
            opened.add(udp(each.getKey(), exact, true, handler));
            if (!engine.sharesPorts()) {
                break;
            }
        }
        return exact;
    }

    private Channel udp(
            EventLoop loop,
            InetSocketAddress address,
            boolean shared,
            ChannelInboundHandlerAdapter handler)
            throws BindException {
        return opened(
                engine.udp(loop, address, shared).handler(handler).bind(address), address, "udp");
    }

    private ChannelInitializer<Channel> tcpHandler() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                Worker worker = workers.get(channel.eventLoop());
                if (worker == null) {
                    throw new IllegalStateException("connection on a foreign event loop");
                }
                channel.pipeline()
                        .addLast(new TcpConnection(channel, worker, connections, failures));
            }
        };
    }

    private static Channel opened(
            ChannelFuture binding, InetSocketAddress address, String transport)
            throws BindException {
        Throwable cause = binding.awaitUninterruptibly().cause();
        if (cause == null) {
            return binding.channel();
        }
        BindException refusal =
                new BindException(
                        "cannot listen on %s (%s): %s"
                                .formatted(
                                        NetUtil.toSocketAddressString(address),
                                        transport,
                                        reason(cause)));
        refusal.initCause(cause);
        throw refusal;
    }

    /// The system's words, without the name of the call that Netty puts before them.
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String words =
                cause instanceof NativeIoException
                        ? message.substring(message.lastIndexOf(": ") + 1).strip()
                        : message;
        String reason = words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
        return reason.startsWith("permission denied")
                ? reason + " (ports below 1024 need CAP_NET_BIND_SERVICE)"
                : reason;
    }

    private void logStart() {
        LOG.info(
                "listening on {} (udp and tcp), {} with {} event loops",
                bound.stream()
                        .map(NetUtil::toSocketAddressString)
                        .collect(Collectors.joining(", ")),
                engine.label(),
                workers.size());
        for (InetSocketAddress address : bound) {
            if (address.getAddress().isAnyLocalAddress()) {
                LOG.warn(
                        "{} is a wildcard: UDP replies leave from the address that the route to the"
                                + " client suggests, which on a host with several addresses need not be"
                                + " the one that was asked; list the addresses to listen on instead",
                        NetUtil.toSocketAddressString(address));
            }
        }
    }

    /// The addresses with their real ports, in the order given to {@link #open}.
    public List<InetSocketAddress> bound() {
        return List.copyOf(bound);
    }

    /// The event loops' counters, one each.
    public List<Tally> tallies() {
        return workers.values().stream().map(Worker::tally).toList();
    }

    /// The event loops: a task runs between two batches of requests.
    public List<Executor> loops() {
        return List.copyOf(workers.keySet());
    }

    /// What moves the packets: "epoll" or "nio".
    public String engine() {
        return engine.label();
    }

    /// TCP connections that are open now.
    public int tcpConnections() {
        return connections.size();
    }

    /// TCP connections that were accepted so far.
    public long tcpAccepted() {
        return connections.acceptedCount();
    }

    /// TCP connections that ended so far for a reason.
    public long tcpClosed(TcpClose why) {
        return connections.closedCount(why);
    }

    /// Datagrams so far whose source nobody may answer: port 0, broadcast, multicast.
    public long udpIgnored() {
        return udpCounts.ignored().sum();
    }

    /// UDP replies so far that the system did not take, and errors of UDP sockets.
    public long udpUnsent() {
        return udpCounts.unsent().sum();
    }

    /// Requests so far that were not answered by a fault of this program.
    public long failures() {
        return failures.total();
    }

    /// Stops listening, lets TCP clients have the answers that are written, ends the event loops;
    /// takes a few seconds at most. Does nothing the second time.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        close(sockets);
        List<TcpConnection> leaving = connections.shut();
        leaving.forEach(connection -> connection.close(TcpClose.SHUTDOWN));
        long deadlineNanos = System.nanoTime() + DRAIN_NANOS;
        for (TcpConnection connection : leaving) {
            connection.awaitEnd(Math.max(0, deadlineNanos - System.nanoTime()));
        }
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }

    private static void close(List<Channel> channels) {
        for (Channel channel : channels) {
            channel.close().awaitUninterruptibly();
        }
    }
}
