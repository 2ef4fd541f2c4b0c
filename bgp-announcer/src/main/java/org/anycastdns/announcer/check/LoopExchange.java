package org.anycastdns.announcer.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.transport.NetworkErrors;
import org.jspecify.annotations.Nullable;

/// Sends the queries of a round to a DNS server and waits for the responses, on the event loop of a
/// [CheckLoop]. As in an [Exchange], every round uses new sockets, and over UDP one for each query.
final class LoopExchange {

    /// The largest message, without its length (RFC 1035 section 4.2.2).
    private static final int MESSAGE_OCTETS_MAX = 0xffff;

    private final CheckLoop loop;
    private final InetSocketAddress server;
    private final Round round;
    private final long startNanos = System.nanoTime();
    private final Consumer<Outcome> done;
    private final List<Channel> channels = new ArrayList<>(1);
    private @Nullable Future<?> timer;
    private boolean ended;

    /// Creates an exchange that has not begun.
    ///
    /// @param done receives the outcome, once
    LoopExchange(CheckLoop loop, InetSocketAddress server, Round round, Consumer<Outcome> done) {
        this.loop = loop;
        this.server = server;
        this.round = round;
        this.done = done;
    }

    /// Sends the queries in datagrams.
    ///
    /// @param limitNanos the time limit for all responses
    void udp(long limitNanos) {
        limit(limitNanos);
        List<byte[]> requests = round.requests();
        for (int i = 0; i < requests.size() && !ended; i++) {
            ByteBuf datagram = Unpooled.wrappedBuffer(requests.get(i));
            int request = i;
            open(() -> loop.datagrams(server, new Datagrams(request)), datagram);
        }
    }

    /// Sends the queries on one connection.
    ///
    /// @param limitNanos the time limit for all responses
    void tcp(long limitNanos) {
        limit(limitNanos);
        ByteBuf stream = Unpooled.buffer();
        for (byte[] request : round.requests()) {
            stream.writeShort(request.length).writeBytes(request);
        }
        LengthFieldBasedFrameDecoder frames =
                new LengthFieldBasedFrameDecoder(
                        MESSAGE_OCTETS_MAX + Short.BYTES, 0, Short.BYTES, 0, Short.BYTES);
        open(() -> loop.connect(server, frames, new Messages()), stream);
    }

    private void limit(long nanos) {
        String why = "no answer within " + Duration.ofNanos(nanos).toMillis() + " ms";
        timer = loop.after(nanos, () -> end(round.unanswered(why)));
    }

    /// Opens a socket.
    interface Opening {
        ChannelFuture open();
    }

    private void open(Opening opening, ByteBuf request) {
        ChannelFuture attempt;
        try {
            attempt = opening.open();
        } catch (ChannelException e) {
            request.release();
            failed(e);
            return;
        }
        channels.add(attempt.channel());
        attempt.addListener(_ -> {
            if (ended || !attempt.isSuccess()) {
                request.release();
                failed(attempt.cause());
            } else {
                ChannelFuture sent = attempt.channel().writeAndFlush(request);
                sent.addListener(_ -> {
                    if (!sent.isSuccess()) {
                        failed(sent.cause());
                    }
                });
            }
        });
    }

    private void took() {
        if (!ended && round.done()) {
            end(round.outcome(System.nanoTime() - startNanos));
        }
    }

    private void failed(@Nullable Throwable cause) {
        if (!ended) {
            end(
                    cause instanceof PortUnreachableException || cause instanceof ConnectException
                            ? round.refused("nothing listens at " + Addresses.text(server))
                            : round.unanswered("cannot ask: " + NetworkErrors.text(cause)));
        }
    }

    private void end(Outcome outcome) {
        if (!ended) {
            cancel();
            done.accept(outcome);
        }
    }

    /// Ends the exchange without an outcome.
    void cancel() {
        ended = true;
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
        channels.forEach(loop::close);
    }

    /// Takes responses in datagrams, each on the socket of its query.
    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {

        private final int request;

        Datagrams(int request) {
            this.request = request;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            if (!ended) {
                round.replyTo(request, ByteBufUtil.getBytes(datagram.content()));
                took();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(cause);
        }
    }

    /// Takes responses from the connection.
    private final class Messages extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            if (!ended && !round.done()) {
                round.reply(ByteBufUtil.getBytes(message));
                took();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(round.unanswered("the connection was closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(cause);
        }
    }
}
