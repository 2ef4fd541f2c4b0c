package org.anycastdns.server.net;

import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.anycastdns.server.net.posix.Nap;
import org.anycastdns.server.net.posix.Poller;
import org.anycastdns.server.net.posix.Slice;
import org.anycastdns.server.net.posix.UdpSocket;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.WorkerCounters;

/// An event loop that answers datagrams on one thread: receive a batch, answer it, send the
/// responses.
///
/// ```
///   one socket:      recvmmsg waits for the first datagram ---\
///                                                              +--> Responder --> sendmmsg
///   several:  epoll waits --> recvmmsg of each that is ready -/   (MmsgBatch)
/// ```
///
/// At low load a batch is one datagram, and no datagram waits for the batch to fill. At higher load
/// batches grow, and the cost of the two system calls per datagram falls.
final class MmsgLoop implements Executor {

    /// The longest wait for datagrams, and thus the longest delay of tasks on an idle thread. It is
    /// well below the time after which the watchdog considers a thread hung.
    static final Duration PATIENCE = Duration.ofMillis(100);

    /// The most tasks that can wait. A caller waits for its task before it submits the next one.
    private static final int TASKS_MAX = 64;

    /// Pause after a failure to receive, so that a socket that always fails at once does not use a
    /// whole core.
    private static final long FAILURE_NANOS = 10_000_000;

    /// Consecutive failures of one socket after which this thread gives up, which visibly ends the
    /// process. With the pauses they take a second. A temporary cause, such as too little kernel
    /// memory, is over by then, and a permanent one does not go away by waiting.
    static final int FAILURES_MAX = 100;

    private final Responder responder;
    private final Datagrams.Counts counts;
    private final MmsgBatch batch;
    private final Pace pace = new Pace();
    private final Nap rest = new Nap(Pace.REST_NANOS);
    private final Nap failureRest = new Nap(FAILURE_NANOS);
    private final List<UdpSocket> sockets = new ArrayList<>();
    // Failures since the last success, by index of the socket in the list.
    private int[] failures = new int[0];
    private final Queue<Runnable> tasks = new ArrayBlockingQueue<>(TASKS_MAX);
    private volatile boolean hasTasks;
    private volatile boolean stopping;

    MmsgLoop(Responder responder, Datagrams.Counts counts) {
        this.responder = responder;
        this.counts = counts;
        this.batch = new MmsgBatch(counts);
    }

    /// Adds a socket to answer on, before {@link #run}. {@link #close} closes it.
    void add(UdpSocket socket) {
        sockets.add(socket);
    }

    List<UdpSocket> sockets() {
        return sockets;
    }

    WorkerCounters counters() {
        return responder.counters();
    }

    /// Answers datagrams until {@link #stop} is called.
    void run() {
        boolean _ = Slice.shorten();
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

    /// Receives a batch, answers it and sends the responses.
    ///
    /// @param place index of the socket in the list
    /// @return number of datagrams in the batch
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
        batch.at(System.currentTimeMillis() / 1_000);
        try {
            responder.respond(batch);
        } catch (RuntimeException | AssertionError fault) {
            // The rest of this batch gets no response; the next batch is answered again.
            counts.failures().count(fault);
        }
        int replies = batch.queueReplies(socket);
        if (replies > 0) {
            int unsent = batch.send(socket);
            if (unsent > 0) {
                counts.unsent().add(unsent);
            }
            // All responses of a batch are sent at its end.
            responder.counters().responseTime(System.nanoTime() - startNanos, replies);
        }
        return received;
    }

    /// Counts a failure to receive and pauses.
    ///
    /// @throws IllegalStateException after {@link #FAILURES_MAX} consecutive failures
    private void failed(int place, int result) {
        counts.unsent().increment();
        if (stopping) {
            return;
        }
        if (++failures[place] >= FAILURES_MAX) {
            throw new IllegalStateException(
                    "receiving datagrams failed %d times in a row, the last time with errno %d"
                            .formatted(FAILURES_MAX, -result));
        }
        failureRest.take();
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

    /// Ends {@link #run} after the current batch. May be called from any thread.
    void stop() {
        stopping = true;
        sockets.forEach(UdpSocket::shutdown);
    }

    /// Closes the sockets after {@link #run} has ended, or if it never began.
    void close() {
        sockets.forEach(UdpSocket::close);
    }
}
