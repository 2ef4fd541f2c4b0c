package org.anycastdns.server.net.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.ErrorNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// A batch of datagrams that are received and sent by recvmmsg(2) and sendmmsg(2), in memory that
/// is allocated once. One thread uses it; its sockets may be of either address family, one after
/// the other.
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
/// A response is sent to the address in the request's sockaddr. If the kernel reported the address
/// that the request was sent to, the response is sent from it. For this, the packet information is
/// passed back to the kernel.
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

    /// The first 10 bits of a link-local address: fe80::/10 (RFC 4291 section 2.5.6).
    private static final int LINK_LOCAL = 0xfe80_0000 >>> 22;

    /// Length of a cache line, by which slots are padded. Slots whose sizes are powers of two would
    /// share a few sets of the processor's cache; one more line spreads them over all sets.
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

    /// Creates a batch and allocates its memory.
    ///
    /// @param capacity the most datagrams in either direction, 1 to 1,024 (UIO_MAXIOV)
    /// @param receiveOctets room for one received datagram; longer ones are cut
    /// @param sendOctets room for one sent datagram
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
        state = SystemCall.state(arena);
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

    /// Returns the most datagrams in either direction.
    public int capacity() {
        return capacity;
    }

    /// Receives the datagrams that have arrived at a socket. After {@link UdpSocket#shutdown} it
    /// does not wait and may report one datagram of 0 octets that nobody sent.
    ///
    /// @param wait whether to wait for the first datagram, up to the socket's timeout
    /// @return number of datagrams; 0 if none arrived in time; the negated error number after an
    ///   error
    public int receive(UdpSocket socket, boolean wait) {
        for (int i = 0; i < receivedCount; i++) {
            long header = receiveHeader(i);
            memory.set(NATIVE_INT, header + NAME_LENGTH, SOCKADDR_OCTETS);
            memory.set(NATIVE_LONG, header + CONTROL_LENGTH, CONTROL_OCTETS);
        }
        ipv6 = socket.ipv6();
        int result =
                call(
                        CallNumber.RECVMMSG,
                        socket,
                        receiveHeaders,
                        capacity,
                        wait ? MSG_WAITFORONE : MSG_DONTWAIT);
        receivedCount = Math.max(0, result);
        return result == ErrorNumber.EAGAIN || result == ErrorNumber.EINTR ? 0 : result;
    }

    /// Returns the octets of a received datagram, starting at offset 0.
    public MemorySegment request(int index) {
        return requests[index];
    }

    /// Returns the length of a received datagram in octets, at most the room for one.
    public int requestLength(int index) {
        return memory.get(NATIVE_INT, receiveHeader(index) + LENGTH);
    }

    /// Returns whether the last received datagrams came over IPv6.
    public boolean ipv6() {
        return ipv6;
    }

    /// Returns the source port of a datagram, 0 to 65,535.
    public int port(int index) {
        return Short.toUnsignedInt(
                memory.get(UdpSocket.NETWORK_SHORT, address(index) + UdpSocket.PORT));
    }

    /// Returns the IPv4 source address of a datagram; its first octet is in the highest bits.
    public int ipv4Address(int index) {
        return memory.get(NETWORK_INT, address(index) + UdpSocket.SIN_ADDR);
    }

    /// Returns the first half of the IPv6 source address of a datagram; its first octet is in the
    /// highest bits.
    public long ipv6AddressHigh(int index) {
        return memory.get(NETWORK_LONG, address(index) + UdpSocket.SIN6_ADDR);
    }

    /// Returns the second half of the IPv6 source address of a datagram.
    public long ipv6AddressLow(int index) {
        return memory.get(NETWORK_LONG, address(index) + UdpSocket.SIN6_ADDR + Long.BYTES);
    }

    /// Returns the sender of a received datagram, to be answered later.
    public Sender sender(int index) {
        long header = receiveHeader(index);
        long control = memory.get(NATIVE_LONG, header + CONTROL_LENGTH);
        if (control > 0) {
            anyInterface(control(index));
        }
        return new Sender(
                octets(address(index), memory.get(NATIVE_INT, header + NAME_LENGTH)),
                octets(control(index), control));
    }

    private byte[] octets(long offset, long length) {
        return memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Returns the memory for the response to a received datagram, to be written from offset 0 on.
    public MemorySegment response(int index) {
        return replies[index];
    }

    /// Queues the content of {@link #response} for the sender of a received datagram. It must be
    /// sent before the next call of {@link #receive}.
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
        queue(index, length);
    }

    /// Keeps the address that a datagram was sent to as the source of the response, but lets
    /// routing choose the interface, because the route back may differ. A link-local address keeps
    /// its interface, because it is meaningless without it.
    private void anyInterface(long control) {
        int level = memory.get(NATIVE_INT, control + CMSG_LEVEL);
        int type = memory.get(NATIVE_INT, control + CMSG_TYPE);
        long data = control + CMSG_DATA;
        if (level == SocketOption.IPPROTO_IP && type == SocketOption.IP_PKTINFO) {
            memory.set(NATIVE_INT, data, 0);
        } else if (level == SocketOption.IPPROTO_IPV6
                && type == SocketOption.IPV6_PKTINFO
                && memory.get(NETWORK_INT, data) >>> 22 != LINK_LOCAL) {
            memory.set(NATIVE_INT, data + IPI6_IFINDEX, 0);
        }
    }

    /// Returns the memory for the next datagram to send to a peer, to be written from offset 0 on.
    /// It may be used while fewer than {@link #capacity} datagrams are queued. One batch holds
    /// either responses or datagrams for a peer.
    public MemorySegment next() {
        return replies[queuedCount];
    }

    /// Queues the content of {@link #next} for the peer of a connected socket.
    public void queueForPeer(int length) {
        long header = sendHeader(queuedCount);
        memory.set(NATIVE_LONG, header + NAME, 0);
        memory.set(NATIVE_INT, header + NAME_LENGTH, 0);
        memory.set(NATIVE_LONG, header + CONTROL, 0);
        memory.set(NATIVE_LONG, header + CONTROL_LENGTH, 0);
        queue(queuedCount, length);
    }

    /// Queues the first octets of a slot of {@link #replies}.
    private void queue(int slot, int length) {
        long vector = sendVectors + (long) slot * IOVEC_OCTETS;
        memory.set(NATIVE_LONG, sendHeader(queuedCount) + VECTOR, memory.address() + vector);
        memory.set(NATIVE_LONG, vector + IOVEC_LENGTH, length);
        queuedCount++;
    }

    /// Returns the number of datagrams that wait for {@link #send}.
    public int queued() {
        return queuedCount;
    }

    /// Queues a datagram for a sender. It must be sent before anything is received.
    void queue(byte[] message, Sender to) {
        long header = sendHeader(queuedCount);
        copy(to.address(), address(queuedCount));
        copy(to.control(), control(queuedCount));
        MemorySegment.copy(
                message, 0, replies[queuedCount], ValueLayout.JAVA_BYTE, 0, message.length);
        memory.set(NATIVE_LONG, header + NAME, memory.address() + address(queuedCount));
        memory.set(NATIVE_INT, header + NAME_LENGTH, to.address().length);
        memory.set(NATIVE_LONG, header + CONTROL, memory.address() + control(queuedCount));
        memory.set(NATIVE_LONG, header + CONTROL_LENGTH, to.control().length);
        queue(queuedCount, message.length);
    }

    private void copy(byte[] from, long to) {
        MemorySegment.copy(from, 0, memory, ValueLayout.JAVA_BYTE, to, from.length);
    }

    /// Sends the queued datagrams without waiting. It skips each datagram that the kernel does not
    /// accept because the queue to the network is full, a filter forbids it, or the address is
    /// unreachable. Clients retry, and a longer queue would only delay every response.
    ///
    /// @return number of datagrams that were not sent
    public int send(UdpSocket socket) {
        int failed = 0;
        int done = 0;
        while (done < queuedCount) {
            int result =
                    call(
                            CallNumber.SENDMMSG,
                            socket,
                            sendHeader(done),
                            queuedCount - done,
                            MSG_DONTWAIT);
            if (result > 0) {
                done += result;
            } else if (result != ErrorNumber.EINTR) {
                // The error belongs to the first datagram that was not sent.
                failed++;
                done++;
            }
        }
        queuedCount = 0;
        return failed;
    }

    /// Makes a system call. The kernel only gets addresses, so the memory must stay reachable
    /// during the call.
    private int call(long number, UdpSocket socket, long header, int count, int flags) {
        try {
            long headers = memory.address() + header;
            return SystemCall.make(state, number, socket.descriptor(), headers, count, flags, 0);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
