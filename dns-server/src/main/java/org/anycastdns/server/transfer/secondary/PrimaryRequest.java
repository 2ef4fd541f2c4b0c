package org.anycastdns.server.transfer.secondary;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.Requester;
import org.anycastdns.server.transfer.RequesterAction;
import org.anycastdns.server.transfer.RequesterEvent;
import org.anycastdns.server.transfer.TcpKeepalive;
import org.anycastdns.server.transfer.TransferFailure;
import org.anycastdns.server.transfer.TransferResult;
import org.jspecify.annotations.Nullable;

/// One request to a primary: the sockets of a {@link Requester}. Its event loop owns it.
///
/// The source ports are chosen by the system at random, and the sockets are connected, so that only
/// the primary's address can answer.
final class PrimaryRequest implements PrimaryStream.User {

    /// How long a connection stays whose primary does not say: for the next zones of a round.
    private static final long UNTOLD_KEEP_MILLIS = 2_000;

    /// The longest time that a connection stays while it is idle: a secondary of few zones is not
    /// to hold it for hours.
    private static final long KEEP_MILLIS_MAX = 300_000;

    private final EventLoop loop;
    private final Primary primary;
    private final Requester requester;
    private final Supplier<Moment> clock;
    private final Consumer<TransferResult> done;
    private final @Nullable StandingStreams standing;
    private final List<byte[]> sent = new ArrayList<>();
    private @Nullable Channel datagrams;
    private @Nullable PrimaryStream stream;
    private long keepMillis;
    private boolean isReused;
    private boolean isAnswered;
    private boolean watched;
    private boolean ended;

    /// @param standing the connections of the primary; null to make one for this request
    PrimaryRequest(
            EventLoop loop,
            Primary primary,
            @Nullable StandingStreams standing,
            Requester requester,
            Supplier<Moment> clock,
            Consumer<TransferResult> done) {
        this.loop = loop;
        this.primary = primary;
        this.standing = standing;
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
                        .connect(primary.address(), primary.local());
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
        sent.add(message);
        PrimaryStream open = stream;
        if (open == null) {
            connect(false);
        } else {
            open.send(message);
        }
    }

    /// Takes a connection, and sends on it what was sent before.
    ///
    /// @param fresh whether it must be a new one
    private void connect(boolean fresh) {
        StandingStreams shared = standing;
        PrimaryStream taken =
                shared == null
                        ? new PrimaryStream(loop, primary, this, _ -> {})
                        : shared.take(this, fresh);
        stream = taken;
        if (taken == null) {
            loop.execute(() ->
                    on(
                            new RequesterEvent.Closed(
                                    "no connection: the last one could not be made, and the next"
                                            + " is tried soon")));
            return;
        }
        isReused = taken.uses() > 1;
        sent.forEach(taken::send);
    }

    @Override
    public void message(byte[] message) {
        if (!isAnswered) {
            isAnswered = true;
            keepMillis =
                    Math.min(
                            TcpKeepalive.idleMillis(message).orElse(UNTOLD_KEEP_MILLIS),
                            KEEP_MILLIS_MAX);
        }
        on(new RequesterEvent.StreamMessage(message));
    }

    /// A primary may end an idle connection while a request is on its way: it goes on another one
    /// (RFC 7766 section 6.2.4).
    @Override
    public void closed(String reason) {
        if (isReused && !isAnswered) {
            connect(true);
        } else {
            on(new RequesterEvent.Closed(reason));
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
        PrimaryStream connection = stream;
        if (connection != null) {
            leave(connection, result);
        }
        done.accept(result);
    }

    private void leave(PrimaryStream connection, TransferResult result) {
        StandingStreams shared = standing;
        boolean isClean =
                switch (result) {
                    case TransferResult.UpToDate _,
                            TransferResult.Behind _,
                            TransferResult.Changes _ ->
                            true;
                    // Messages of an IXFR that was given up may still come.
                    case TransferResult.Whole whole -> whole.ixfrRefused().isEmpty();
                    case TransferResult.Failed _ -> false;
                };
        if (shared == null || !isClean) {
            connection.close();
        } else {
            shared.leave(connection, keepMillis);
        }
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
}
