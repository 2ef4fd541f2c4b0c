package org.anycastdns.announcer.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Strangers that open connections as fast as they are asked to, and leave each one at once. Begins
/// in the namespace of the thread that makes it.
final class ConnectionFlood implements AutoCloseable {

    /// Threads that open connections; one waits for its handshake while another one runs.
    private static final int THREADS = 3;

    private static final int CONNECT_MILLIS = 1_000;

    private final InetAddress source;
    private final InetSocketAddress target;
    private final long pauseNanos;
    private final long beganNanos = System.nanoTime();
    private final AtomicLong opened = new AtomicLong();
    private final Thread[] threads = new Thread[THREADS];
    private volatile boolean closed;

    /// Starts the flood.
    ///
    /// @param perSecond how many connections a second are tried
    ConnectionFlood(InetAddress source, InetSocketAddress target, int perSecond) {
        this.source = source;
        this.target = target;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(THREADS) / perSecond;
        for (int i = 0; i < THREADS; i++) {
            threads[i] = Thread.ofPlatform().daemon().name("flood").start(this::run);
        }
    }

    private void run() {
        long due = System.nanoTime();
        while (!closed) {
            due += pauseNanos;
            try (Socket socket = new Socket()) {
                // No port waits for late packets afterwards, so they do not run out.
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                socket.bind(new InetSocketAddress(source, 0));
                socket.connect(target, CONNECT_MILLIS);
                opened.incrementAndGet();
            } catch (IOException e) {
                // The queue of the listening socket was full.
                Thread.onSpinWait();
            }
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    /// Returns for how long it has been going on, in nanoseconds.
    long ageNanos() {
        return System.nanoTime() - beganNanos;
    }

    /// Returns how many connections a second were opened so far.
    long perSecond() {
        Duration took = Duration.ofNanos(ageNanos());
        return 1_000 * opened.get() / Math.max(1, took.toMillis());
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
