package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.RequestBatch;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ResponseStream;
import org.anycastdns.server.serve.TlsClient;
import org.anycastdns.server.serve.WorkerCounters;
import org.jspecify.annotations.Nullable;

/// The responder of one event loop with its scratch memory, used only by that loop's thread.
///
/// Messages are copied in and out of Netty's buffers of any kind. The responder thus sees one kind
/// of memory, which keeps its accesses monomorphic.
final class Worker {

    /// Length of the largest message in octets (RFC 1035 section 4.2.2).
    static final int MESSAGE_OCTETS_MAX = 0xffff;

    /// Result of {@link #answer} after an internal error.
    static final int FAILED = -1;

    private final Responder responder;
    private final Failures failures;
    private final MemorySegment request;
    private final MemorySegment response;
    private final ByteBuffer requestOctets;
    private final ByteBuffer responseOctets;
    private final Client client = new Client();

    Worker(Responder responder, Failures failures) {
        this.responder = responder;
        this.failures = failures;
        Arena arena = Arena.ofAuto();
        request = arena.allocate(MESSAGE_OCTETS_MAX);
        response = arena.allocate(MESSAGE_OCTETS_MAX);
        requestOctets = request.asByteBuffer();
        responseOctets = response.asByteBuffer();
    }

    /// Returns the client of the next request over TCP or TLS.
    ///
    /// @param idleTimeout as for {@link Client#tcp}
    /// @param tls as for {@link Client#tls}; null for plain TCP
    Client client(InetAddress address, long idleTimeout, @Nullable TlsClient tls) {
        address(address, client);
        return tls == null ? client.tcp(idleTimeout) : client.tls(tls, idleTimeout);
    }

    /// Sets the address of a client.
    static void address(InetAddress address, Client client) {
        if (address instanceof Inet6Address) {
            ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
            client.ipv6(octets.getLong(), octets.getLong());
        } else {
            // The hash code of an Inet4Address is specified to be the address; it needs no copy.
            client.ipv4(address.hashCode());
        }
    }

    /// Answers a batch of datagrams and counts the faults. The event loop may be idle afterwards.
    void answer(RequestBatch batch) {
        try {
            responder.respond(batch);
        } catch (RuntimeException | AssertionError fault) {
            failures.count(fault);
        }
    }

    /// Answers the message at the buffer's reader index and does not move the index.
    ///
    /// @param length length of the message in octets
    /// @param from this worker's {@link #client}; this method sets the time
    /// @return length of the response, to be read by {@link #writeReply}; 0 for no response, or
    ///   {@link #stream} or {@link #later} has it; {@link #FAILED} after an internal error
    int answer(ByteBuf message, int length, Client from) {
        long startNanos = System.nanoTime();
        message.getBytes(message.readerIndex(), requestOctets.clear().limit(length));
        from.at(System.currentTimeMillis() / 1_000);
        int replyLength;
        try {
            replyLength = responder.respond(request, length, response, from);
        } catch (RuntimeException | AssertionError fault) {
            failures.count(fault);
            return FAILED;
        }
        responder.counters().responseTime(System.nanoTime() - startNanos);
        return replyLength;
    }

    /// Returns the messages that answer the last request over TCP; null if it was not answered so.
    @Nullable ResponseStream stream() {
        return responder.exchange().stream();
    }

    /// Returns the response to the last request over TCP that comes later; null if there is none.
    @Nullable CompletableFuture<byte[]> later() {
        return responder.exchange().later();
    }

    /// Appends the last response to a buffer.
    void writeReply(int length, ByteBuf into) {
        into.writeBytes(responseOctets.clear().limit(length));
    }

    WorkerCounters counters() {
        return responder.counters();
    }
}
