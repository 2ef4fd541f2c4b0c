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
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.ResponseStream;
import org.anycastdns.server.serve.TlsClient;
import org.jspecify.annotations.Nullable;

/// A connection over TCP (RFC 7766) or TLS (RFC 7858): requests with length prefixes in, responses
/// in the same order out. Responses of many messages, such as zone transfers, are sent when no
/// request waits, so that a query is not stuck behind them.
///
/// ```
///   +--+--+--+--+--+--+ ...
///   |  LENGTH   | message of that many octets (RFC 1035 section 4.2.2)
///   +--+--+--+--+--+--+ ...
/// ```
///
/// Memory is bounded: while the client does not read its responses, no further request is read or
/// answered, and no message of a transfer is made. Time is bounded by one rule, the idle timeout
/// since the last complete request, or since the system took the last message of a transfer. It
/// covers clients that are silent, that send slowly and that do not read.
final class TcpConnection extends ChannelInboundHandlerAdapter {

    private static final int LENGTH_OCTETS = 2;

    /// Length of the shortest message. A shorter one has no header and thus no ID to respond to
    /// (RFC 1035 section 4.1.1).
    private static final int MESSAGE_OCTETS_MIN = 12;

    /// The least idle timeout during a transfer: a secondary may pause for its disk.
    private static final long TRANSFER_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Channel channel;
    private final Worker worker;
    private final TcpConnections connections;
    private final Failures failures;
    private final InetAddress address;
    private final ClientNetwork client;
    private final Duration idle;
    private final @Nullable TlsClient tls;

    // Octets not answered yet: the beginning of a message, or several messages while responses are
    // unread.
    private @Nullable ByteBuf input;
    private volatile long lastRequestNanos = System.nanoTime();
    private final TcpStreams streams;
    private @Nullable Future<?> idleTimer;
    private TcpClose reason = TcpClose.CLIENT;
    private boolean paused;
    private boolean proceeding;
    private boolean inputEnded;
    private boolean ending;

    TcpConnection(Channel channel, Worker worker, TcpConnections connections, Failures failures) {
        this(channel, worker, connections, failures, connections.limits().idle(), null);
    }

    /// @param idle as {@link TcpLimits#idle}
    /// @param tls what the handshake showed of the client; null if there was none
    TcpConnection(
            Channel channel,
            Worker worker,
            TcpConnections connections,
            Failures failures,
            Duration idle,
            @Nullable TlsClient tls) {
        this.idle = idle;
        this.tls = tls;
        this.channel = channel;
        this.worker = worker;
        this.connections = connections;
        this.failures = failures;
        this.address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        this.client = ClientNetwork.of(address);
        this.streams = new TcpStreams(connections.streamThreads(), new StreamEvents());
    }

    private final class StreamEvents implements TcpStreams.Events {

        @Override
        public void sent() {
            lastRequestNanos = System.nanoTime();
        }

        @Override
        public void turned(ChannelHandlerContext context) {
            proceed(context);
            context.flush();
        }

        @Override
        public void failed(Throwable fault) {
            failures.count(fault);
            closeNow(TcpClose.FAILURE);
        }
    }

    /// Returns the client that owns this connection.
    ClientNetwork client() {
        return client;
    }

    /// Returns the time of the last complete request, of the last message of a transfer, or of the
    /// connection's start, by {@link System#nanoTime}.
    long lastRequestNanos() {
        return lastRequestNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin();
    }

    /// Starts to count the connection and its time. With TLS, the handshake ends before.
    void begin() {
        connections.add(this);
        checkIdle();
    }

