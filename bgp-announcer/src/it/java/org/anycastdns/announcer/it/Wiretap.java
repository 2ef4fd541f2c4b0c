package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;
import org.anycastdns.testkit.Eventually;

/// A host on a link that overhears every frame and sends frames of its own, whatever their source.
final class Wiretap implements AutoCloseable {

    // From linux/socket.h, linux/if_packet.h and linux/if_ether.h.
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ADDRESS_OCTETS = 20;
    private static final int EVERY_PROTOCOL = 0x0300; // ETH_P_ALL in network order

    private static final int FRAME_OCTETS_MAX = 65_536;

    /// How long a read waits before it looks whether it is to end.
    private static final long POLL_MICROS = 100_000;

    /// Frames that are kept at most; the newest are the interesting ones.
    private static final int KEPT_MAX = 10_000;

    private final int socket;
    private final List<Frame> heard = new ArrayList<>();
    private final Thread listener;
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean closed;

    private Wiretap(int socket) {
        this.socket = socket;
        listener = Thread.ofPlatform().daemon().name("wiretap").start(this::listen);
    }

    /// Taps a cable of a namespace.
    static Wiretap on(String namespace, String cable) throws Exception {
        return new Wiretap(Inside.call(namespace, () -> open(cable)));
    }

    private static int open(String cable) throws IOException {
        int index = NetworkInterface.getByName(cable).getIndex();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            int socket =
                    SystemCall.make(
                            state, CallNumber.SOCKET, AF_PACKET, SOCK_RAW, EVERY_PROTOCOL, 0, 0);
            assertTrue(socket >= 0, "no packet socket: error " + -socket);
            MemorySegment address = arena.allocate(ADDRESS_OCTETS);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, 2, (short) EVERY_PROTOCOL);
            address.set(ValueLayout.JAVA_INT, 4, index);
            int bound =
                    SystemCall.make(
                            state,
                            CallNumber.BIND,
                            socket,
                            address.address(),
                            ADDRESS_OCTETS,
                            0,
                            0);
            MemorySegment limit = arena.allocate(2L * Long.BYTES, Long.BYTES);
            limit.set(ValueLayout.JAVA_LONG, Long.BYTES, POLL_MICROS);
            int limited =
                    SystemCall.make(
                            state,
                            CallNumber.SETSOCKOPT,
                            socket,
                            1, // SOL_SOCKET
                            20, // SO_RCVTIMEO
                            limit.address(),
                            2L * Long.BYTES);
            assertTrue(bound == 0 && limited == 0, "cannot tap " + cable);
            return socket;
        }
    }

    private void listen() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            MemorySegment buffer = arena.allocate(FRAME_OCTETS_MAX);
            while (!closed) {
                int length =
                        SystemCall.make(
                                state,
                                CallNumber.READ,
                                socket,
                                buffer.address(),
                                FRAME_OCTETS_MAX,
                                0,
                                0);
                if (length > 0) {
                    add(new Frame(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
                }
            }
            SystemCall.make(state, CallNumber.CLOSE, socket, 0, 0, 0, 0);
        }
    }

    private synchronized void add(Frame frame) {
        heard.add(frame);
        if (heard.size() > KEPT_MAX) {
            heard.removeFirst();
        }
    }

    /// Returns the frames so far that meet a condition, the oldest first.
    synchronized List<Frame> heard(Predicate<Frame> condition) {
        return heard.stream().filter(condition).toList();
    }

    /// Forgets the frames so far.
    synchronized void forget() {
        heard.clear();
    }

    /// Returns that many frames that meet a condition, once they are there.
    List<Frame> await(int count, Predicate<Frame> condition) throws InterruptedException {
        return Eventually.seen(
                count + " frames",
                Programs.LIMIT,
                () -> heard(condition),
                all -> all.size() >= count);
    }

    /// Sends a frame once.
    void send(Frame frame) {
        byte[] octets = frame.octets();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
            int sent =
                    SystemCall.make(
                            state, CallNumber.WRITE, socket, memory.address(), octets.length, 0, 0);
            assertTrue(sent == octets.length, "not sent: error " + -sent);
        }
    }

    /// Sends frames one after the other, again and again, until the result is closed.
    AutoCloseable repeat(Duration interval, Collection<Frame> frames) {
        List<Frame> all = List.copyOf(frames);
        int[] next = {0};
        var task =
                sender.scheduleAtFixedRate(
                        () -> send(all.get(next[0]++ % all.size())),
                        0,
                        interval.toNanos(),
                        TimeUnit.NANOSECONDS);
        return () -> task.cancel(false);
    }

    @Override
    public void close() {
        sender.shutdownNow();
        closed = true;
        try {
            listener.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
