package org.anycastdns.announcer.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A TCP connection, or the attempt at one; used on its event loop only.
public final class Connection {

    /// How long a closed connection waits for the neighbor to have read what was sent last.
    private static final long LINGER_MILLIS = 1_000;

    private final Channel channel;

    Connection(Channel channel) {
        this.channel = channel;
    }

    /// The loop everything about this connection happens on.
    public EventLoop loop() {
        return channel.eventLoop();
    }

    /// Our end; only once it is connected.
    public InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    /// The other end; only once it is connected.
    public InetSocketAddress remote() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    /// Hands octets to the socket at once.
    ///
    /// @param taken is run on the event loop once the system has taken them all, never before this
    ///   returns, and never when the connection ends before
    public void send(byte[] octets, Runnable taken) {
        ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(octets));
        var _ =
                write.addListener(_ -> {
                    if (write.isSuccess()) {
                        loop().execute(taken);
                    }
                });
    }

    /// Lets the system end the connection when what was sent has not been acknowledged for so long
    /// (TCP_USER_TIMEOUT, RFC 5482); zero leaves it to the system, and so does one that cannot.
    public void giveUpAfter(Duration silence) {
        boolean _ =
                channel.config()
                        .setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) silence.toMillis());
    }

    /// Ends the connection once what was sent has left. What still comes in is read and dropped
    /// meanwhile: closing a socket with unread octets would reset the connection, and the neighbor
    /// would lose our last message.
    public void close() {
        if (!channel.isActive()) {
            var _ = channel.close();
            return;
        }
        var _ =
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(_ -> {
                            var _ = ((DuplexChannel) channel).shutdownOutput();
                        });
        var _ =
                loop().schedule(
                                (Runnable)
                                        () -> {
                                            var _ = channel.close();
                                        },
                                LINGER_MILLIS,
                                TimeUnit.MILLISECONDS);
    }

    /// Is done when the connection is gone.
    public ChannelFuture gone() {
        return channel.closeFuture();
    }

    /// Is told what happens on a connection, on its event loop.
    public interface Listener {

        /// The connection is there.
        void connected();

        /// The octets of one message came, or a header that cannot be one.
        void received(byte[] octets);

        /// The connection is gone, or never came about.
        void closed(String reason);
    }
}
