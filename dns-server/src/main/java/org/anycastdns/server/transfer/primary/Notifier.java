package org.anycastdns.server.transfer.primary;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.transfer.out.NotifyMessage;
import org.anycastdns.server.transfer.primary.PrimaryCounters.Notified;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigStream;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends NOTIFY to secondaries over UDP and receives their replies (RFC 1996). Everything happens
/// on one event loop.
final class Notifier {

    /// NOTIFYs that wait for a reply at most; others wait until there is room. The usual receive
    /// buffer of a socket has room for some 250 such datagrams, and a start with many zones sends
    /// all to the same few secondaries.
    static final int OPEN_MAX = 200;

    private static final int ID_BITS_MAX = 0xffff;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final EventLoop loop;
    private final PrimaryCounters counters;
    private final IntUnaryOperator random;
    private final LogLimiter<String> lines = new LogLimiter<>("notify");
    private final Map<Sent, Open> open = new HashMap<>();
    private final Map<Notification, Sent> last = new HashMap<>();
    private final Queue<Notification> waiting = new ArrayDeque<>();
    private final Map<Local, Channel> sockets = new HashMap<>();

    /// What a socket is bound to.
    ///
    /// @param source null for any address of the family
    private record Local(SocketProtocolFamily family, @Nullable InetAddress source) {}

    /// What a reply must match.
    private record Sent(InetSocketAddress to, int id) {}

    /// A NOTIFY that waits for its reply.
    ///
    /// @param requestMac the MAC of the request; empty if it is not signed
    private record Open(Notification notification, byte[] requestMac) {}

    /// @param random returns a number below its argument
    Notifier(EventLoop loop, PrimaryCounters counters, IntUnaryOperator random) {
        this.loop = loop;
        this.counters = counters;
        this.random = random;
    }

    static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /// Does what is due for a secondary, now or later.
    void schedule(Notification notification) {
        long due = notification.dueMillis();
        long wait = due - nowMillis();
        if (wait <= 0) {
            act(notification);
        } else if (due != Long.MAX_VALUE) {
            var _ =
                    loop.schedule(
                            LongLived.task(() -> act(notification)), wait, TimeUnit.MILLISECONDS);
        }
    }

    private void act(Notification notification) {
        if (notification.dueMillis() > nowMillis()) {
            // A newer version has moved it.
            return;
        }
        // An attempt that is still open has had its time.
        forget(notification);
        waiting.add(notification);
        carryOutWaiting();
    }

    private void forget(Notification notification) {
        Sent sent = last.remove(notification);
        if (sent != null) {
            open.remove(sent);
        }
    }

    private void carryOutWaiting() {
        while (open.size() < OPEN_MAX && !waiting.isEmpty()) {
            carryOut(waiting.remove());
        }
    }

    private void carryOut(Notification notification) {
        switch (notification.due(nowMillis())) {
            case NONE -> {}
            case SEND -> {
                send(notification);
                schedule(notification);
            }
            case GIVE_UP -> {
                counters.notified(Notified.SILENT);
                lines.log(
                        notification.toString(),
                        more ->
                                LOG.warn(
                                        "{} does not reply to NOTIFY ({} attempts): it finds the new version by"
                                                + " its own timers; check its address and its access list{}",
                                        notification,
                                        notification.status().attempts(),
                                        more));
            }
        }
    }

