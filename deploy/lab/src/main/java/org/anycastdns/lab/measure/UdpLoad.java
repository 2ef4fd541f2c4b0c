package org.anycastdns.lab.measure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// Queries over UDP at a constant rate, regardless of the responses.
final class UdpLoad implements AutoCloseable {

    private static final int IDS = 0x10000;

    /// A sender that is later than this was delayed by its own machine. It is a quarter of the
    /// shortest gap that a scenario's limit allows.
    private static final double LATE_MS = 50;

    /// The largest size that systems usually grant. Responses that wait for this program must not
    /// be lost.
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final DatagramChannel channel;
    private final String zone;
    private final Clock clock;

    /// The queries sent so far.
    final Journal journal = new Journal();

    /// The latest query number for each message ID.
    private final AtomicIntegerArray numbers = new AtomicIntegerArray(IDS);

    UdpLoad(InetSocketAddress server, String zone, Clock clock) throws IOException {
        this.zone = zone;
        this.clock = clock;
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        channel.connect(server);
        Thread.ofPlatform().daemon().name("udp-receive").start(this::receive);
    }

    /// Sends queries at even intervals. A query that is too late is skipped, because it would see
    /// another state of the network than the intended one.
    void run(double perSecond, double untilMs) {
        double stepMs = 1000 / perSecond;
        for (int i = 0; i * stepMs < untilMs; i++) {
            clock.awaitMs(i * stepMs);
            if (clock.nowMs() - i * stepMs > LATE_MS) {
                journal.unsent();
                continue;
            }
            int number = journal.sent(i * stepMs);
            int id = number % IDS;
            numbers.set(id, number);
            try {
                channel.write(ByteBuffer.wrap(Reply.question(id, zone)));
            } catch (IOException _) {
                // Unreachable for now: the query counts as lost.
            }
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (true) {
            try {
                buffer.clear();
                channel.read(buffer);
                double atMs = clock.nowMs();
                Reply reply = Reply.parse(buffer.flip());
                if (reply.id() >= 0) {
                    journal.answered(numbers.get(reply.id()), atMs, reply);
                }
            } catch (PortUnreachableException _) {
                // No process is listening right now.
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException _) {
                // The network is unreachable for now; later responses may still arrive.
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
