package org.anycastdns.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.anycastdns.server.serve.ResponseStream;
import org.jspecify.annotations.Nullable;

/// The responses of many messages that one TCP connection sends, such as zone transfers, and those
/// of one message that come later. They take turns, one message each (RFC 9103 section 6.2).
///
/// ```
///   event loop        the first message of a stream, which mostly is the only one
///     -> threads      a turn: the next few messages of all streams
///     -> event loop   written, when the client has read what came before
/// ```
///
/// The next turn begins only when the client has read the last one, so memory is bounded. Used by
/// the connection's event loop.
final class TcpStreams {

    /// Streams of one connection; further requests wait until one ends. It is enough for a
    /// secondary of many zones to have no gap between two of them.
    static final int STREAMS_MAX = 8;

    /// Messages of a turn: 64 KiB, which are written by one system call and take less than a
    /// millisecond.
    private static final int TURN_MESSAGES = 4;

    private final Executor threads;
    private final Events events;
    private final Queue<ResponseStream> open = new ArrayDeque<>();
    private int expected;
    private int away;
    private boolean closed;

    /// What happens to the streams of a connection.
    interface Events {

        /// The system has taken a message.
        void sent();

        /// A turn is written: the connection may go on.
        void turned(ChannelHandlerContext context);

        /// An internal error occurred.
        void failed(Throwable fault);
    }

    /// What a turn has made.
    ///
    /// @param going streams that have more messages
    /// @param ended streams that have not
    /// @param fault an internal error, or null
    private record Turn(
            List<byte[]> messages,
            List<ResponseStream> going,
            List<ResponseStream> ended,
            @Nullable Throwable fault) {}

    /// @param threads make messages; must not run a task before `execute` returns
    TcpStreams(Executor threads, Events events) {
        this.threads = threads;
        this.events = events;
    }

    /// Returns whether nothing is being sent or expected.
    boolean isEmpty() {
        return open.isEmpty() && away + expected == 0;
    }

    boolean isFull() {
        return open.size() + away + expected >= STREAMS_MAX;
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

    /// Adds a stream, and writes its first message.
    void add(ChannelHandlerContext context, ResponseStream stream) {
        open.add(stream);
        byte[] message = stream.next(epochSeconds());
        if (message != null) {
            write(context, message);
        }
    }

    private static long epochSeconds() {
        return System.currentTimeMillis() / 1_000;
    }

    /// Begins the next turn if the client reads.
    void send(ChannelHandlerContext context) {
        if (away > 0 || open.isEmpty() || !context.channel().isWritable()) {
            return;
        }
        List<ResponseStream> streams = new ArrayList<>();
        while (streams.size() < TURN_MESSAGES && !open.isEmpty()) {
            streams.add(open.remove());
        }
        away = streams.size();
        threads.execute(() -> {
            Turn turn = turn(streams);
            try {
                context.channel().eventLoop().execute(() -> turned(context, turn));
            } catch (RejectedExecutionException _) {
                // The event loops have ended.
                close(turn);
            }
        });
    }

    private static Turn turn(List<ResponseStream> streams) {
        Queue<ResponseStream> going = new ArrayDeque<>(streams);
        List<byte[]> messages = new ArrayList<>();
        List<ResponseStream> ended = new ArrayList<>();
        while (messages.size() < TURN_MESSAGES && !going.isEmpty()) {
            ResponseStream stream = going.remove();
            try {
                byte[] message = stream.next(epochSeconds());
                if (message == null) {
                    ended.add(stream);
                } else {
                    messages.add(message);
                    going.add(stream);
                }
            } catch (RuntimeException | AssertionError fault) {
                ended.add(stream);
                return new Turn(messages, List.copyOf(going), ended, fault);
            }
        }
        return new Turn(messages, List.copyOf(going), ended, null);
    }

    private void turned(ChannelHandlerContext context, Turn turn) {
        away = 0;
        Throwable fault = turn.fault();
        if (closed || fault != null) {
            close(turn);
        } else {
            open.addAll(turn.going());
            turn.messages().forEach(message -> write(context, message));
            turn.ended().forEach(ResponseStream::close);
            ChannelOutboundInvoker _ = context.flush();
        }
        if (closed) {
            return;
        }
        if (fault == null) {
            events.turned(context);
        } else {
            events.failed(fault);
        }
    }

    private static void close(Turn turn) {
        turn.going().forEach(ResponseStream::close);
        turn.ended().forEach(ResponseStream::close);
    }

    private void write(ChannelHandlerContext context, byte[] message) {
        ByteBuf framed = context.alloc().directBuffer(Short.BYTES + message.length);
        framed.writeShort(message.length).writeBytes(message);
        var _ =
                context.write(framed)
                        .addListener(written -> {
                            if (written.isSuccess()) {
                                events.sent();
                            } else {
                                var _ = context.close();
                            }
                        });
    }

    /// Ends all streams; one that is away when it comes back.
    void close() {
        closed = true;
        open.forEach(ResponseStream::close);
        open.clear();
    }
}
