package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/// Datagrams that come and go together: recvmmsg(2) and sendmmsg(2) on memory that is allocated
/// once. Used by one thread; its sockets may be of either family, one after the other.
///
/// ```
/// struct msghdr {                    struct mmsghdr {
///   0  void         *msg_name;         0   struct msghdr msg_hdr;
///   8  socklen_t     msg_namelen;      56  unsigned int  msg_len;
///   16 struct iovec *msg_iov;        };                            // 64 octets
///   24 size_t        msg_iovlen;
///   32 void         *msg_control;    struct iovec { 0 void *iov_base; 8 size_t iov_len; };
///   40 size_t        msg_controllen;
///   48 int           msg_flags;      struct cmsghdr {
/// };                                   0 size_t cmsg_len; 8 int cmsg_level; 12 int cmsg_type;
///                                    };                            // 16 octets, then the data:
/// struct in_pktinfo {                struct in6_pktinfo {
///   0 int     ipi_ifindex;             0  struct in6_addr ipi6_addr;
///   4 in_addr ipi_spec_dst;            16 unsigned int    ipi6_ifindex;
///   8 in_addr ipi_addr;              };
/// };
/// ```
///
/// A reply is sent to the address where the request's sockaddr lies, and, when the kernel told it,
/// from the address that the request was sent to, whose packet information is sent back as it came.
public final class DatagramBatch {

    private static final int MMSGHDR_OCTETS = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int LENGTH = 56;
    private static final int IOVEC_OCTETS = 16;
    private static final int IOVEC_LENGTH = 8;
    private static final int SOCKADDR_OCTETS = 32;
    private static final int CONTROL_OCTETS = 64;
    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;
    private static final int IPI6_IFINDEX = 16;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_WAITFORONE = 0x10000;

    /// The first 10 bits of a link-local address, fe80::/10 (RFC 4291 section 2.5.6).
    private static final int LINK_LOCAL = 0xfe80_0000 >>> 22;

    /// Slots whose sizes are powers of two would share a few sets of the processor's cache; one
    /// line more spreads them over all.
    private static final int CACHE_LINE_OCTETS = 64;

    private static final ValueLayout.OfInt NATIVE_INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong NATIVE_LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt NETWORK_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int capacity;
    private final MemorySegment state;
    private final MemorySegment memory;
    private final long receiveHeaders;
    private final long sendHeaders;
    private final long sendVectors;
    private final long addresses;
    private final long controls;
    private final MemorySegment[] requests;
    private final MemorySegment[] replies;

    private boolean ipv6;
    private int receivedCount;
    private int queuedCount;

    /// A batch with its memory.
    ///
    /// @param capacity datagrams at most in either direction, 1 to 1,024 (UIO_MAXIOV)
    /// @param receiveOctets room for one that comes; longer ones are cut
    /// @param sendOctets room for one that goes
    public DatagramBatch(int capacity, int receiveOctets, int sendOctets) {
        this.capacity = capacity;
        long receiveStride = stride(receiveOctets);
        long sendStride = stride(sendOctets);
        receiveHeaders = 0;
        sendHeaders = receiveHeaders + (long) capacity * MMSGHDR_OCTETS;
        long receiveVectors = sendHeaders + (long) capacity * MMSGHDR_OCTETS;
        sendVectors = receiveVectors + (long) capacity * IOVEC_OCTETS;
        addresses = sendVectors + (long) capacity * IOVEC_OCTETS;
        controls = addresses + (long) capacity * SOCKADDR_OCTETS;
        long receiveSlots = controls + (long) capacity * CONTROL_OCTETS;
        long sendSlots = receiveSlots + capacity * receiveStride;
        Arena arena = Arena.ofAuto();
        state = Kernel.callState(arena);
        memory = arena.allocate(sendSlots + capacity * sendStride, CACHE_LINE_OCTETS);
        requests = new MemorySegment[capacity];
        replies = new MemorySegment[capacity];
        for (int i = 0; i < capacity; i++) {
            requests[i] = memory.asSlice(receiveSlots + i * receiveStride, receiveOctets);
            replies[i] = memory.asSlice(sendSlots + i * sendStride, sendOctets);
            long header = receiveHeader(i);
            link(header, receiveVectors + (long) i * IOVEC_OCTETS, requests[i]);
            memory.set(NATIVE_LONG, header + NAME, memory.address() + address(i));
            memory.set(NATIVE_LONG, header + CONTROL, memory.address() + control(i));
            link(sendHeader(i), sendVectors + (long) i * IOVEC_OCTETS, replies[i]);
        }
        receivedCount = capacity;
    }

