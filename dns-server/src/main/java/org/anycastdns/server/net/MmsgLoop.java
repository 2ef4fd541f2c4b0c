package org.anycastdns.server.net;

import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.anycastdns.server.net.posix.DatagramBatch;
import org.anycastdns.server.net.posix.Nap;
import org.anycastdns.server.net.posix.Poller;
import org.anycastdns.server.net.posix.Slice;
import org.anycastdns.server.net.posix.UdpSocket;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SourcePort;
import org.anycastdns.server.serve.Tally;

/// One thread that answers datagrams: fetch a batch, answer each, send the replies.
///
/// ```
///   one socket:      recvmmsg waits for the first datagram ---\
///                                                              +--> respond --> sendmmsg
///   several:  epoll waits --> recvmmsg of each that is ready -/
/// ```
///
/// At low load a batch is one datagram and nobody waits for it to fill; the busier, the larger it
/// gets, and the less the two system calls cost each of them.
final class MmsgLoop implements Executor {

    /// Longest wait for datagrams: tasks are looked for that often when nobody asks anything. Well
    /// below the silence after which a thread counts as hung.
    static final Duration PATIENCE = Duration.ofMillis(100);

    /// Datagrams of one batch: at that size the two system calls are a few percent of the work, and
    /// the first reply waits for some 50 us of it.
    private static final int BATCH = 64;

    /// Octets that are read of a datagram: more than the 1,232 that we tell clients to send at
    /// most, with room for those who take an Ethernet frame's 1,472. Longer ones are cut and then
    /// get what a cut message deserves.
    private static final int REQUEST_OCTETS_MAX = 2_048;

    /// Room for a reply: what one Ethernet frame takes, more than a responder sends by UDP.
    private static final int REPLY_OCTETS_MAX = 1_472;

    /// Tasks that may wait: those who give them wait for one before they give the next.
    private static final int TASKS_MAX = 64;

    /// Rest after a failure to receive: a socket that fails at once each time must not take a core.
    private static final long FAILURE_NANOS = 10_000_000;

    /// Failures of one socket in a row after which this thread gives up, which ends the process
    /// where everybody sees it. They take a second: what passes, such as too little memory in the
    /// kernel, has passed by then, and what does not is not mended by waiting.
    static final int FAILURES_MAX = 100;

    private static final int BROADCAST = 0xffffffff;
    private static final int IPV4_MULTICAST = 0xe;
    private static final int IPV6_MULTICAST = 0xff;

    private final Responder responder;
    private final Datagrams.Counts counts;
    private final DatagramBatch batch =
            new DatagramBatch(BATCH, REQUEST_OCTETS_MAX, REPLY_OCTETS_MAX);
    private final Client client = new Client();
    private final Pace pace = new Pace();
    private final Nap rest = new Nap(Pace.REST_NANOS);
    private final Nap failureRest = new Nap(FAILURE_NANOS);
    private final List<UdpSocket> sockets = new ArrayList<>();
    // By the place of the socket in the list; failures since it worked last.
    private int[] failures = new int[0];
    private final Queue<Runnable> tasks = new ArrayBlockingQueue<>(TASKS_MAX);
    private volatile boolean hasTasks;
    private volatile boolean stopping;

    MmsgLoop(Responder responder, Datagrams.Counts counts) {
        this.responder = responder;
        this.counts = counts;
    }

    /// Takes a socket to answer on, before {@link #run}; it is closed with this loop.
    void add(UdpSocket socket) {
        sockets.add(socket);
    }

    List<UdpSocket> sockets() {
        return sockets;
    }

    Tally tally() {
        return responder.tally();
    }

    /// Answers until {@link #stop}.
    void run() {
        boolean _ = Slice.shorten();
        client.udp();
        failures = new int[sockets.size()];
        if (sockets.size() == 1) {
            runOne(sockets.get(0));
        } else {
            runAll(sockets.toArray(UdpSocket[]::new));
        }
    }

    private void runOne(UdpSocket socket) {
        while (!stopping) {
            rest(serve(socket, 0, true));
            runTasks();
        }
    }

    private void runAll(UdpSocket[] all) {
        try (Poller ready = new Poller()) {
            for (UdpSocket socket : all) {
                ready.add(socket);
            }
            int patience = (int) PATIENCE.toMillis();
            while (!stopping) {
                int count = ready.await(patience);
                int received = 0;
                for (int i = 0; i < count; i++) {
                    int place = ready.ready(i);
                    received += serve(all[place], place, false);
                }
                rest(received);
                runTasks();
            }
        } catch (SocketException e) {
            throw new IllegalStateException("sockets cannot be watched", e);
        }
    }

