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

/// A TCP connection, or the attempt to open one. Used only on its event loop.
public final class Connection {

    /// How long a closed connection waits for the neighbor to read the last octets, in
    /// milliseconds.
    private static final long LINGER_MILLIS = 1_000;

    private final Channel channel;

    Connection(Channel channel) {
        this.channel = channel;
    }

    /// Returns the event loop of the connection.
    public EventLoop loop() {
        return channel.eventLoop();
    }

    /// Returns our address. Valid only once connected.
    public InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    /// Returns the address of the other end. Valid only once connected.
    public InetSocketAddress remote() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    /// Passes octets to the socket immediately.
    ///
    /// @param taken runs on the event loop once the system has accepted all octets. It never runs
    ///   before this method returns, and not at all if the connection ends first.
    public void send(byte[] octets, Runnable taken) {
        ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(octets));
        var _ =
                write.addListener(_ -> {
                    if (write.isSuccess()) {
                        loop().execute(taken);
                    }
                });
    }

    /// Sets how long sent octets may stay unacknowledged before the system ends the connection
    /// (TCP_USER_TIMEOUT, RFC 5482). Zero means the system's default, which also applies where the
    /// option is not available.
    public void giveUpAfter(Duration silence) {
        boolean _ =
                channel.config()
                        .setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) silence.toMillis());
    }

    /// Closes the connection once everything sent has left. Until then, received octets are read
    /// and dropped. Closing a socket with unread octets would reset the connection, and the
    /// neighbor would lose our last message.
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

    /// Returns a future that completes when the connection has ended.
    public ChannelFuture gone() {
        return channel.closeFuture();
    }

    /// Receives the events of a connection, on its event loop.
    public interface Listener {

        /// Called when the connection is established.
        void connected();

        /// Called with the octets of one message, or with a header that is invalid.
        void received(byte[] octets);

        /// Called when the connection has ended, or could not be established.
        void closed(String reason);
    }
}
