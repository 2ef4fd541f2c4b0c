package org.anycastdns.server.transfer.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.tls.TlsFailure;
import org.anycastdns.server.transfer.secondary.Primary;
import org.anycastdns.server.transfer.update.UpdateForward;
import org.jspecify.annotations.Nullable;

/// One UPDATE on its way: the primaries are asked one after the other, each over a connection of
/// its own, until one answers. A primary that has taken the update, but whose response is lost,
/// knows a repeat by its signature. Its event loop owns it.
final class ForwardedUpdate {

    /// How long one primary may take, with its connection. Clients send again after three seconds
    /// over UDP; a primary answers within milliseconds.
    private static final long PRIMARY_MILLIS = 3_000;

    private static final int LENGTH_OCTETS = 2;
    private static final int MESSAGE_OCTETS_MAX = 65_535;

    private final EventLoop loop;
    private final UpdateForward forward;
    private final byte[] request;
    private final Queue<Primary> left;
    private final BiConsumer<Primary, String> failed;
    private final Consumer<byte @Nullable []> done;

    /// @param request the message of the client
    /// @param primaries who are asked, in this order
    /// @param failed is told why one of them did not answer
    /// @param done gets the response for the client, once; null if none answered
    ForwardedUpdate(
            EventLoop loop,
            UpdateForward forward,
            byte[] request,
            List<Primary> primaries,
            BiConsumer<Primary, String> failed,
            Consumer<byte @Nullable []> done) {
        this.loop = loop;
        this.forward = forward;
        this.request = forward.request(request);
        this.left = new ArrayDeque<>(primaries);
        this.failed = failed;
        this.done = done;
    }

    /// Starts; any thread may call it, once.
    void begin() {
        loop.execute(this::next);
    }

    /// Asks the next primary. An internal error ends this update alone.
    private void next() {
        Primary primary = left.poll();
        if (primary == null) {
            done.accept(null);
            return;
        }
        Attempt attempt = new Attempt(primary);
        try {
            attempt.begin();
        } catch (RuntimeException fault) {
            attempt.end("internal error (%s); please report this".formatted(fault));
        }
    }

    /// A connection to one primary.
    private final class Attempt extends SimpleChannelInboundHandler<ByteBuf> {

        private final Primary primary;
        private @Nullable Channel channel;
        private @Nullable Future<?> deadline;
        private boolean ended;

        Attempt(Primary primary) {
            this.primary = primary;
        }

        void begin() {
            PeerTls tls = primary.tls();
            SslHandler secured =
                    tls == null
                            ? null
                            : tls.handler(primary.address(), Duration.ofMillis(PRIMARY_MILLIS));
            ChannelFuture connecting =
                    new Bootstrap()
                            .group(loop)
                            .channel(NioSocketChannel.class)
                            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) PRIMARY_MILLIS)
                            .option(ChannelOption.TCP_NODELAY, true)
                            .handler(new Pipeline(secured, this))
                            .connect(primary.address());
            channel = connecting.channel();
            deadline =
                    loop.schedule(
                            LongLived.task(() ->
                                    end("no response within %d ms".formatted(PRIMARY_MILLIS))),
                            PRIMARY_MILLIS,
                            TimeUnit.MILLISECONDS);
            var _ =
                    connecting.addListener(_ -> {
                        if (!connecting.isSuccess()) {
                            end("no connection: " + connecting.cause().getMessage());
                        } else if (secured == null) {
                            send();
                        } else {
                            awaitHandshake(secured);
                        }
                    });
        }

        /// Sends nothing before the primary has proved who it is.
        private void awaitHandshake(SslHandler secured) {
            var _ =
                    secured.handshakeFuture()
                            .addListener(handshake -> {
                                String refusal =
                                        handshake.isSuccess()
                                                ? PeerTls.refusal(secured)
                                                : TlsFailure.words(handshake.cause());
                                if (refusal == null) {
                                    send();
                                } else {
                                    end("no TLS: " + refusal);
                                }
                            });
        }

        private void send() {
            Channel open = channel;
            if (open != null && !ended) {
                ByteBuf framed = open.alloc().buffer(LENGTH_OCTETS + request.length);
                framed.writeShort(request.length).writeBytes(request);
                var _ = open.writeAndFlush(framed);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            byte[] response = forward.response(ByteBufUtil.getBytes(message));
            if (response != null && !ended) {
                ended = true;
                close();
                done.accept(response);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end("the connection ended without a response");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end(String.valueOf(cause.getMessage()));
        }

        /// Gives up, and asks the next primary.
        void end(String reason) {
            if (!ended) {
                ended = true;
                close();
                failed.accept(primary, reason);
                next();
            }
        }

        private void close() {
            Future<?> pending = deadline;
            if (pending != null) {
                boolean _ = pending.cancel(false);
            }
            Channel open = channel;
            if (open != null) {
                var _ = open.close();
            }
        }
    }

    /// Frames, below them TLS if there is any.
    private static final class Pipeline extends ChannelInitializer<Channel> {

        private final @Nullable SslHandler secured;
        private final Attempt attempt;

        Pipeline(@Nullable SslHandler secured, Attempt attempt) {
            this.secured = secured;
            this.attempt = attempt;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (secured != null) {
                channel.pipeline().addLast(secured);
            }
            channel.pipeline()
                    .addLast(
                            new LengthFieldBasedFrameDecoder(
                                    LENGTH_OCTETS + MESSAGE_OCTETS_MAX,
                                    0,
                                    LENGTH_OCTETS,
                                    0,
                                    LENGTH_OCTETS),
                            attempt);
        }
    }
}
