package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;

/// Tells one thread which of its sockets have datagrams, by epoll(7): what it costs does not depend
/// on how many sockets are silent.
///
/// ```
/// struct epoll_event {   // packed on x86-64, aligned elsewhere
///   0        uint32_t     events;
///   4 or 8   epoll_data_t data;      // here the socket's index, 64 bits
/// };
/// ```
public final class Poller implements AutoCloseable {

    /// Sockets that one call reports; what is left is reported by the next one.
    private static final int EVENTS_MAX = 32;

    private static final boolean PACKED = !System.getProperty("os.arch", "").equals("aarch64");
    private static final int DATA = PACKED ? 4 : 8;
    private static final int EVENT_OCTETS = DATA + Long.BYTES;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;

    private final MemorySegment state;
    private final MemorySegment events;
    private final int descriptor;
    private int sockets;

    /// A poller without sockets.
    public Poller() throws SocketException {
        Arena arena = Arena.ofAuto();
        state = Kernel.callState(arena);
        events = arena.allocate((long) EVENT_OCTETS * EVENTS_MAX, Long.BYTES);
        descriptor =
                Kernel.check(Kernel.call(state, Kernel.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0, 0));
    }

    /// Watches one more socket, whose index is the number of those before it.
    public void add(UdpSocket socket) throws SocketException {
        events.set(ValueLayout.JAVA_INT_UNALIGNED, 0, EPOLLIN);
        events.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, sockets);
        Kernel.check(
                Kernel.call(
                        state,
                        Kernel.EPOLL_CTL,
                        descriptor,
                        EPOLL_CTL_ADD,
                        socket.descriptor(),
                        events.address(),
                        0));
        sockets++;
    }

    /// Waits until there are datagrams, for a time at most.
    ///
    /// @return how many sockets are ready, see {@link #ready}; 0 when the time has passed
    public int await(int milliseconds) {
        int count =
                Kernel.call(
                        state,
                        Kernel.EPOLL_PWAIT,
                        descriptor,
                        events.address(),
                        EVENTS_MAX,
                        milliseconds,
                        0);
        return Math.max(0, count);
    }

    /// The index of a socket that the last {@link #await} found ready.
    public int ready(int number) {
        long at = (long) number * EVENT_OCTETS + DATA;
        return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    @Override
    public void close() {
        int _ = Kernel.call(state, Kernel.CLOSE, descriptor, 0, 0, 0, 0);
    }
}
