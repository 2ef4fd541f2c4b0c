package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
import java.util.ArrayDeque;
import java.util.Queue;
import org.anycastdns.server.serve.ResponseStream;

/// The responses of many messages that one TCP connection sends, such as zone transfers, and those
/// of one message that come later. They take turns, one message each (RFC 9103 section 6.2). A
/// message is made only when the client has read what came before, so memory is bounded. Used by
/// the connection's event loop.
final class TcpStreams {

    /// Streams of one connection; further requests wait until one ends. It is enough for a
    /// secondary of many zones to have no gap between two of them.
    static final int STREAMS_MAX = 8;

    /// Messages that are sent before other connections of the event loop get their turn: 64 KiB,
    /// which take less than a millisecond.
    private static final int TURN_MESSAGES = 4;

    private final Queue<ResponseStream> open = new ArrayDeque<>();
    private final Runnable sent;
    private int expected;

    /// @param sent is told when the system has taken a message
    TcpStreams(Runnable sent) {
        this.sent = sent;
    }

    /// Returns whether nothing is being sent or expected.
    boolean isEmpty() {
        return open.isEmpty() && expected == 0;
    }

    boolean isFull() {
        return open.size() + expected >= STREAMS_MAX;
    }

    /// Returns whether there is something to send.
    boolean haveMessages() {
        return !open.isEmpty();
    }

    /// Notes that a response of one message comes later.
    void expect() {
        expected++;
    }

    /// Sends a response that was expected.
    ///
    /// @param message no octets for no response
    void arrived(ChannelHandlerContext context, byte[] message) {
        expected--;
        if (message.length > 0) {
            write(context, message);
        }
    }

    void add(ResponseStream stream) {
        open.add(stream);
    }

    /// Sends messages while the client reads them, at most some.
    void send(ChannelHandlerContext context) {
        if (open.isEmpty()) {
            return;
        }
        int count = 0;
        while (!open.isEmpty() && context.channel().isWritable() && count < TURN_MESSAGES) {
            ResponseStream stream = open.peek();
            byte[] message = stream.next(System.currentTimeMillis() / 1_000);
            open.remove();
            if (message == null) {
                stream.close();
            } else {
                open.add(stream);
                write(context, message);
                count++;
            }
        }
        ChannelOutboundInvoker _ = context.flush();
    }

    private void write(ChannelHandlerContext context, byte[] message) {
        ByteBuf framed = context.alloc().directBuffer(Short.BYTES + message.length);
        framed.writeShort(message.length).writeBytes(message);
        var _ =
                context.write(framed)
                        .addListener(written -> {
                            if (written.isSuccess()) {
                                sent.run();
                            } else {
                                var _ = context.close();
                            }
                        });
    }

    /// Ends all streams.
    void close() {
        open.forEach(ResponseStream::close);
        open.clear();
    }
}
