package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.SourcePort;

/// Answers the datagrams of one socket; replies leave together when the batch is read.
final class UdpHandler extends SimpleChannelInboundHandler<DatagramPacket> {

    private static final int BROADCAST = 0xffffffff;

    private final Worker worker;
    private final Datagrams.Counts counts;

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
        ByteBuf message = request.content();
        Client from = worker.client(client.getAddress()).udp();
        worker.beginBatch();
        int length = worker.answer(message, message.readableBytes(), from);
        if (length <= 0) {
            return;
        }
        if (!context.channel().isWritable()) {
            context.flush();
            // Clients repeat their question; a queue would only make every answer late.
            if (!context.channel().isWritable()) {
                counts.unsent().increment();
                return;
            }
        }
        ByteBuf reply = context.alloc().directBuffer(length);
        worker.writeReply(length, reply);
        // A failure goes to exceptionCaught.
        ChannelFuture _ = context.write(new DatagramPacket(reply, client), context.voidPromise());
    }

    /// Whether the source is one host's: port 0 cannot be asked from, and a forged broadcast or
    /// multicast source would multiply our reply.
    private static boolean isUnicast(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        return client.getPort() != 0
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress()
                && !isBroadcast(address);
    }

    private static boolean isBroadcast(InetAddress address) {
        // Of an Inet4Address the hash code is the address itself (specified), without a copy.
        return address instanceof java.net.Inet4Address && address.hashCode() == BROADCAST;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        worker.endBatch();
        context.flush();
    }

    /// A reply that could not be sent (network unreachable, forbidden by a filter) comes here too.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            counts.unsent().increment();
        } else {
            counts.failures().count(cause);
        }
    }
}
