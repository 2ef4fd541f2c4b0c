package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// Waits for datagrams at any of several sockets of one thread, by epoll(7). The cost does not
/// depend on the number of idle sockets.
///
/// ```
/// struct epoll_event {   // packed on x86-64, aligned elsewhere
///   0        uint32_t     events;
///   4 or 8   epoll_data_t data;      // here the socket's index, 64 bits
/// };
/// ```
public final class Poller implements AutoCloseable {

    /// The most sockets that one call reports. The next call reports the rest.
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

    /// Creates a poller without sockets.
    public Poller() throws SocketException {
        Arena arena = Arena.ofAuto();
        state = SystemCall.state(arena);
        events = arena.allocate((long) EVENT_OCTETS * EVENTS_MAX, Long.BYTES);
        descriptor =
                Kernel.check(
                        SystemCall.make(
                                state, CallNumber.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0, 0));
    }

    /// Watches another socket. Its index is the number of sockets added before it.
    public void add(UdpSocket socket) throws SocketException {
        events.set(ValueLayout.JAVA_INT_UNALIGNED, 0, EPOLLIN);
        events.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, sockets);
        Kernel.check(
                SystemCall.make(
                        state,
                        CallNumber.EPOLL_CTL,
                        descriptor,
                        EPOLL_CTL_ADD,
                        socket.descriptor(),
                        events.address(),
                        0));
        sockets++;
    }

    /// Waits until datagrams arrive, at most for a time.
    ///
    /// @return number of ready sockets, see {@link #ready}; 0 after the timeout or an error
    public int await(int milliseconds) {
        int count =
                SystemCall.make(
                        state,
                        CallNumber.EPOLL_PWAIT,
                        descriptor,
                        events.address(),
                        EVENTS_MAX,
                        milliseconds,
                        0);
        return Math.max(0, count);
    }

    /// Returns the index of a socket that the last {@link #await} reported as ready.
    public int ready(int number) {
        long at = (long) number * EVENT_OCTETS + DATA;
        return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    @Override
    public void close() {
        int _ = SystemCall.make(state, CallNumber.CLOSE, descriptor, 0, 0, 0, 0);
    }
}