    private void rest(int received) {
        if (received > 0 && pace.rests(received, System.nanoTime())) {
            rest.take();
        }
    }

    /// Fetches a batch, answers it and sends the replies.
    ///
    /// @param place of the socket in the list
    /// @return how many datagrams it had
    private int serve(UdpSocket socket, int place, boolean wait) {
        int received = batch.receive(socket, wait);
        if (received <= 0 || stopping) {
            if (received < 0) {
                failed(place, received);
            }
            return 0;
        }
        failures[place] = 0;
        long startNanos = System.nanoTime();
        client.at(System.currentTimeMillis() / 1_000);
        responder.beginBatch();
        try {
            for (int first = 0; first < received; first += Responder.PLACES) {
                answer(first, Math.min(received, first + Responder.PLACES));
            }
        } catch (RuntimeException | AssertionError fault) {
            // The rest of the batch gets no answer; the next one does.
            counts.failures().count(fault);
            responder.abandon();
        } finally {
            responder.endBatch();
        }
        int replies = batch.queued();
        if (replies > 0) {
            int unsent = batch.send(socket);
            if (unsent > 0) {
                counts.unsent().add(unsent);
            }
            // Every reply of a batch leaves at its end.
            responder.tally().responseTime(System.nanoTime() - startNanos, replies);
        }
        return received;
    }

    /// Reads some datagrams, then answers those that need more than a copy.
    private void answer(int from, int to) {
        for (int i = from; i < to; i++) {
            if (take(i)) {
                reply(i, read(i, i - from));
            } else if (SourcePort.isOfTextService(batch.port(i))) {
                counts.looping().increment();
            } else {
                counts.ignored().increment();
            }
        }
        responder.lookAhead();
        for (int i = from; i < to; i++) {
            if (responder.isWaiting(i - from) && take(i)) {
                reply(i, answerOne(i - from));
            }
        }
    }

    private int read(int index, int place) {
        try {
            return responder.read(
                    place, batch.request(index), batch.requestLength(index), batch.next(), client);
        } catch (RuntimeException | AssertionError fault) {
            counts.failures().count(fault);
            return 0;
        }
    }

    private int answerOne(int place) {
        try {
            return responder.answer(place, batch.next(), client);
        } catch (RuntimeException | AssertionError fault) {
            counts.failures().count(fault);
            return 0;
        }
    }

    /// @throws IllegalStateException when it fails for good
    private void failed(int place, int result) {
        counts.unsent().increment();
        if (stopping) {
            return;
        }
        if (++failures[place] >= FAILURES_MAX) {
            throw new IllegalStateException(
                    "receiving datagrams failed %d times in a row, the last time with error %d of the system (errno)"
                            .formatted(FAILURES_MAX, -result));
        }
        failureRest.take();
    }

    private void reply(int index, int length) {
        if (length > 0) {
            batch.reply(index, length);
        }
    }

    /// Notes who asks.
    ///
    /// @return whether that is somebody whom a reply can be sent to
    private boolean take(int index) {
        int port = batch.port(index);
        return (batch.ipv6() ? takeIpv6(index) : takeIpv4(index))
                && port != 0
                && !SourcePort.isOfTextService(port);
    }

    /// @return whether the source is one host's: a forged broadcast or multicast source would
    ///   multiply our reply
    private boolean takeIpv4(int index) {
        int address = batch.ipv4Address(index);
        client.ipv4(address);
        return address != 0 && address != BROADCAST && address >>> 28 != IPV4_MULTICAST;
    }

    private boolean takeIpv6(int index) {
        long high = batch.ipv6AddressHigh(index);
        long low = batch.ipv6AddressLow(index);
        client.ipv6(high, low);
        return (high | low) != 0 && high >>> 56 != IPV6_MULTICAST;
    }

    @Override
    public void execute(Runnable task) {
        if (stopping || !tasks.offer(task)) {
            throw new RejectedExecutionException(stopping ? "stopped" : "too many tasks");
        }
        hasTasks = true;
    }

    private void runTasks() {
        if (!hasTasks) {
            return;
        }
        hasTasks = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /// Ends {@link #run} after the batch that it is at; from any thread.
    void stop() {
        stopping = true;
        sockets.forEach(UdpSocket::shutdown);
    }

    /// Gives the sockets back, when {@link #run} has ended or never began.
    void close() {
        sockets.forEach(UdpSocket::close);
    }
}
