package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.serve.Exchange;
import org.anycastdns.server.serve.SourcePort;

/// Answers the datagrams of one socket in batches. A batch ends when it is full or when no more
/// datagrams are there to read; the responses are sent together.
final class UdpHandler extends SimpleChannelInboundHandler<DatagramPacket> {

    private static final int BROADCAST = 0xffffffff;

    private final Worker worker;
    private final Datagrams.Counts counts;
    private final PacketBatch batch = new PacketBatch();
    private long startNanos;

    UdpHandler(Worker worker, Datagrams.Counts counts) {
        this.worker = worker;
        this.counts = counts;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket request) {
        InetSocketAddress client = request.sender();
        if (!isUnicast(client)) {
            counts.ignored().increment();
            return;
        }
        if (SourcePort.isOfTextService(client.getPort())) {
            counts.looping().increment();
            return;
        }
        if (batch.size() == 0) {
            startNanos = System.nanoTime();
        }
        batch.add(request, System.currentTimeMillis() / 1_000);
        if (batch.isFull()) {
            answer(context);
        }
    }

    private void answer(ChannelHandlerContext context) {
        worker.answer(batch);
        int replies = 0;
        for (int i = 0; i < batch.size(); i++) {
            Exchange exchange = batch.take(i);
            Throwable fault = exchange.fault();
            CompletableFuture<byte[]> later = exchange.later();
            if (exchange.responseLength() > 0) {
                send(context, i);
                replies++;
            } else if (later != null) {
                sendLater(context, later, batch.sender(i));
            } else if (fault != null) {
                counts.failures().count(fault);
            }
        }
        batch.clear();
        if (replies > 0) {
            worker.counters().responseTime(System.nanoTime() - startNanos, replies);
        }
    }

    private void sendLater(
            ChannelHandlerContext context,
            CompletableFuture<byte[]> later,
            InetSocketAddress client) {
        var _ =
                later.thenAccept(message -> {
                    if (message.length > 0) {
                        // Failures are reported to exceptionCaught.
                        ChannelFuture _ =
                                context.writeAndFlush(
                                        new DatagramPacket(Unpooled.wrappedBuffer(message), client),
                                        context.voidPromise());
                    }
                });
    }

    private void send(ChannelHandlerContext context, int index) {
        if (!context.channel().isWritable()) {
            context.flush();
            // Clients retry; a queue would only delay every response.
            if (!context.channel().isWritable()) {
                counts.unsent().increment();
                return;
            }
        }
        ByteBuf reply = context.alloc().directBuffer(batch.take(index).responseLength());
        reply.writeBytes(batch.response(index));
        // Failures are reported to exceptionCaught.
        ChannelFuture _ =
                context.write(
                        new DatagramPacket(reply, batch.sender(index)), context.voidPromise());
    }

    /// Returns whether the source is a single host. No client can send from port 0, and a response
    /// to a forged broadcast or multicast address would be multiplied.
    private static boolean isUnicast(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        return client.getPort() != 0
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress()
                && !isBroadcast(address);
    }

    private static boolean isBroadcast(InetAddress address) {
        // The hash code of an Inet4Address is specified to be the address; it needs no copy.
        return address instanceof java.net.Inet4Address && address.hashCode() == BROADCAST;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (batch.size() > 0) {
            answer(context);
        }
        context.flush();
    }

    /// Counts an error. Responses that could not be sent (network unreachable, blocked by a filter)
    /// are reported here too.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            counts.unsent().increment();
        } else {
            counts.failures().count(cause);
        }
    }
}
