package org.anycastdns.server.net;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Responder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Warms up the query path, so that the JVM compiles it before clients depend on it. All kinds of
/// requests are sent in random order, first to responders directly, then through sockets of the
/// engine in use.
///
/// Otherwise the JIT compiler would see only the traffic of the first minutes and would not compile
/// anything that did not occur. The first flood of other queries would then fall back to
/// interpreted code.
public final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /// Length of a spell: requests are sent for this time, then the JIT compiler gets time to work.
    /// On a shared core it would otherwise finish long after `ready`. Until then, answers take
    /// several times as long.
    private static final long SPELL_NANOS = 250_000_000;

    /// How long the JIT compiler is observed at a time. It is long enough for the system's CPU
    /// clock, which ticks every 10 ms.
    private static final long REST_NANOS = 100_000_000;

    /// The JIT compiler counts as idle if it used less than one part in this many of a core, during
    /// an observation or a spell.
    private static final int QUIET_SHARE = 5;

    /// Requests between two reads of the clock, and the longest burst: one batch of an engine.
    private static final int BURST = 64;

    /// One in this many requests is treated as a TCP request.
    private static final int TCP_ONE_IN = 8;

    /// A response on the same machine that takes longer counts as lost.
    private static final long SILENCE_MILLIS = 5;

    /// Number of burst lengths: a full batch, half of it, and so on down to one request. A batch
    /// costs the engine the same system calls at any length, and their compilation depends on the
    /// number of calls.
    private static final int BURST_LENGTHS = Integer.SIZE - Integer.numberOfLeadingZeros(BURST);

    /// The fewest bursts that are sent. With fewer, the JIT compiler is idle only because it has
    /// not noticed the engine's code yet. It compiles after 5,000 calls, and a batch makes two or
    /// three system calls.
    private static final int BURSTS_MIN = 2_500;

    /// Bursts after which a new client connects, possibly with the other address family.
    private static final int BURSTS_OF_CLIENT = 64;

    /// TCP connections per client, one after the other. Each one makes as many events for its
    /// thread as several bursts make for theirs.
    private static final int CONNECTIONS_OF_CLIENT = 16;

    /// Requests on one connection; all but the last are sent together.
    private static final int REQUESTS_OF_CONNECTION = 3;

    /// A connection on the same machine that takes longer is abandoned.
    private static final int CONNECTION_MILLIS = 100;

    /// The TCP idle timeout in units of 100 ms, for the EDNS option that reports it.
    private static final int IDLE_DECISECONDS = 100;

    /// Offset of the question's name (RFC 1035 section 4.1.1).
    private static final int QUESTION = 12;

    /// The bit that distinguishes upper and lower case letters.
    private static final byte CASE = 0x20;

    private static final int MESSAGE_OCTETS_MAX = 0xffff;
    private static final int UDP_REPLY_OCTETS_MAX = 1_472;

    /// A fixed seed: the order is random, but the same at each start.
    private static final long SEED = 53;

    private static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");

    private final List<byte[]> requests;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Failures failures = new Failures();
    private final long startNanos = System.nanoTime();
    private final long limitNanos;
    private final OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private long spellNanos;
    private long machineNanosThen;
    private long count;

    private WarmUp(List<byte[]> requests, Duration limit) {
        this.requests = requests;
        this.limitNanos = limit.toNanos();
    }

    /// Warms up until the JIT compiler is idle or the time is up, and logs the result. After that
    /// the JIT compiler has a lower priority than the threads that answer.
    ///
    /// @param requests messages of every kind
    /// @param responders create responders for different zones that are in no metrics; the sockets
    ///   use the first one
    /// @param limit the longest time for the whole warm-up; zero skips it
    public static void run(
            Engine engine,
            List<byte[]> requests,
            List<Supplier<Responder>> responders,
            Duration limit) {
        if (!limit.isPositive()) {
            return;
        }
        WarmUp warmUp = new WarmUp(requests, limit);
        boolean quiet = warmUp.askResponders(responders.stream().map(Supplier::get).toList());
        try {
            quiet &= warmUp.askSockets(engine, responders.get(0));
        } catch (IOException e) {
            LOG.warn("the sockets could not be warmed up: {}", e.getMessage());
        }
        engine.compilersStepBack();
        LOG.info(
                "warmed up with {} requests in {} ms; {}",
                warmUp.count,
                (System.nanoTime() - warmUp.startNanos) / 1_000_000,
                quiet
                        ? "JIT compilation has settled"
                        : "the time was up before JIT compilation settled");
    }

    /// Sends requests to responders directly, for at most two thirds of the time. The rest is left
    /// for the sockets.
    ///
    /// @return whether the JIT compiler became idle
    private boolean askResponders(List<Responder> responders) {
        Arena arena = Arena.ofAuto();
        MemorySegment request = arena.allocate(MESSAGE_OCTETS_MAX);
        MemorySegment stream = arena.allocate(MESSAGE_OCTETS_MAX);
        MemorySegment datagram = stream.asSlice(0, UDP_REPLY_OCTETS_MAX);
        Client client = new Client().at(System.currentTimeMillis() / 1_000);
        long untilNanos = limitNanos - limitNanos / 3;
        beginSpell();
        while (isTimeLeft(untilNanos)) {
            for (Responder responder : responders) {
                for (int i = 0; i < BURST; i++) {
                    int length = copy(next(), request);
                    boolean tcp = random.nextInt(TCP_ONE_IN) == 0;
                    from(tcp ? client.tcp(IDLE_DECISECONDS) : client.udp());
                    int _ = ask(responder, request, length, tcp ? stream : datagram, client);
                }
                count += BURST;
            }
            if (letCompilerFinish(untilNanos)) {
                return true;
            }
        }
        return false;
    }

    /// Sends one request. An internal error costs only this answer, as it does for a client.
    private int ask(
            Responder responder,
            MemorySegment request,
            int length,
            MemorySegment reply,
            Client client) {
        try {
            return responder.respond(request, length, reply, client);
        } catch (RuntimeException | AssertionError fault) {
            failures.count(fault);
            return 0;
        }
    }

    private static int copy(byte[] message, MemorySegment into) {
        MemorySegment.copy(message, 0, into, ValueLayout.JAVA_BYTE, 0, message.length);
        return message.length;
    }

    private void from(Client client) {
        if (random.nextBoolean()) {
            client.ipv4(random.nextInt());
        } else {
            client.ipv6(random.nextLong(), random.nextLong());
        }
    }

    private byte[] next() {
        return next(requests);
    }

    /// Returns a random request, either unchanged or with letters in random case. An unchanged one
    /// can hit the response cache, the other one usually misses it.
    private byte[] next(List<byte[]> some) {
        byte[] request = some.get(random.nextInt(some.size()));
        return random.nextBoolean() ? request : respelt(request.clone());
    }

    /// Changes the case of letters in the question's name at random, if there is a name.
    private byte[] respelt(byte[] request) {
        int at = QUESTION;
        while (at < request.length && request[at] > 0) {
            int end = Math.min(request.length, at + 1 + request[at]);
            for (at++; at < end; at++) {
                if (Character.isLetter(request[at]) && random.nextBoolean()) {
                    request[at] ^= CASE;
                }
            }
        }
        return request;
    }

    /// Sends requests through sockets of the engine.
    ///
    /// @return whether the JIT compiler became idle
    private boolean askSockets(Engine engine, Supplier<Responder> responders) throws IOException {
        if (!isTimeLeft(limitNanos)) {
            return false;
        }
        List<byte[]> answered = answered(responders.get());
        if (answered.isEmpty()) {
            return false;
        }
        try (Listeners listeners = listen(engine, responders)) {
            List<InetSocketAddress> servers = listeners.bound();
            int bursts = 0;
            beginSpell();
            while (isTimeLeft(limitNanos)) {
                InetSocketAddress server = servers.get(random.nextInt(servers.size()));
                try (DatagramChannel channel = DatagramChannel.open();
                        Selector selector = Selector.open()) {
                    channel.connect(server);
                    channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                    for (int i = 0; i < BURSTS_OF_CLIENT && isTimeLeft(limitNanos); i++) {
                        burst(channel, selector, answered, BURST >> random.nextInt(BURST_LENGTHS));
                        bursts++;
                    }
                }
                for (int i = 0; i < CONNECTIONS_OF_CLIENT && isTimeLeft(limitNanos); i++) {
                    connection(server, answered);
                }
                if (letCompilerFinish(limitNanos) && bursts >= BURSTS_MIN) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Listens on both loopback addresses, or only on the IPv4 one if there is no IPv6.
    private static Listeners listen(Engine engine, Supplier<Responder> responders)
            throws BindException {
        InetSocketAddress ipv4 = new InetSocketAddress(IPV4, 0);
        InetSocketAddress ipv6 = new InetSocketAddress(IPV6, 0);
        try {
            return new Listeners(engine, 1, true, TcpLimits.DEFAULT, null, responders)
                    .listen(List.of(ipv4, ipv6));
        } catch (BindException noIpv6) {
            return new Listeners(engine, 1, true, TcpLimits.DEFAULT, null, responders)
                    .listen(List.of(ipv4));
        }
    }

    /// Returns the requests that get a response over UDP, so that no time is lost waiting for the
    /// others.
    private List<byte[]> answered(Responder responder) {
        MemorySegment memory = Arena.ofAuto().allocate(2L * MESSAGE_OCTETS_MAX);
        MemorySegment request = memory.asSlice(0, MESSAGE_OCTETS_MAX);
        MemorySegment reply = memory.asSlice(MESSAGE_OCTETS_MAX, UDP_REPLY_OCTETS_MAX);
        Client client = new Client().udp();
        return requests.stream()
                .filter(each -> ask(responder, request, copy(each, request), reply, client) > 0)
                .toList();
    }

    /// Sends a burst and receives the responses.
    private void burst(
            DatagramChannel channel, Selector selector, List<byte[]> answered, int length)
            throws IOException {
        for (int i = 0; i < length; i++) {
            byte[] request = next(answered);
            int _ = channel.write(ByteBuffer.wrap(request));
        }
        count += length;
        ByteBuffer reply = ByteBuffer.allocate(UDP_REPLY_OCTETS_MAX);
        int received = 0;
        while (received < length && selector.select(SILENCE_MILLIS) > 0) {
            selector.selectedKeys().clear();
            while (received < length && channel.read(reply.clear()) > 0) {
                received++;
            }
        }
    }

    /// Opens a connection, sends a few requests, receives the responses, and closes the connection.
    private void connection(InetSocketAddress server, List<byte[]> answered) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(CONNECTION_MILLIS);
            socket.connect(server, CONNECTION_MILLIS);
            DataInputStream replies = new DataInputStream(socket.getInputStream());
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (int i = 1; i < REQUESTS_OF_CONNECTION; i++) {
                request(requests, answered);
            }
            socket.getOutputStream().write(requests.toByteArray());
            for (int i = 1; i < REQUESTS_OF_CONNECTION; i++) {
                replies.skipNBytes(replies.readUnsignedShort());
            }
            requests.reset();
            request(requests, answered);
            socket.getOutputStream().write(requests.toByteArray());
            replies.skipNBytes(replies.readUnsignedShort());
        } catch (SocketTimeoutException busy) {
            // The machine is busy; a later connection succeeds.
        }
        count += REQUESTS_OF_CONNECTION;
    }

    private void request(ByteArrayOutputStream stream, List<byte[]> answered) {
        byte[] request = next(answered);
        stream.write(request.length >>> 8);
        stream.write(request.length);
        stream.writeBytes(request);
    }

    private boolean isTimeLeft(long untilNanos) {
        return System.nanoTime() - startNanos < untilNanos;
    }

    private void beginSpell() {
        spellNanos = System.nanoTime();
        machineNanosThen = machineNanos();
    }

    /// Lets the JIT compiler finish its work at the end of a spell.
    ///
    /// @param untilNanos time after the start at which waiting ends
    /// @return whether the JVM's own threads, mainly the JIT compiler, were almost idle during this
    ///   spell. The number of finished compilations would tell less, because a large method takes
    ///   longer than any spell, and even longer on a shared core.
    private boolean letCompilerFinish(long untilNanos) {
        long nowNanos = System.nanoTime();
        if (nowNanos - spellNanos < SPELL_NANOS) {
            return false;
        }
        boolean quiet = isLittle(machineNanosThen, nowNanos - spellNanos);
        boolean idle = quiet;
        while (!idle && isTimeLeft(untilNanos)) {
            long before = machineNanos();
            LockSupport.parkNanos(REST_NANOS);
            idle = isLittle(before, REST_NANOS);
        }
        beginSpell();
        return quiet;
    }

    private boolean isLittle(long machineNanosBefore, long nanos) {
        return machineNanos() - machineNanosBefore < nanos / QUIET_SHARE;
    }

    /// Returns the CPU time that the process used without the threads of the program.
    private long machineNanos() {
        long nanos = process.getProcessCpuTime();
        for (long each : threads.getThreadCpuTime(threads.getAllThreadIds())) {
            nanos -= Math.max(0, each);
        }
        return nanos;
    }
}
