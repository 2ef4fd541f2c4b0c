package org.anycastdns.server.transfer.secondary;

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
import java.util.Queue;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/// A connection to a primary over TCP or TLS, which one request after the other uses. Its event
/// loop owns it.
final class PrimaryStream {

    /// The longest wait for a connection: a primary on the other side of the world needs less than
    /// a second, and one lost SYN costs one more.
    private static final int CONNECT_MILLIS = 5_000;

    /// The longest wait for a TLS handshake, which takes two more round trips and a signature.
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);

    private static final int LENGTH_OCTETS = 2;
    private static final int MESSAGE_OCTETS_MAX = 65_535;

    private final Channel channel;
    private final Dialed dialed;
    private final Queue<byte[]> unsent = new ArrayDeque<>();
    private @Nullable User user;
    private int uses = 1;
    private boolean opened;
    private boolean closed;

    /// Who uses the connection.
    interface User {

        /// A message came.
        void message(byte[] message);

        /// The connection has ended, or could not be made.
        void closed(String reason);
    }

    /// Is told once whether the connection could be made.
    @FunctionalInterface
    interface Dialed {
        void ended(boolean isOpen);
    }

    /// Begins to connect.
    PrimaryStream(EventLoop loop, Primary primary, User first, Dialed dialed) {
        this.user = first;
        this.dialed = dialed;
        PeerTls tls = primary.tls();
        SslHandler secured = tls == null ? null : tls.handler(primary.address(), HANDSHAKE);
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel made) {
                                        if (secured != null) {
                                            made.pipeline().addLast(secured);
                                        }
                                        made.pipeline().addLast(frames(), new Events());
                                    }
                                })
                        .connect(primary.address(), primary.local());
        channel = connecting.channel();
        var _ =
                connecting.addListener(_ -> {
                    if (!connecting.isSuccess()) {
                        fail(reason(connecting.cause()));
                    } else if (secured == null) {
                        open();
                    } else {
                        awaitHandshake(secured);
                    }
                });
    }

    private static LengthFieldBasedFrameDecoder frames() {
        return new LengthFieldBasedFrameDecoder(
                LENGTH_OCTETS + MESSAGE_OCTETS_MAX, 0, LENGTH_OCTETS, 0, LENGTH_OCTETS);
    }

    /// Sends nothing before the server has proved who it is, and that it speaks DNS over TLS. A
    /// failure ends the connection: plain TCP is never the next try.
    private void awaitHandshake(SslHandler secured) {
        var _ =
                secured.handshakeFuture()
                        .addListener(handshake -> {
                            String refusal =
                                    handshake.isSuccess()
                                            ? PeerTls.refusal(secured)
                                            : TlsFailure.words(handshake.cause());
                            if (refusal == null) {
                                open();
                            } else {
                                fail("no TLS: " + refusal);
                            }
                        });
    }

    private void open() {
        opened = true;
        dialed.ended(true);
        flush();
    }

    private void fail(String reason) {
        if (!opened && !closed) {
            dialed.ended(false);
        }
        end(reason);
    }

    /// Ends the connection, and tells who uses it.
    private void end(String reason) {
        User told = closed ? null : user;
        close();
        if (told != null) {
            told.closed(reason);
        }
    }

    /// Returns why there is no connection, such as "Connection refused".
    private static String reason(@Nullable Throwable cause) {
        String text = cause == null ? "" : String.valueOf(cause.getMessage());
        // The address follows, which the log line has anyway.
        int address = text.indexOf(": ");
        return "no connection: " + (address > 0 ? text.substring(0, address) : text);
    }

    /// Sends a message, as soon as the connection is made.
    void send(byte[] message) {
        unsent.add(message);
        flush();
    }

    private void flush() {
        if (!opened) {
            return;
        }
        for (byte[] message = unsent.poll(); message != null; message = unsent.poll()) {
            ByteBuf framed = channel.alloc().buffer(LENGTH_OCTETS + message.length);
            framed.writeShort(message.length).writeBytes(message);
            var _ = channel.writeAndFlush(framed);
        }
    }

    /// Gives the connection to the next request, or to nobody.
    void use(@Nullable User next) {
        user = next;
        uses += next == null ? 0 : 1;
    }

    /// Returns how many requests have used the connection.
    int uses() {
        return uses;
    }

    boolean isOpen() {
        return opened && !closed && channel.isActive();
    }

    /// Ends the connection; nobody is told.
    void close() {
        closed = true;
        user = null;
        var _ = channel.close();
    }

    private final class Events extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            User told = user;
            if (told == null) {
                // Nobody has asked for it.
                close();
            } else {
                told.message(ByteBufUtil.getBytes(message));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail("the primary closed the connection");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (opened) {
                end("the connection broke: " + cause.getMessage());
            }
        }
    }
}
