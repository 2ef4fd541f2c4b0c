package org.anycastdns.announcer.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// A minimal neighbor on loopback, AS 65001. It records when each UPDATE about 192.0.2.0/24
/// arrived, so that times exclude a router's own processing, and counts UPDATEs about others.
final class Wire implements AutoCloseable {

    /// The effect of an UPDATE on the route.
    enum Change {
        ANNOUNCED,
        /// Announced with GRACEFUL_SHUTDOWN.
        DEPREFERENCED,
        WITHDRAWN
    }

    /// An UPDATE.
    ///
    /// @param nanos [System#nanoTime] after its last octet had been read
    record Event(Change change, long nanos) {}

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static final int HEADER_OCTETS = 19;
    private static final int OPEN = 1;
    private static final int UPDATE = 2;
    private static final int KEEPALIVE = 4;

    /// As many as fit into a message of 4,096 octets.
    private static final int ROUTES_PER_UPDATE = 800;

    /// ORIGIN IGP, AS_PATH 65001, NEXT_HOP 198.51.100.1.
    private static final String ATTRIBUTES = "40010100" + "40020602010000fde9" + "400304c6336401";

    /// Version 4, AS 65001, hold time 30 s, 198.51.100.1; capabilities: IPv4 unicast, four-octet
    /// AS.
    private static final String OPEN_BODY = "04fde9001ec63364010e020c010400010001410400" + "00fde9";

    private static final Prefix PREFIX = Prefix.parse(Pop.V4);

    private final ServerSocket server = new ServerSocket(0, 4, LOOPBACK);
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile @Nullable Socket last;
    private final Map<Change, Integer> counts = new ConcurrentHashMap<>();
    private final AtomicInteger others = new AtomicInteger();

    Wire() throws IOException {
        Thread.ofPlatform().daemon().name("wire").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /// Returns the next UPDATE with this change, and skips those before it.
    Event await(Change change, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("not " + change + " within " + limit);
            }
            if (event.change == change) {
                return event;
            }
        }
    }

    /// Returns the number of UPDATEs with this change.
    int count(Change change) {
        return counts.getOrDefault(change, 0);
    }

    /// Returns the number of UPDATEs.
    int count() {
        return Arrays.stream(Change.values()).mapToInt(this::count).sum();
    }

    /// Returns the number of UPDATEs about other prefixes than 192.0.2.0/24.
    int others() {
        return others.get();
    }

    /// Returns the number of connections.
    int sessions() {
        return sessions.get();
    }

    /// Announces this many routes to the announcer, from 10.0.0.0/32 on.
    void flood(int routes) throws IOException {
        OutputStream out = Objects.requireNonNull(last).getOutputStream();
        byte[] attributes = HexFormat.of().parseHex(ATTRIBUTES);
        for (int next = 0; next < routes; ) {
            int count = Math.min(ROUTES_PER_UPDATE, routes - next);
            ByteBuffer body = ByteBuffer.allocate(4 + attributes.length + 5 * count);
            body.putShort((short) 0).putShort((short) attributes.length).put(attributes);
            for (int i = 0; i < count; i++, next++) {
                body.put((byte) 32).putInt(0x0a000000 + next);
            }
            out.write(message(UPDATE, body.array()));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                sessions.incrementAndGet();
                last = socket;
                converse(socket);
            } catch (IOException _) {
                // The announcer or this neighbor has closed the connection.
            }
        }
    }

    private void converse(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            byte[] header = in.readNBytes(HEADER_OCTETS);
            if (header.length < HEADER_OCTETS) {
                return;
            }
            int length = Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(16));
            byte[] body = in.readNBytes(length - HEADER_OCTETS);
            if (header[18] == OPEN) {
                socket.getOutputStream().write(message(OPEN, HexFormat.of().parseHex(OPEN_BODY)));
                socket.getOutputStream().write(message(KEEPALIVE, new byte[0]));
            } else if (header[18] == KEEPALIVE) {
                socket.getOutputStream().write(message(KEEPALIVE, new byte[0]));
            } else {
                note(ByteBuffer.allocate(length).put(header).put(body).array(), System.nanoTime());
            }
        }
    }

    private void note(byte[] octets, long nanos) {
        if (!(new Codec(true).decode(octets) instanceof Decoded.Intact(Message.Update update))) {
            return;
        }
        if (Stream.concat(update.allWithdrawn().stream(), update.allAnnounced().stream())
                .anyMatch(prefix -> !prefix.equals(PREFIX))) {
            others.incrementAndGet();
        }
        if (update.allWithdrawn().contains(PREFIX)) {
            note(Change.WITHDRAWN, nanos);
        } else if (update.allAnnounced().contains(PREFIX)) {
            boolean leaving =
                    update.of(Attribute.Communities.class)
                            .anyMatch(list ->
                                    list.communities().contains(Community.GRACEFUL_SHUTDOWN));
            note(leaving ? Change.DEPREFERENCED : Change.ANNOUNCED, nanos);
        }
    }

    private void note(Change change, long nanos) {
        counts.merge(change, 1, Integer::sum);
        events.add(new Event(change, nanos));
    }

    private static byte[] message(int type, byte[] body) {
        ByteBuffer message = ByteBuffer.allocate(HEADER_OCTETS + body.length);
        message.putLong(-1).putLong(-1).putShort((short) message.capacity()).put((byte) type);
        return message.put(body).array();
    }
}
