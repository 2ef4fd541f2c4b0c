package org.anycastdns.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.ssl.SslHandler;
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
import java.util.Objects;
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
import org.anycastdns.server.serve.WorkerCounters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The UDP and TCP sockets of the responder on every address and the threads that serve them. They
/// are open from {@link #open} to {@link #close}. The threads do not keep the process alive.
public final class Listeners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /// The most ports that are tried if the system chooses one (port 0). A port that it chooses for
    /// TCP may be in use for UDP.
    private static final int PORT_ATTEMPTS_MAX = 16;

    /// How long {@link #close} waits until clients have received the responses that are already
    /// written.
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How long {@link #close} waits for the event loops to end. They only have to close sockets.
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
    private final @Nullable TlsListening tls;
    private final @Nullable TlsHandshakes handshakes;
    private final StreamThreads streamThreads;
    private final List<Channel> sockets = new ArrayList<>();
    private final List<InetSocketAddress> bound = new ArrayList<>();

    /// The addresses that have no sockets, because this host makes none of their family.
    private final List<InetSocketAddress> unsupported = new ArrayList<>();

    private final List<InetSocketAddress> boundForTls = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Listeners(
            Engine engine,
            int threads,
            boolean strict,
            TcpLimits limits,
            @Nullable TlsListening tls,
            Supplier<Responder> responders) {
        this.tls = tls;
        this.handshakes = tls == null ? null : new TlsHandshakes(tls.tls(), tls.limits(), threads);
        this.engine = engine;
        this.strict = strict;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("dns", true), engine.handlers());
        this.streamThreads = new StreamThreads(threads);
        this.connections = new TcpConnections(limits, streamThreads);
        for (EventExecutor loop : group) {
            workers.put((EventLoop) loop, new Worker(responders.get(), failures));
        }
        LongLived.watch(group, closed::get);
        this.datagrams = engine.datagrams(threads, strict, workers, responders, udpCounts);
    }

    /// Listens on all addresses or, on failure, on none. Unless `strict` is set, an address may be
    /// missing on this host; it is served whenever it is present. IPv6 addresses are left out where
    /// there are no IPv6 sockets, if others remain.
    ///
    /// @param engine the engine for datagrams
    /// @param addresses resolved; port 0 lets the system choose one, the same for UDP and TCP
    /// @param threads number of event loops, and of the engine's own threads, at least 1
    /// @param strict whether each address must be on this host now
    /// @param limits limits for TCP clients
    /// @param responders creates one responder for each thread
    /// @throws BindException with a message that names address, transport and reason
    public static Listeners open(
            Engine engine,
            List<InetSocketAddress> addresses,
            int threads,
            boolean strict,
            TcpLimits limits,
            Supplier<Responder> responders)
            throws BindException {
        return open(engine, addresses, threads, strict, limits, null, responders);
    }

    /// Listens as the other method does, and for TLS too.
    ///
    /// @param tls where and how TLS is served; null for nowhere
    public static Listeners open(
            Engine engine,
            List<InetSocketAddress> addresses,
            int threads,
            boolean strict,
            TcpLimits limits,
            @Nullable TlsListening tls,
            Supplier<Responder> responders)
            throws BindException {
        Listeners listeners =
                new Listeners(engine, threads, strict, limits, tls, responders).listen(addresses);
        listeners.logStart();
        return listeners;
    }

    /// Opens the sockets, as {@link #open} does, and starts the threads, without a log entry.
    Listeners listen(List<InetSocketAddress> addresses) throws BindException {
        try {
            for (InetSocketAddress address : supported(addresses)) {
                bind(address);
            }
            if (tls != null) {
                for (InetSocketAddress address : tls.addresses()) {
                    bindForTls(address);
                }
            }
        } catch (BindException taken) {
            close();
            throw taken;
        }
        datagrams.start();
        return this;
    }

    /// Returns the addresses that this host makes sockets for, and remembers the others.
    private List<InetSocketAddress> supported(List<InetSocketAddress> addresses)
            throws BindException {
        List<InetSocketAddress> supported = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            if (engine.supports(address)) {
                supported.add(address);
                if (strict && LocalAddress.isIpv6Off(address.getAddress())) {
                    throw refusal(address, Absence.IPV6_OFF);
                }
            } else {
                unsupported.add(address);
            }
        }
        if (!unsupported.isEmpty() && (strict || supported.isEmpty())) {
            throw refusal(unsupported.getFirst(), Absence.NO_IPV6);
        }
        return supported;
    }

    private void bindForTls(InetSocketAddress address) throws BindException {
        requireResolved(address);
        Channel opened = bind(address, "tls", tlsHandler());
        sockets.add(opened);
        boundForTls.add((InetSocketAddress) opened.localAddress());
    }

    private static void requireResolved(InetSocketAddress address) throws BindException {
        if (address.isUnresolved()) {
            throw new BindException(
                    "cannot listen on %s:%d: unknown host"
                            .formatted(address.getHostString(), address.getPort()));
        }
    }

    private void bind(InetSocketAddress address) throws BindException {
        requireResolved(address);
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
        Channel tcp = bind(address, "tcp", tcpHandler());
        opened.add(tcp);
        InetSocketAddress exact = (InetSocketAddress) tcp.localAddress();
        datagrams.bind(exact);
        return exact;
    }

    private Channel bind(
            InetSocketAddress address, String transport, ChannelInitializer<Channel> handler)
            throws BindException {
        return opened(
                engine.streams().tcp(group, address, strict).childHandler(handler).bind(address),
                address,
                transport);
    }

    private ChannelInitializer<Channel> tcpHandler() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                new TcpConnection(channel, worker(channel), connections, failures));
            }
        };
    }

    private ChannelInitializer<Channel> tlsHandler() {
        TlsHandshakes shared = Objects.requireNonNull(handshakes);
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                SslHandler handler = shared.handler();
                channel.pipeline()
                        .addLast(
                                handler,
                                new TlsHandshake(
                                        channel,
                                        handler,
                                        shared,
                                        client ->
                                                new TcpConnection(
                                                        channel,
                                                        worker(channel),
                                                        connections,
                                                        failures,
                                                        shared.limits().idle(),
                                                        client)));
            }
        };
    }

    private Worker worker(Channel channel) {
        Worker worker = workers.get(channel.eventLoop());
        if (worker == null) {
            throw new IllegalStateException("connection on a foreign event loop");
        }
        return worker;
    }

    static Channel opened(ChannelFuture binding, InetSocketAddress address, String transport)
            throws BindException {
        Throwable cause = binding.awaitUninterruptibly().cause();
        if (cause == null) {
            return binding.channel();
        }
        throw refusal(address, transport, reason(cause), cause);
    }

    private static BindException refusal(InetSocketAddress address, Absence why) {
        return new BindException(
                "cannot listen: %s %s"
                        .formatted(NetUtil.toSocketAddressString(address), why.words()));
    }

    /// Returns an exception whose message names address, transport and reason.
    ///
    /// @param reason the system's error text
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

    /// Returns the system's error text without the name of the call that Netty puts before it.
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
                texts(bound),
                engine.label(),
                workers.size());
        if (!boundForTls.isEmpty()) {
            LOG.info("listening on {} (tls)", texts(boundForTls));
        }
        for (InetSocketAddress address : bound) {
            if (engine != Engine.MMSG && address.getAddress().isAnyLocalAddress()) {
                LOG.warn(
                        "{} is a wildcard: on a host with several addresses, UDP responses may"
                                + " leave from another address than the one that was asked; list"
                                + " the addresses to listen on instead",
                        NetUtil.toSocketAddressString(address));
            }
        }
    }

    private static String texts(List<InetSocketAddress> addresses) {
        return addresses.stream()
                .map(NetUtil::toSocketAddressString)
                .collect(Collectors.joining(", "));
    }

    /// Returns the addresses that have sockets, with their actual ports, in the order given to
    /// {@link #open}.
    public List<InetSocketAddress> bound() {
        return List.copyOf(bound);
    }

    /// Returns the addresses for TLS with their actual ports; none without TLS.
    public List<InetSocketAddress> boundForTls() {
        return List.copyOf(boundForTls);
    }

    /// Returns the number of TLS connections whose handshake is complete. They count among {@link
    /// #tcpConnections} too.
    public int tlsConnections() {
        return handshakes == null ? 0 : handshakes.connectionCount();
    }

    /// Returns the number of TLS handshakes that are being made.
    int tlsHandshakesOpen() {
        return handshakes == null ? 0 : handshakes.size();
    }

    /// Returns how many TLS handshakes ended so far in each way; none without TLS.
    public Map<TlsOutcome, Long> tlsHandshakes() {
        return handshakes == null ? Map.of() : handshakes.counts();
    }

    /// Returns the counters of all threads that answer queries, one for each.
    public List<WorkerCounters> counters() {
        return Stream.concat(
                        workers.values().stream().map(Worker::counters),
                        datagrams.counters().stream())
                .toList();
    }

    /// Returns the threads that answer queries as executors. A task runs between two batches.
    public List<Executor> loops() {
        List<Executor> loops = new ArrayList<>(workers.keySet());
        loops.addAll(datagrams.loops());
        return loops;
    }

    /// Returns the name of the datagram engine: "mmsg", "epoll" or "nio".
    public String engine() {
        return engine.label();
    }

    /// Returns the number of open TCP connections.
    public int tcpConnections() {
        return connections.size();
    }

    /// Returns the number of TCP connections accepted so far.
    public long tcpAccepted() {
        return connections.acceptedCount();
    }

    /// Returns the number of TCP connections that ended so far for a reason.
    public long tcpClosed(TcpClose why) {
        return connections.closedCount(why);
    }

    /// Returns how many client networks are remembered for their TCP connections.
    public int tcpNetworks() {
        return connections.networkCount();
    }

    /// Returns the remembered client networks with the most TCP connections, the busiest first.
    public List<TcpClients.Account> busiestTcpClients(int limit) {
        return connections.busiest(limit);
    }

    /// Returns the number of datagrams so far whose source must not get a response: port 0, the
    /// unspecified address, broadcast, multicast.
    public long udpIgnored() {
        return udpCounts.ignored().sum();
    }

    /// Returns the number of datagrams so far from ports of services that answer every datagram;
    /// see {@link SourcePort}.
    public long udpLooping() {
        return udpCounts.looping().sum();
    }

    /// Returns the addresses that clients cannot reach now, each with the reason according to the
    /// kernel.
    public Map<InetSocketAddress, Absence> absent() {
        Map<InetSocketAddress, Absence> absent = new LinkedHashMap<>();
        for (InetSocketAddress address :
                Stream.concat(bound.stream(), boundForTls.stream()).toList()) {
            Absence why = LocalAddress.absence(address.getAddress());
            if (why != null) {
                absent.put(address, why);
            }
        }
        unsupported.forEach(address -> absent.put(address, Absence.NO_IPV6));
        return absent;
    }

    /// Returns the number of UDP responses so far that the kernel did not accept, plus errors of
    /// UDP sockets.
    public long udpUnsent() {
        return udpCounts.unsent().sum();
    }

    /// Returns the number of datagrams so far that were lost because a socket's queue was full, as
    /// far as the engine can tell.
    public long udpOverflow() {
        return datagrams.overflowCount();
    }

    /// Returns the number of requests so far that were not answered because of an internal error.
    public long failures() {
        return failures.total();
    }

    /// Stops listening, lets TCP clients receive the responses that are already written, and ends
    /// the event loops. It takes a few seconds at most. A second call does nothing.
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
        streamThreads.close();
        if (handshakes != null) {
            handshakes.close();
        }
    }

    static void close(List<Channel> channels) {
        for (Channel channel : channels) {
            channel.close().awaitUninterruptibly();
        }
    }
}
