package org.anycastdns.benchmarks.machine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Opens TCP connections for one query each, one after the other in a few threads: connect, send
/// the query, read the response, close.
final class Connections {

    private static final int THREADS = 8;
    private static final int TIMEOUT_MILLIS = 1_000;

    private Connections() {}

    /// Opens as many connections as possible.
    ///
    /// @return connections per second that got a response
    static double perSecond(InetSocketAddress server, byte[] query, Duration duration)
            throws IOException {
        AtomicLong answered = new AtomicLong();
        long startNanos = System.nanoTime();
        long endNanos = startNanos + duration.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (System.nanoTime() - endNanos < 0) {
                                    if (connect(server, query)) {
                                        answered.incrementAndGet();
                                    }
                                }
                            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return (double) answered.get() / ((System.nanoTime() - startNanos) / 1e9);
    }

    private static boolean connect(InetSocketAddress server, byte[] query) {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server, TIMEOUT_MILLIS);
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >>> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            new DataOutputStream(socket.getOutputStream()).write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(in.readUnsignedShort());
            return answer.length > 2 && answer[0] == query[0] && answer[1] == query[1];
        } catch (IOException _) {
            return false;
        }
    }
}
