package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.serve.Client;
import org.jspecify.annotations.Nullable;

/// One TCP connection (RFC 7766): requests with length prefixes in, answers in the same order out.
///
/// ```
///   +--+--+--+--+--+--+ ...
///   |  LENGTH   | message of that many octets (RFC 1035 section 4.2.2)
///   +--+--+--+--+--+--+ ...
/// ```
///
/// Memory is bounded: while the client does not read its answers, no further request is answered
/// and nothing more is read. Time is bounded by one rule, the idle time since the last complete
/// request, which covers the silent, the dribbling and the not reading client alike.
final class TcpConnection extends ChannelInboundHandlerAdapter {

    private static final int LENGTH_OCTETS = 2;

    /// A shorter message has no header, hence no ID to answer to (RFC 1035 section 4.1.1).
    private static final int MESSAGE_OCTETS_MIN = 12;

    private final Channel channel;
    private final Worker worker;
    private final TcpConnections connections;
    private final Failures failures;
    private final InetAddress address;
    private final long client;

    // Octets not answered yet: the beginning of a message, or several while answers are unread.
    private @Nullable ByteBuf input;
    private volatile long lastRequestNanos = System.nanoTime();
    private @Nullable Future<?> idleTimer;
    private TcpClose reason = TcpClose.CLIENT;
    private boolean paused;
    private boolean inputEnded;
    private boolean ending;

    TcpConnection(Channel channel, Worker worker, TcpConnections connections, Failures failures) {
        this.channel = channel;
        this.worker = worker;
        this.connections = connections;
        this.failures = failures;
        this.address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        this.client = TcpConnections.client(address);
    }

    /// Whose connection this is, see {@link TcpConnections#client}.
    long client() {
        return client;
    }

    /// When the last complete request came, or the connection started, by {@link System#nanoTime}.
    long lastRequestNanos() {
        return lastRequestNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connections.add(this);
        checkIdle();
    }

    private void checkIdle() {
        long quietNanos = System.nanoTime() - lastRequestNanos;
        long leftNanos = connections.limits().idle().toNanos() - quietNanos;
        if (leftNanos <= 0) {
            closeNow(TcpClose.IDLE);
        } else {
            idleTimer =
                    channel.eventLoop()
                            .schedule(
                                    LongLived.task(this::checkIdle),
                                    leftNanos,
                                    TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        if (ending) {
            arrived.release();
            return;
        }
        ByteBuf before = input;
        input =
                before == null
                        ? arrived
                        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                                context.alloc(), before, arrived);
        answerAll(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    /// Answers every complete request, as long as the client reads.
    private void answerAll(ChannelHandlerContext context) {
        ByteBuf octets = input;
        while (octets != null && octets.readableBytes() >= LENGTH_OCTETS) {
            int length = octets.getUnsignedShort(octets.readerIndex());
            if (length < MESSAGE_OCTETS_MIN) {
                finish(TcpClose.MALFORMED);
                return;
            }
            if (octets.readableBytes() < LENGTH_OCTETS + length) {
                break;
            }
            if (!isReadByClient(context)) {
                pause();
                return;
            }
            octets.skipBytes(LENGTH_OCTETS);
            if (!answer(context, octets, length)) {
                finish(TcpClose.FAILURE);
                return;
            }
            octets.skipBytes(length);
        }
        keepRest();
        if (inputEnded) {
            finish(TcpClose.CLIENT);
        }
    }

    private static boolean isReadByClient(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.flush();
        }
        return context.channel().isWritable();
    }

    private void pause() {
        paused = true;
        channel.config().setAutoRead(false);
    }

    /// Answers one request; false after a fault of ours.
    private boolean answer(ChannelHandlerContext context, ByteBuf octets, int length) {
        Client from = worker.client(address).tcp(connections.limits().idle().toMillis() / 100);
        int replyLength = worker.answer(octets, length, from);
        lastRequestNanos = System.nanoTime();
        if (replyLength > 0) {
            ByteBuf reply = context.alloc().directBuffer(LENGTH_OCTETS + replyLength);
            reply.writeShort(replyLength);
            worker.writeReply(replyLength, reply);
            // A failure goes to exceptionCaught.
            ChannelFuture _ = context.write(reply, context.voidPromise());
        }
        return replyLength != Worker.FAILED;
    }

    private void keepRest() {
        ByteBuf octets = input;
        if (octets != null && octets.isReadable()) {
            octets.discardSomeReadBytes();
        } else {
            release();
        }
    }

    private void release() {
        if (input != null) {
            input.release();
            input = null;
        }
    }

    /// The client has read enough: goes on where {@link #answerAll} had to stop.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!paused || ending || !channel.isWritable()) {
            return;
        }
        paused = false;
        answerAll(context);
        context.flush();
        if (!paused && !ending) {
            channel.config().setAutoRead(true);
        }
    }

    /// The client sends no more, but may wait for answers (RFC 7766 section 6.2.4).
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!paused) {
                finish(TcpClose.CLIENT);
            }
        }
    }

    /// Sends the answers that are written and closes then.
    private void finish(TcpClose why) {
        if (ending) {
            return;
        }
        ending = true;
        reason = why;
        release();
        channel.config().setAutoRead(false);
        ChannelFuture _ =
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(ChannelFutureListener.CLOSE);
    }

    private void closeNow(TcpClose why) {
        if (!ending) {
            ending = true;
            reason = why;
        }
        ChannelFuture _ = channel.close();
    }

    /// Closes the connection from any thread; at shutdown the client still gets what is written.
    void close(TcpClose why) {
        if (why == TcpClose.SHUTDOWN) {
            channel.eventLoop().execute(() -> finish(why));
        } else {
            channel.eventLoop().execute(() -> closeNow(why));
        }
    }

    /// Waits until the connection has ended, or for a time.
    void awaitEnd(long nanos) {
        boolean _ = channel.closeFuture().awaitUninterruptibly(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        release();
        connections.remove(this, reason);
    }

    /// Broken connections are the client's business; anything else is a fault of ours.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            closeNow(TcpClose.RESET);
        } else {
            failures.count(cause);
            closeNow(TcpClose.FAILURE);
        }
    }
}
