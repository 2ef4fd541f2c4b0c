package org.anycastdns.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
import java.util.stream.Stream;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SourcePort;
import org.anycastdns.server.serve.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The responder's sockets, UDP and TCP on every address, and the threads that serve them; open
/// from {@link #open} to {@link #close}. The threads do not keep the process alive.
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
    private final boolean strict;
    private final EventLoopGroup group;
    private final Map<EventLoop, Worker> workers = new LinkedHashMap<>();
    private final Failures failures = new Failures();
    private final Datagrams.Counts udpCounts =
            new Datagrams.Counts(new LongAdder(), new LongAdder(), new LongAdder(), failures);
    private final Datagrams datagrams;
    private final TcpConnections connections;
    private final List<Channel> sockets = new ArrayList<>();
    private final List<InetSocketAddress> bound = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Listeners(
            Engine engine,
            int threads,
            boolean strict,
            TcpLimits limits,
            Supplier<Responder> responders) {
        this.engine = engine;
        this.strict = strict;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("dns", true), engine.handlers());
        this.connections = new TcpConnections(limits);
        for (EventExecutor loop : group) {
            workers.put((EventLoop) loop, new Worker(responders.get(), failures));
        }
        LongLived.watch(group, closed::get);
        this.datagrams = engine.datagrams(threads, strict, workers, responders, udpCounts);
    }

    /// Listens on all addresses or on none. An address that is not on this host yet is served when
    /// it appears, and again when it comes back, unless that is not wanted.
    ///
    /// @param engine what carries datagrams
    /// @param addresses resolved; port 0 lets the system choose one, the same for UDP and TCP
    /// @param threads number of event loops, and of the engine's own threads, at least 1
    /// @param strict whether each address must be on this host now
    /// @param limits for TCP clients
    /// @param responders gives each thread one of its own
    /// @throws BindException with a sentence that names address, transport and reason
    public static Listeners open(
            Engine engine,
            List<InetSocketAddress> addresses,
            int threads,
            boolean strict,
            TcpLimits limits,
            Supplier<Responder> responders)
            throws BindException {
        Listeners listeners = openQuietly(engine, addresses, threads, strict, limits, responders);
        listeners.logStart();
        return listeners;
    }

    /// The same without a word in the log.
    static Listeners openQuietly(
            Engine engine,
            List<InetSocketAddress> addresses,
            int threads,
            boolean strict,
            TcpLimits limits,
            Supplier<Responder> responders)
            throws BindException {
        Listeners listeners = new Listeners(engine, threads, strict, limits, responders);
        try {
            for (InetSocketAddress address : addresses) {
                listeners.bind(address);
            }
        } catch (BindException taken) {
            listeners.close();
            throw taken;
        }
        listeners.datagrams.start();
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
                        engine.streams()
                                .tcp(group, address, strict)
                                .childHandler(tcpHandler())
                                .bind(address),
                        address,
                        "tcp");
        opened.add(tcp);
        InetSocketAddress exact = (InetSocketAddress) tcp.localAddress();
        datagrams.bind(exact);
        return exact;
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

    static Channel opened(ChannelFuture binding, InetSocketAddress address, String transport)
            throws BindException {
        Throwable cause = binding.awaitUninterruptibly().cause();
        if (cause == null) {
            return binding.channel();
        }
        throw refusal(address, transport, reason(cause), cause);
    }

    /// A sentence that names address, transport and reason.
    ///
    /// @param reason the system's words
    static BindException refusal(
            InetSocketAddress address, String transport, String reason, Throwable cause) {
        String hint =
                reason.startsWith("permission denied")
                        ? " (ports below 1024 need CAP_NET_BIND_SERVICE)"
                        : "";
        BindException refusal =
                new BindException(
                        "cannot listen on %s (%s): %s%s"
                                .formatted(
                                        NetUtil.toSocketAddressString(address),
                                        transport,
                                        reason,
                                        hint));
        refusal.initCause(cause);
        return refusal;
    }

    /// The system's words, without the name of the call that Netty puts before them.
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String words =
                cause instanceof NativeIoException
                        ? message.substring(message.lastIndexOf(": ") + 1).strip()
                        : message;
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    private void logStart() {
        LOG.info(
                "listening on {} (udp and tcp), {} with {} threads",
                bound.stream()
                        .map(NetUtil::toSocketAddressString)
                        .collect(Collectors.joining(", ")),
                engine.label(),
                workers.size());
        for (InetSocketAddress address : bound) {
            if (engine != Engine.MMSG && address.getAddress().isAnyLocalAddress()) {
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

    /// The counters of all threads that answer, one each.
    public List<Tally> tallies() {
        return Stream.concat(
                        workers.values().stream().map(Worker::tally), datagrams.tallies().stream())
                .toList();
    }

    /// The threads that answer: a task runs between two batches of requests.
    public List<Executor> loops() {
        List<Executor> loops = new ArrayList<>(workers.keySet());
        loops.addAll(datagrams.loops());
        return loops;
    }

    /// What moves the datagrams: "mmsg", "epoll" or "nio".
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

    /// Datagrams so far from the ports of services that answer anything, see {@link SourcePort}.
    public long udpLooping() {
        return udpCounts.looping().sum();
    }

    /// Those of the addresses that are not on this host now, found out by asking the kernel.
    public List<InetSocketAddress> absent() {
        return bound.stream().filter(each -> !LocalAddress.isPresent(each.getAddress())).toList();
    }

    /// UDP replies so far that the system did not take, and errors of UDP sockets.
    public long udpUnsent() {
        return udpCounts.unsent().sum();
    }

    /// Datagrams so far that found the queue of their socket full, as far as the engine can tell.
    public long udpOverflow() {
        return datagrams.overflowCount();
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
        datagrams.close();
        List<TcpConnection> leaving = connections.shut();
        leaving.forEach(connection -> connection.close(TcpClose.SHUTDOWN));
        long deadlineNanos = System.nanoTime() + DRAIN_NANOS;
        for (TcpConnection connection : leaving) {
            connection.awaitEnd(Math.max(0, deadlineNanos - System.nanoTime()));
        }
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }

    static void close(List<Channel> channels) {
        for (Channel channel : channels) {
            channel.close().awaitUninterruptibly();
        }
    }
}
