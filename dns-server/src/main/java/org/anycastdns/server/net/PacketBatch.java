package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.anycastdns.server.serve.Exchange;
import org.anycastdns.server.serve.RequestBatch;
import org.anycastdns.server.serve.Responder;

/// The datagrams that an event loop reads from a socket at a time, as requests for the responder.
///
/// Messages are copied in and out of Netty's buffers of any kind. The responder thus sees one kind
/// of memory, which keeps its accesses monomorphic.
final class PacketBatch implements RequestBatch {

    /// The most datagrams of a batch: as many as the responder looks up together.
    private static final int BATCH = Responder.WINDOW;

    /// Room for a response: the size of an Ethernet frame, which is more than a responder sends by
    /// UDP.
    private static final int REPLY_OCTETS_MAX = 1_472;

    private final Exchange[] exchanges = new Exchange[BATCH];
    private final MemorySegment[] requests = new MemorySegment[BATCH];
    private final ByteBuffer[] requestOctets = new ByteBuffer[BATCH];
    private final ByteBuffer[] responseOctets = new ByteBuffer[BATCH];
    private final InetSocketAddress[] senders = new InetSocketAddress[BATCH];
    private int size;

    PacketBatch() {
        Arena arena = Arena.ofAuto();
        for (int i = 0; i < BATCH; i++) {
            requests[i] = arena.allocate(Engine.DATAGRAM_OCTETS_MAX);
            requestOctets[i] = requests[i].asByteBuffer();
            MemorySegment response = arena.allocate(REPLY_OCTETS_MAX);
            responseOctets[i] = response.asByteBuffer();
            exchanges[i] = new Exchange(response);
            exchanges[i].client().udp();
        }
    }

    /// Copies a datagram into the batch, which must not be full. Octets that do not fit are cut
    /// off.
    void add(DatagramPacket packet, long epochSeconds) {
        ByteBuf content = packet.content();
        int length = Math.min(content.readableBytes(), Engine.DATAGRAM_OCTETS_MAX);
        content.getBytes(content.readerIndex(), requestOctets[size].clear().limit(length));
        Exchange exchange = exchanges[size];
        exchange.begin(requests[size], length);
        Worker.address(packet.sender().getAddress(), exchange.client().at(epochSeconds));
        senders[size] = packet.sender();
        size++;
    }

    boolean isFull() {
        return size == BATCH;
    }

    /// Makes room for the next batch.
    void clear() {
        size = 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Exchange take(int index) {
        return exchanges[index];
    }

    /// Returns the address that a datagram came from.
    InetSocketAddress sender(int index) {
        return senders[index];
    }

    /// Returns the octets of a response, ready to be read.
    ByteBuffer response(int index) {
        return responseOctets[index].clear().limit(exchanges[index].responseLength());
    }
}