    private void checkIdle() {
        long quietNanos = System.nanoTime() - lastRequestNanos;
        long idleNanos = idle.toNanos();
        long allowedNanos =
                streams.isEmpty() ? idleNanos : Math.max(idleNanos, TRANSFER_IDLE_NANOS);
        long leftNanos = allowedNanos - quietNanos;
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
        proceed(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    /// Answers requests, then sends messages of transfers, both while the client reads them.
    private void proceed(ChannelHandlerContext context) {
        // A flush may call this again through the event that the channel is writable.
        if (proceeding || ending) {
            return;
        }
        proceeding = true;
        boolean waited = paused;
        try {
            paused = false;
            answerAll(context);
            if (!ending) {
                streams.send(context);
            }
        } catch (RuntimeException | AssertionError fault) {
            failures.count(fault);
            closeNow(TcpClose.FAILURE);
        } finally {
            proceeding = false;
        }
        if (ending) {
            return;
        }
        // A turn of transfers, or a response that comes later, goes on by itself.
        boolean goesOn = paused && !streams.isFull();
        if (inputEnded && !paused && streams.isEmpty()) {
            finish(TcpClose.CLIENT);
        } else if (waited && !paused && !inputEnded) {
            channel.config().setAutoRead(true);
        }
        if (goesOn && channel.isWritable()) {
            // Other connections of the event loop have their turn first. A task that is not
            // scheduled would run before anything is read.
            var _ =
                    channel.eventLoop()
                            .schedule(LongLived.task(() -> goOn(context)), 0, TimeUnit.NANOSECONDS);
        }
    }

    /// Answers every complete request while the client reads the responses.
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
            if (streams.isFull() || !isReadByClient(context)) {
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

    /// Answers one request; returns false after an internal error.
    private boolean answer(ChannelHandlerContext context, ByteBuf octets, int length) {
        Client from = worker.client(address, idle.toMillis() / 100, tls);
        int replyLength = worker.answer(octets, length, from);
        lastRequestNanos = System.nanoTime();
        if (replyLength > 0) {
            ByteBuf reply = context.alloc().directBuffer(LENGTH_OCTETS + replyLength);
            reply.writeShort(replyLength);
            worker.writeReply(replyLength, reply);
            // Failures are reported to exceptionCaught.
            ChannelFuture _ = context.write(reply, context.voidPromise());
        }
        ResponseStream stream = replyLength == 0 ? worker.stream() : null;
        if (stream != null) {
            streams.add(context, stream);
        }
        CompletableFuture<byte[]> later = replyLength == 0 ? worker.later() : null;
        if (later != null) {
            streams.expect();
            var _ =
                    later.thenAccept(message ->
                            channel.eventLoop().execute(() -> arrived(context, message)));
        }
        return replyLength != Worker.FAILED;
    }

    private void arrived(ChannelHandlerContext context, byte[] message) {
        if (ending) {
            return;
        }
        lastRequestNanos = System.nanoTime();
        streams.arrived(context, message);
        proceed(context);
        context.flush();
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

    /// Continues once the client has read enough.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            goOn(context);
        }
    }

    private void goOn(ChannelHandlerContext context) {
        if (paused || !streams.isEmpty()) {
            proceed(context);
            context.flush();
        }
    }

    /// Handles the end of the client's input. The client may still wait for responses (RFC 7766
    /// section 6.2.4).
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean closeNotify = event instanceof SslCloseCompletionEvent end && end.isSuccess();
        if (closeNotify || event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!paused && streams.isEmpty()) {
                finish(TcpClose.CLIENT);
            }
        }
    }

    /// Sends the responses that are already written, then closes the connection.
    private void finish(TcpClose why) {
        if (ending) {
            return;
        }
        ending = true;
        reason = why;
        release();
        streams.close();
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

    /// Closes the connection; may be called from any thread. At shutdown the client still gets the
    /// responses that are already written.
    void close(TcpClose why) {
        if (why == TcpClose.SHUTDOWN) {
            channel.eventLoop().execute(() -> finish(why));
        } else {
            channel.eventLoop().execute(() -> closeNow(why));
        }
    }

    /// Waits until the connection has ended, or until the time has passed.
    void awaitEnd(long nanos) {
        boolean _ = channel.closeFuture().awaitUninterruptibly(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        release();
        streams.close();
        connections.remove(this, reason);
    }

    /// Treats a broken connection as a reset by the client, octets that are no TLS as malformed,
    /// and anything else as an internal error.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            closeNow(TcpClose.RESET);
        } else if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            closeNow(TcpClose.MALFORMED);
        } else {
            failures.count(cause);
            closeNow(TcpClose.FAILURE);
        }
    }
}
