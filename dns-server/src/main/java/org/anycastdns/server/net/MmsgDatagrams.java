package org.anycastdns.server.net;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.net.posix.UdpSocket;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.WorkerCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives and sends datagrams in batches on dedicated threads. Each thread has one socket per
/// address, and the kernel distributes the clients among them.
final class MmsgDatagrams implements Datagrams {

    private static final Logger LOG = LoggerFactory.getLogger(MmsgDatagrams.class);

    /// Size of a socket's receive buffer, for datagrams that arrive while a thread pauses. A pause
    /// of 20 ms (a long garbage collection) at 100,000 queries/s is 2,000 datagrams. The kernel
    /// counts about 800 octets for each; the rest is for bursts. A larger buffer would not help: at
    /// 500,000 queries/s a full buffer already delays datagrams by 20 ms.
    private static final int RECEIVE_OCTETS = 4 << 20;

    /// Size of a socket's send buffer, for responses on their way to the network card. The card's
    /// queue holds 1,000 packets by default, and the kernel counts up to 2,304 octets for each.
    /// With about twice that size, a response is only lost in the card's queue, which treats all
    /// clients alike. It is never lost because responses to one unresolved neighbor (up to 208 KiB)
    /// fill this buffer.
    private static final int SEND_OCTETS = 4 << 20;

    /// How long {@link #close} waits for the threads. Each thread only has to finish its batch.
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final boolean strict;
    private final List<MmsgLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /// @param strict whether only addresses of this host can be bound
    MmsgDatagrams(int threads, boolean strict, Supplier<Responder> responders, Counts counts) {
        this.strict = strict;
        for (int i = 0; i < threads; i++) {
            loops.add(new MmsgLoop(responders.get(), counts));
        }
    }

    @Override
    public void bind(InetSocketAddress address) throws BindException {
        List<UdpSocket> opened = new ArrayList<>();
        try {
            // Two programs of one user could share a port unnoticed, so bind it exclusively once.
            open(address, false).close();
            for (int i = 0; i < loops.size(); i++) {
                opened.add(open(address, true));
            }
        } catch (SocketException e) {
            opened.forEach(UdpSocket::close);
            throw Listeners.refusal(address, "udp", String.valueOf(e.getMessage()), e);
        }
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).add(opened.get(i));
        }
    }

    private UdpSocket open(InetSocketAddress address, boolean shared) throws SocketException {
        UdpSocket socket = UdpSocket.open(address.getAddress());
        try {
            if (shared) {
                socket.sharePort();
            }
            if (!strict) {
                socket.freeBind();
            }
            if (address.getAddress().isAnyLocalAddress()) {
                socket.receivePacketInfo();
            }
            socket.queues(RECEIVE_OCTETS, SEND_OCTETS);
            socket.receiveTimeout(MmsgLoop.PATIENCE);
            socket.bind(address);
            return socket;
        } catch (SocketException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void start() {
        logQueues();
        for (MmsgLoop loop : loops) {
            Thread thread = LongLived.vital("udp-" + threads.size(), loop::run);
            threads.add(thread);
            thread.start();
        }
    }

    private void logQueues() {
        try {
            int octets = sockets().findFirst().orElseThrow().receiveQueueOctets();
            if (octets < RECEIVE_OCTETS) {
                LOG.info(
                        "the kernel grants each UDP socket {} KiB for bursts instead of {} KiB; to"
                                + " change that, raise net.core.rmem_max",
                        octets >> 10,
                        RECEIVE_OCTETS >> 10);
            }
        } catch (SocketException e) {
            LOG.warn("cannot read the size of a UDP socket's queue: {}", e.getMessage());
        }
    }

    private Stream<UdpSocket> sockets() {
        return loops.stream().flatMap(loop -> loop.sockets().stream());
    }

    @Override
    public List<WorkerCounters> counters() {
        return loops.stream().map(MmsgLoop::counters).toList();
    }

    @Override
    public List<Executor> loops() {
        return List.copyOf(loops);
    }

    @Override
    public long overflowCount() {
        return sockets().mapToLong(UdpSocket::overflowCount).sum();
    }

    /// Ends the threads and closes the sockets. If a thread does not end in time, the sockets stay
    /// open, because the kernel may reuse a closed descriptor.
    @Override
    public void close() {
        loops.forEach(MmsgLoop::stop);
        long deadlineNanos = System.nanoTime() + STOP_NANOS;
        boolean ended = true;
        for (Thread thread : threads) {
            ended &= join(thread, deadlineNanos - System.nanoTime());
        }
        if (ended) {
            loops.forEach(MmsgLoop::close);
        } else {
            LOG.warn("a UDP thread did not end within {} s", STOP_NANOS / 1_000_000_000);
        }
    }

    private static boolean join(Thread thread, long nanos) {
        try {
            return thread.join(java.time.Duration.ofNanos(Math.max(0, nanos)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !thread.isAlive();
        }
    }
}
