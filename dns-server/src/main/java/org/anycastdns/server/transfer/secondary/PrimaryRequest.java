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
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.Requester;
import org.anycastdns.server.transfer.RequesterAction;
import org.anycastdns.server.transfer.RequesterEvent;
import org.anycastdns.server.transfer.TransferFailure;
import org.anycastdns.server.transfer.TransferResult;
import org.jspecify.annotations.Nullable;

/// One request to a primary: the sockets of a {@link Requester}. Its event loop owns it.
///
/// The source ports are chosen by the system at random, and the sockets are connected, so that only
/// the primary's address can answer.
final class PrimaryRequest {

    /// The longest wait for a connection: a primary on the other side of the world needs less than
    /// a second, and one lost SYN costs one more.
    private static final int CONNECT_MILLIS = 5_000;

    private static final int LENGTH_OCTETS = 2;
    private static final int MESSAGE_OCTETS_MAX = 65_535;

    private final EventLoop loop;
    private final Primary primary;
    private final Requester requester;
    private final Supplier<Moment> clock;
    private final Consumer<TransferResult> done;
    private final Queue<byte[]> unsent = new ArrayDeque<>();
    private @Nullable Channel datagrams;
    private @Nullable ChannelFuture stream;
    private boolean watched;
    private boolean ended;

    PrimaryRequest(
            EventLoop loop,
            Primary primary,
            Requester requester,
            Supplier<Moment> clock,
            Consumer<TransferResult> done) {
        this.loop = loop;
        this.primary = primary;
        this.requester = requester;
        this.clock = clock;
        this.done = done;
    }

    /// Starts; any thread may call it, once.
    void begin() {
        loop.execute(() -> contain(() -> carryOut(requester.begin(clock.get()))));
    }

    private void on(RequesterEvent event) {
        contain(() -> {
            if (!ended) {
                carryOut(requester.on(event, clock.get()));
            }
        });
    }

    /// Runs a step. An internal error ends this request alone.
    private void contain(Runnable step) {
        LongLived.contain(
                "transfer-io",
                () -> {
                    try {
                        step.run();
                    } catch (RuntimeException fault) {
                        end(
                                new TransferResult.Failed(
                                        TransferFailure.PROTOCOL,
                                        "internal error (%s); please report this"
                                                .formatted(fault)));
                        throw fault;
                    }
                });
    }

    private void carryOut(RequesterAction action) {
        switch (action) {
            case RequesterAction.Wait() -> {}
            case RequesterAction.SendDatagram(byte[] message) -> sendDatagram(message);
            case RequesterAction.SendMessage(byte[] message) -> sendMessage(message);
            case RequesterAction.Finish(TransferResult result) -> end(result);
        }
        watch();
    }

    /// Makes sure that the deadline is told. One timer is enough: when it ends early, because the
    /// deadline has moved meanwhile, it starts again.
    private void watch() {
        if (ended || watched) {
            return;
        }
        watched = true;
        long wait = Math.max(1, requester.deadlineMillis() - clock.get().millis());
        var _ =
                loop.schedule(
                        () -> {
                            watched = false;
                            on(new RequesterEvent.Deadline());
                        },
                        wait,
                        TimeUnit.MILLISECONDS);
    }

    private void sendDatagram(byte[] message) {
        Channel open = datagrams;
        if (open != null) {
            write(open, message);
            return;
        }
        ChannelFuture connected =
                new Bootstrap()
                        .group(loop)
                        .channel(NioDatagramChannel.class)
                        .handler(new DatagramEvents())
                        .connect(primary.address());
        datagrams = connected.channel();
        var _ =
                connected.addListener(_ -> {
                    // Without a socket, the request goes on as if the datagram were lost.
                    if (connected.isSuccess()) {
                        write(connected.channel(), message);
                    }
                });
    }

    private void sendMessage(byte[] message) {
        unsent.add(message);
        ChannelFuture before = stream;
        if (before != null) {
            flush(before);
            return;
        }
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        new LengthFieldBasedFrameDecoder(
                                                                LENGTH_OCTETS + MESSAGE_OCTETS_MAX,
                                                                0,
                                                                LENGTH_OCTETS,
                                                                0,
                                                                LENGTH_OCTETS),
                                                        new StreamEvents());
                                    }
                                })
                        .connect(primary.address());
        stream = connecting;
        var _ =
                connecting.addListener(_ -> {
                    if (connecting.isSuccess()) {
                        flush(connecting);
                    } else {
                        on(new RequesterEvent.Closed(reason(connecting.cause())));
                    }
                });
    }

    private void flush(ChannelFuture connected) {
        if (!connected.isSuccess()) {
            return;
        }
        for (byte[] message = unsent.poll(); message != null; message = unsent.poll()) {
            ByteBuf framed = connected.channel().alloc().buffer(LENGTH_OCTETS + message.length);
            framed.writeShort(message.length).writeBytes(message);
            var _ = connected.channel().writeAndFlush(framed);
        }
    }

    private static void write(Channel channel, byte[] message) {
        ByteBuf copy = channel.alloc().buffer(message.length).writeBytes(message);
        var _ = channel.writeAndFlush(copy);
    }

    private void end(TransferResult result) {
        if (ended) {
            return;
        }
        ended = true;
        Channel open = datagrams;
        if (open != null) {
            var _ = open.close();
        }
        ChannelFuture connection = stream;
        if (connection != null) {
            var _ = connection.channel().close();
        }
        done.accept(result);
    }

    /// Returns why there is no connection, such as "Connection refused".
    private static String reason(@Nullable Throwable cause) {
        String text = cause == null ? "" : String.valueOf(cause.getMessage());
        // The address follows, which the log line has anyway.
        int address = text.indexOf(": ");
        return "no connection: " + (address > 0 ? text.substring(0, address) : text);
    }

    private final class DatagramEvents extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            on(new RequesterEvent.Datagram(ByteBufUtil.getBytes(packet.content())));
        }

        /// An ICMP error may be forged, so it changes nothing.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
    }

    private final class StreamEvents extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            on(new RequesterEvent.StreamMessage(ByteBufUtil.getBytes(message)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            on(new RequesterEvent.Closed("the primary closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            on(new RequesterEvent.Closed("the connection broke: " + cause.getMessage()));
            var _ = context.close();
        }
    }
}
