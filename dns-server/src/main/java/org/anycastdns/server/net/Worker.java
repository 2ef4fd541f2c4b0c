package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.Tally;

/// One event loop's responder with its scratch memory; used by that loop's thread alone.
///
/// Messages are copied in and out, whatever buffer Netty has them in: the responder then sees one
/// kind of memory only, which keeps its accesses monomorphic.
final class Worker {

    /// The largest message (RFC 1035 section 4.2.2), in octets.
    static final int MESSAGE_OCTETS_MAX = 0xffff;

    /// Result of {@link #answer} when the responder failed.
    static final int FAILED = -1;

    private final Responder responder;
    private final Failures failures;
    private final MemorySegment request;
    private final MemorySegment response;
    private final ByteBuffer requestOctets;
    private final ByteBuffer responseOctets;
    private final Client client = new Client();
    private boolean inBatch;

    Worker(Responder responder, Failures failures) {
        this.responder = responder;
        this.failures = failures;
        Arena arena = Arena.ofAuto();
        request = arena.allocate(MESSAGE_OCTETS_MAX);
        response = arena.allocate(MESSAGE_OCTETS_MAX);
        requestOctets = request.asByteBuffer();
        responseOctets = response.asByteBuffer();
    }

    /// The client of the next request, to be filled in; the time is added here.
    Client client(InetAddress address) {
        if (address instanceof Inet6Address) {
            ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
            return client.ipv6(octets.getLong(), octets.getLong());
        }
        // Of an Inet4Address the hash code is the address itself (specified), without a copy.
        return client.ipv4(address.hashCode());
    }

    /// Begins a batch: what is answered until {@link #endBatch} is answered from the same zones.
    void beginBatch() {
        if (!inBatch) {
            inBatch = true;
            responder.beginBatch();
        }
    }

    /// Ends the batch, if one has begun; the loop may be idle from now on.
    void endBatch() {
        if (inBatch) {
            inBatch = false;
            responder.endBatch();
        }
    }

    /// Answers the message at the buffer's reader index, which stays where it is.
    ///
    /// @param length octets of the message
    /// @param from this worker's {@link #client}
    /// @return octets of the reply, to be fetched by {@link #writeReply}; 0 for none; {@link
    ///   #FAILED} when a fault of ours got in the way
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
        responder.tally().responseTime(System.nanoTime() - startNanos);
        return replyLength;
    }

    /// Appends the last reply.
    void writeReply(int length, ByteBuf into) {
        into.writeBytes(responseOctets.clear().limit(length));
    }

    Tally tally() {
        return responder.tally();
    }
}