    private static long stride(int octets) {
        int lines = (octets + CACHE_LINE_OCTETS - 1) / CACHE_LINE_OCTETS;
        return (lines | 1) * (long) CACHE_LINE_OCTETS;
    }

    private void link(long header, long vector, MemorySegment slot) {
        memory.set(NATIVE_LONG, header + VECTOR, memory.address() + vector);
        memory.set(NATIVE_LONG, header + VECTOR_COUNT, 1);
        memory.set(NATIVE_LONG, vector, slot.address());
        memory.set(NATIVE_LONG, vector + IOVEC_LENGTH, slot.byteSize());
    }

    private long receiveHeader(int index) {
        return receiveHeaders + (long) index * MMSGHDR_OCTETS;
    }

    private long sendHeader(int index) {
        return sendHeaders + (long) index * MMSGHDR_OCTETS;
    }

    private long address(int index) {
        return addresses + (long) index * SOCKADDR_OCTETS;
    }

    private long control(int index) {
        return controls + (long) index * CONTROL_OCTETS;
    }

    /// Datagrams at most in either direction.
    public int capacity() {
        return capacity;
    }

    /// Fetches what has arrived at a socket. After {@link UdpSocket#shutdown} it does not wait, and
    /// may report one datagram of 0 octets that nobody sent.
    ///
    /// @param wait whether to wait for the first datagram, within the socket's timeout
    /// @return number of datagrams; 0 when there is none within the time; negative for an error of
    ///   the system
    public int receive(UdpSocket socket, boolean wait) {
        for (int i = 0; i < receivedCount; i++) {
            long header = receiveHeader(i);
            memory.set(NATIVE_INT, header + NAME_LENGTH, SOCKADDR_OCTETS);
            memory.set(NATIVE_LONG, header + CONTROL_LENGTH, CONTROL_OCTETS);
        }
        ipv6 = socket.ipv6();
        int result =
                call(
                        Kernel.RECVMMSG,
                        socket,
                        receiveHeaders,
                        capacity,
                        wait ? MSG_WAITFORONE : MSG_DONTWAIT);
        receivedCount = Math.max(0, result);
        return result == -Kernel.EAGAIN || result == -Kernel.EINTR ? 0 : result;
    }

    /// The octets of a received datagram, from offset 0 on.
    public MemorySegment request(int index) {
        return requests[index];
    }

    /// Octets of a received datagram, at most the room for one.
    public int requestLength(int index) {
        return memory.get(NATIVE_INT, receiveHeader(index) + LENGTH);
    }

    /// Whether the last datagrams came over IPv6.
    public boolean ipv6() {
        return ipv6;
    }

    /// The port that a datagram came from, 0 to 65,535.
    public int port(int index) {
        return Short.toUnsignedInt(
                memory.get(UdpSocket.NETWORK_SHORT, address(index) + UdpSocket.PORT));
    }

    /// The IPv4 address that a datagram came from, its first octet in the highest bits.
    public int ipv4Address(int index) {
        return memory.get(NETWORK_INT, address(index) + UdpSocket.SIN_ADDR);
    }

    /// The first half of the IPv6 address that a datagram came from, its first octet in the highest
    /// bits.
    public long ipv6AddressHigh(int index) {
        return memory.get(NETWORK_LONG, address(index) + UdpSocket.SIN6_ADDR);
    }

