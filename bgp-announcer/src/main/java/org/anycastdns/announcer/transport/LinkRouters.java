package org.anycastdns.announcer.transport;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.ErrorNumber;
import org.anycastdns.daemon.kernel.SystemCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears the routers on one link by their router advertisements (RFC 4861), and lets them know of
/// us by our own: a router that is configured with an interface instead of an address, such as FRR,
/// learns ours from them. Linux only. Used on one event loop.
public final class LinkRouters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinkRouters.class);

    // From linux/socket.h, linux/net.h and linux/in6.h.
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x80800;
    private static final int IPPROTO_ICMPV6 = 58;

    private static final int HOP_LIMIT = TtlFilter.TTL;

    private static final ChannelOption<Integer> IPV6_MULTICAST_HOPS =
            new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", 41, 18);
    private static final ChannelOption<Integer> IPV6_MULTICAST_LOOP =
            new IntegerUnixChannelOption("IPV6_MULTICAST_LOOP", 41, 19);
    private static final RawUnixChannelOption ICMPV6_FILTER =
            new RawUnixChannelOption(
                    "ICMPV6_FILTER", IPPROTO_ICMPV6, 1, RouterMessages.filter().capacity());

    /// The minimum time between two answers to solicitations: MIN_DELAY_BETWEEN_RAS of RFC 4861
    /// section 10.
    private static final long ANSWER_NANOS_MIN = TimeUnit.SECONDS.toNanos(3);

    private static final byte[] ALL_NODES = group(1);
    private static final byte[] ALL_ROUTERS = group(2);

    private final Channel channel;
    private final int link;

    private LinkRouters(Channel channel, int link) {
        this.channel = channel;
        this.link = link;
    }

    /// Opens the socket for a link.
    ///
    /// @param loop the event loop, on which this is called
    /// @param heard takes the link-local address of a router for each of its advertisements
    /// @throws IOException when that is not possible; the message is fit for the operator
    public static LinkRouters open(EventLoop loop, String device, Consumer<InetAddress> heard)
            throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("only Linux finds the router of an interface");
        }
        NetworkInterface found = NetworkInterface.getByName(device);
        if (found == null) {
            throw new IOException("this host has no interface " + device);
        }
        Channel channel = new EpollDatagramChannel(socket());
        LinkRouters routers = new LinkRouters(channel, found.getIndex());
        channel.pipeline().addLast(routers.new Receiver(heard));
        try {
            new LocalEnd(null, device).bind(channel.config());
            TtlFilter.attach(channel.config(), true);
            Security.require(channel.config(), ICMPV6_FILTER, RouterMessages.filter());
            Security.require(channel.config(), IPV6_MULTICAST_HOPS, HOP_LIMIT);
            Security.require(channel.config(), IPV6_MULTICAST_LOOP, 0);
        } catch (ChannelException e) {
            channel.unsafe().closeForcibly();
            throw new IOException(Transport.plain(e), e);
        }
        var _ = loop.register(channel);
        return routers;
    }

    private static int socket() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    SystemCall.make(
                            SystemCall.state(arena),
                            CallNumber.SOCKET,
                            AF_INET6,
                            SOCK_RAW | SOCK_NONBLOCK_CLOEXEC,
                            IPPROTO_ICMPV6);
            if (result == ErrorNumber.EPERM) {
                throw new IOException("hearing router advertisements needs CAP_NET_RAW");
            }
            if (result < 0) {
                throw new IOException("error %d of the system opening a socket".formatted(-result));
            }
            return result;
        }
    }

    /// Asks the routers to advertise themselves.
    public void solicit() {
        send(RouterMessages.solicitation(), ALL_ROUTERS);
    }

    /// Advertises us to all on the link.
    public void advertise() {
        send(RouterMessages.advertisement(), ALL_NODES);
    }

    private void send(byte[] octets, byte[] group) {
        try {
            InetAddress all = Inet6Address.getByAddress(null, group, link);
            var _ =
                    channel.writeAndFlush(
                            new DatagramPacket(
                                    channel.alloc().buffer(octets.length).writeBytes(octets),
                                    new InetSocketAddress(all, 0)));
        } catch (IOException e) {
            throw new IllegalStateException(e); // sixteen octets are an address
        }
    }

    /// Returns ff02::N, a group on the link.
    private static byte[] group(int last) {
        byte[] octets = new byte[16];
        octets[0] = (byte) 0xff;
        octets[1] = 0x02;
        octets[15] = (byte) last;
        return octets;
    }

    /// Returns whether the socket still works; it ends with its interface.
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        var _ = channel.close();
    }

    private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {

        private final Consumer<InetAddress> heard;
        private long answeredNanos = System.nanoTime() - ANSWER_NANOS_MIN;

        Receiver(Consumer<InetAddress> heard) {
            this.heard = heard;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            InetAddress from = datagram.sender().getAddress();
            int type = RouterMessages.type(ByteBufUtil.getBytes(datagram.content()));
            if (type == RouterMessages.ADVERTISEMENT && from.isLinkLocalAddress()) {
                heard.accept(from);
            } else if (type == RouterMessages.SOLICITATION
                    && System.nanoTime() - answeredNanos > ANSWER_NANOS_MIN) {
                answeredNanos = System.nanoTime();
                advertise();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug(
                    "router advertisements: {} on {}",
                    Transport.plain(cause),
                    Addresses.text(Addresses.of(ALL_NODES)));
            var _ = context.close();
        }
    }
}
