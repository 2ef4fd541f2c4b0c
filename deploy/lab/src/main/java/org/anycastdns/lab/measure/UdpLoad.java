package org.anycastdns.lab.measure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// Asks over UDP at a constant rate, whatever the answers do.
final class UdpLoad implements AutoCloseable {

    private static final int IDS = 0x10000;

    /// A sender that is later than this was kept waiting by its own machine: a quarter of the
    /// shortest gap that a bar asks for.
    private static final double LATE_MS = 50;

    /// As much as systems grant without being asked twice: answers that wait for this program are
    /// not to be lost.
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final DatagramChannel channel;
    private final String zone;
    private final Clock clock;

    /// What was asked.
    final Journal journal = new Journal();

    /// Which query an identifier stands for.
    private final AtomicIntegerArray numbers = new AtomicIntegerArray(IDS);

    UdpLoad(InetSocketAddress server, String zone, Clock clock) throws IOException {
        this.zone = zone;
        this.clock = clock;
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        channel.connect(server);
        Thread.ofPlatform().daemon().name("udp-receive").start(this::receive);
    }

    /// Sends so many queries, evenly. One whose time is over is not sent any more: it would find
    /// another network than the one it was meant for.
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
                // Nobody listens there just now.
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException _) {
                // The network is unreachable for now; the next answer may come.
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