    /// The second half of the IPv6 address that a datagram came from.
    public long ipv6AddressLow(int index) {
        return memory.get(NETWORK_LONG, address(index) + UdpSocket.SIN6_ADDR + Long.BYTES);
    }

    /// Where the next datagram to send is to be written, from offset 0 on; there is one as long as
    /// fewer than {@link #capacity} are queued.
    public MemorySegment next() {
        return replies[queuedCount];
    }

    /// Queues what stands in {@link #next} as the reply to a received datagram. It must be sent
    /// before more is received.
    public void reply(int index, int length) {
        long received = receiveHeader(index);
        long header = sendHeader(queuedCount);
        memory.set(NATIVE_LONG, header + NAME, memory.address() + address(index));
        memory.set(
                NATIVE_INT, header + NAME_LENGTH, memory.get(NATIVE_INT, received + NAME_LENGTH));
        long controlLength = memory.get(NATIVE_LONG, received + CONTROL_LENGTH);
        if (controlLength > 0) {
            anyInterface(control(index));
        }
        memory.set(NATIVE_LONG, header + CONTROL, memory.address() + control(index));
        memory.set(NATIVE_LONG, header + CONTROL_LENGTH, controlLength);
        queue(length);
    }

    /// Keeps the address that a datagram was sent to, and lets routing choose the interface: the
    /// way back need not be the way it came. A link-local address means nothing without it.
    private void anyInterface(long control) {
        int level = memory.get(NATIVE_INT, control + CMSG_LEVEL);
        int type = memory.get(NATIVE_INT, control + CMSG_TYPE);
        long data = control + CMSG_DATA;
        if (level == UdpSocket.IPPROTO_IP && type == UdpSocket.IP_PKTINFO) {
            memory.set(NATIVE_INT, data, 0);
        } else if (level == UdpSocket.IPPROTO_IPV6
                && type == UdpSocket.IPV6_PKTINFO
                && memory.get(NETWORK_INT, data) >>> 22 != LINK_LOCAL) {
            memory.set(NATIVE_INT, data + IPI6_IFINDEX, 0);
        }
    }

    /// Queues what stands in {@link #next} for the peer of a connected socket.
    public void queueForPeer(int length) {
        long header = sendHeader(queuedCount);
        memory.set(NATIVE_LONG, header + NAME, 0);
        memory.set(NATIVE_INT, header + NAME_LENGTH, 0);
        memory.set(NATIVE_LONG, header + CONTROL, 0);
        memory.set(NATIVE_LONG, header + CONTROL_LENGTH, 0);
        queue(length);
    }

    private void queue(int length) {
        memory.set(
                NATIVE_LONG,
                sendVectors + (long) queuedCount * IOVEC_OCTETS + IOVEC_LENGTH,
                length);
        queuedCount++;
    }

    /// Datagrams that wait for {@link #send}.
    public int queued() {
        return queuedCount;
    }

    /// Sends what is queued, without waiting. What the system does not take (the queue to the
    /// network is full, a filter forbids it, the address cannot be reached) is left out, one by
    /// one: clients repeat their question, and a queue would only make every answer late.
    ///
    /// @return number of datagrams that were not sent
    public int send(UdpSocket socket) {
        int failed = 0;
        int done = 0;
        while (done < queuedCount) {
            int result =
                    call(
                            Kernel.SENDMMSG,
                            socket,
                            sendHeader(done),
                            queuedCount - done,
                            MSG_DONTWAIT);
            if (result > 0) {
                done += result;
            } else if (result != -Kernel.EINTR) {
                // The error is that of the first datagram that was left.
                failed++;
                done++;
            }
        }
        queuedCount = 0;
        return failed;
    }

    /// The kernel sees addresses only: the memory must not go while it works on it.
    private int call(long number, UdpSocket socket, long header, int count, int flags) {
        try {
            long headers = memory.address() + header;
            return Kernel.call(state, number, socket.descriptor(), headers, count, flags, 0);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
