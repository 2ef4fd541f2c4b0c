package org.anycastdns.lab.measure;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Queries over one persistent TCP connection at a constant rate, pipelined. After a disconnect it
/// reconnects and resends the unanswered queries, as a resolver does (RFC 7766 section 6.2.4).
final class TcpLoad implements AutoCloseable {

    private static final int IDS = 0x10000;

    /// A SYN to a dead PoP must not cost more than the timeout of a response.
    private static final int CONNECT_TIMEOUT_MS = 250;

    /// Delay between connection attempts if one was refused at once.
    private static final double RETRY_MS = 10;

    private final InetSocketAddress server;
    private final String zone;
    private final Clock clock;

    /// The queries sent so far.
    final Journal journal = new Journal();

    private final Deque<Integer> open = new ArrayDeque<>();
    private @Nullable Socket socket;
    private int connections;
    private int asked;

    TcpLoad(InetSocketAddress server, String zone, Clock clock) {
        this.server = server;
        this.zone = zone;
        this.clock = clock;
    }

    /// Sends queries at even intervals.
    void run(double perSecond, double untilMs) {
        double stepMs = 1000 / perSecond;
        for (int i = 0; i * stepMs < untilMs; i++) {
            clock.awaitMs(i * stepMs);
            int number = journal.sent(i * stepMs);
            synchronized (open) {
                open.add(number);
                // Queries older than their timeout are not resent.
                while (open.size() > Journal.TIMEOUT_MS / stepMs + 1) {
                    open.removeFirst();
                }
            }
            send(number);
        }
    }

    /// Returns the figures of the journal, the number of reconnects, and the number of resent
    /// queries.
    Map<String, Object> figures() {
        Map<String, Object> figures = journal.figures();
        figures.put("connections-cut", Math.max(0, connections - 1));
        figures.put("asked-again", Math.max(0, asked - journal.size()));
        return figures;
    }

    private void send(int number) {
        Socket current = socket;
        if (current == null || current.isClosed()) {
            reconnect();
            return;
        }
        try {
            write(current, number);
        } catch (IOException _) {
            shut(current);
            reconnect();
        }
    }

    private void write(Socket to, int number) throws IOException {
        byte[] query = Reply.question(number % IDS, zone);
        to.getOutputStream()
                .write(
                        ByteBuffer.allocate(2 + query.length)
                                .putShort((short) query.length)
                                .put(query)
                                .array());
        asked++;
    }

    /// Tries to connect once. The next query brings the next attempt.
    private void reconnect() {
        Socket fresh = new Socket();
        try {
            fresh.setTcpNoDelay(true);
            fresh.connect(server, CONNECT_TIMEOUT_MS);
            connections++;
            socket = fresh;
            Thread.ofPlatform().daemon().name("tcp-receive").start(() -> receive(fresh));
            synchronized (open) {
                open.removeIf(journal::isAnswered);
                for (int number : open) {
                    write(fresh, number);
                }
            }
        } catch (IOException _) {
            shut(fresh);
            clock.awaitMs(clock.nowMs() + RETRY_MS);
        }
    }

    private void receive(Socket from) {
        try (from;
                DataInputStream in = new DataInputStream(from.getInputStream())) {
            while (true) {
                byte[] message = in.readNBytes(in.readUnsignedShort());
                Reply reply = Reply.parse(ByteBuffer.wrap(message));
                int number;
                synchronized (open) {
                    number =
                            open.stream()
                                    .filter(candidate -> candidate % IDS == reply.id())
                                    .findFirst()
                                    .orElse(-1);
                    open.remove((Integer) number);
                }
                journal.answered(number, clock.nowMs(), reply);
            }
        } catch (IOException _) {
            // Disconnected: the next query reconnects.
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // The socket is discarded in any case.
        }
    }

    @Override
    public void close() {
        Socket current = socket;
        if (current != null) {
            shut(current);
        }
    }
}
