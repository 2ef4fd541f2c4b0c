package org.anycastdns.benchmarks.transfer;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/// A client that asks in a steady pace and sleeps in between, unlike the load generator, which
/// never does. So it can share its core with clients that take transfers: the kernel runs a thread
/// that wakes up before threads that have been busy.
public final class SteadyClient {

    /// Few enough that the queries are no load by themselves.
    private static final long PAUSE_NANOS = 1_000_000;

    /// Resolvers retry after 0.4 s or more. A lost answer counts as this long.
    private static final int PATIENCE_MILLIS = 400;

    private static final int OCTETS_MAX = 4_096;

    private SteadyClient() {}

    /// Asks for some time.
    ///
    /// @param query gives the message of a query by its number
    /// @return how long answers took, in nanoseconds
    public static Histogram ask(
            InetSocketAddress server, IntFunction<byte[]> query, Duration duration)
            throws IOException {
        Histogram latency = new Histogram(3);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(PATIENCE_MILLIS);
            DatagramPacket packet = new DatagramPacket(new byte[OCTETS_MAX], OCTETS_MAX);
            long startNanos = System.nanoTime();
            long dueNanos = startNanos;
            for (int number = 0; dueNanos - startNanos < duration.toNanos(); number++) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
                byte[] message = query.apply(number);
                // The ID tells late answers to earlier queries apart.
                message[0] = (byte) (number >>> Byte.SIZE);
                message[1] = (byte) number;
                long sentNanos = System.nanoTime();
                socket.send(new DatagramPacket(message, message.length));
                try {
                    do {
                        socket.receive(packet);
                    } while (packet.getData()[0] != message[0]
                            || packet.getData()[1] != message[1]);
                } catch (SocketTimeoutException _) {
                    // It counts as long as the client has waited.
                }
                long nowNanos = System.nanoTime();
                latency.recordValue(nowNanos - sentNanos);
                dueNanos = Math.max(dueNanos + PAUSE_NANOS, nowNanos);
            }
        }
        return latency;
    }
}