    private void send(Notification notification) {
        counters.notified(Notified.SENT);
        InetSocketAddress to = notification.nextAddress();
        Sent sent = new Sent(to, random.applyAsInt(ID_BITS_MAX + 1));
        while (open.containsKey(sent)) {
            sent = new Sent(to, random.applyAsInt(ID_BITS_MAX + 1));
        }
        byte[] message =
                NotifyMessage.request(sent.id(), Objects.requireNonNull(notification.soa()));
        byte[] mac = {};
        TsigKey key = notification.target().key();
        if (key != null) {
            TsigSigner signer = TsigSigner.request(key);
            message = signer.sign(message, message.length, System.currentTimeMillis() / 1_000);
            mac = signer.mac();
        }
        open.put(sent, new Open(notification, mac));
        last.put(notification, sent);
        Channel socket = socket(to, notification.target().source().apply(to));
        var _ = socket.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), to));
    }

    /// Returns the socket for an address. One that cannot be opened ends like a lost datagram, and
    /// the next attempt opens it again.
    private Channel socket(InetSocketAddress to, @Nullable InetAddress source) {
        SocketProtocolFamily family =
                to.getAddress() instanceof Inet6Address
                        ? SocketProtocolFamily.INET6
                        : SocketProtocolFamily.INET;
        Local local = new Local(family, source);
        Channel known = sockets.get(local);
        if (known != null) {
            return known;
        }
        ChannelFuture opening =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(() -> new NioDatagramChannel(family))
                        .handler(new Replies())
                        .bind(
                                source == null
                                        ? new InetSocketAddress(0)
                                        : new InetSocketAddress(source, 0));
        sockets.put(local, opening.channel());
        var _ =
                opening.addListener(_ -> {
                    if (!opening.isSuccess()) {
                        sockets.remove(local);
                        unopened(local, String.valueOf(opening.cause().getMessage()));
                    }
                });
        return opening.channel();
    }

    private void unopened(Local local, String reason) {
        lines.log(
                local.toString(),
                more ->
                        LOG.warn(
                                "NOTIFY cannot be sent from {} ({}): it must be an address of this"
                                        + " host; correct 'source' of the remote{}",
                                local.source() == null ? local.family() : local.source(),
                                reason,
                                more));
    }

    /// Receives replies.
    private final class Replies extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ByteBuf content = packet.content();
            byte[] octets = new byte[content.readableBytes()];
            content.readBytes(octets);
            replied(packet.sender(), octets);
        }

        /// An error of one datagram, such as an unreachable network, ends like a lost one.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("NOTIFY: {}", cause.toString());
        }
    }

    /// Takes any octets. Whatever is no reply to an open NOTIFY is ignored.
    private void replied(InetSocketAddress from, byte[] octets) {
        if (octets.length < Header.OCTETS || (octets[Header.FLAGS] & 0x80) == 0) {
            return;
        }
        int id = (octets[0] & 0xff) << Byte.SIZE | (octets[1] & 0xff);
        Open found = open.remove(new Sent(from, id));
        if (found == null) {
            return;
        }
        Notification notification = found.notification();
        last.remove(notification);
        int rcode = octets[Header.FLAGS + 1] & Header.OPCODE_MASK;
        String reply = Rcode.name(rcode) + fault(found, octets);
        notification.answered(reply);
        counters.notified(rcode == Rcode.NOERROR ? Notified.ACCEPTED : Notified.REFUSED);
        if (rcode == Rcode.NOERROR) {
            LOG.debug("{} has taken NOTIFY: {}", notification, reply);
        } else {
            lines.log(
                    notification.toString(),
                    more ->
                            LOG.warn(
                                    "{} answers NOTIFY with {}: check whether it has the zone, and this"
                                            + " server's address and key{}",
                                    notification,
                                    reply,
                                    more));
        }
        carryOutWaiting();
    }

    /// Returns what is wrong with the signature of a reply, for the operator; empty if nothing is.
    private static String fault(Open request, byte[] reply) {
        TsigKey key = request.notification().target().key();
        if (key == null) {
            return "";
        }
        String fault =
                new TsigStream(key, request.requestMac())
                        .check(reply, reply.length, System.currentTimeMillis() / 1_000);
        return fault == null ? "" : ", " + fault;
    }

    /// Forgets a secondary, whose zone is gone.
    void remove(Notification notification) {
        forget(notification);
        waiting.remove(notification);
    }

    /// Closes the sockets.
    void close() {
        sockets.values()
                .forEach(socket -> {
                    var _ = socket.close();
                });
    }
}
