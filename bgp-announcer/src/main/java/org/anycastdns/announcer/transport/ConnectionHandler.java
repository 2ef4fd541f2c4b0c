package org.anycastdns.announcer.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes the events of a channel to a listener, and reports its end exactly once.
final class ConnectionHandler extends SimpleChannelInboundHandler<byte[]> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

    private static final LogLimiter<Class<?>> LINES = new LogLimiter<>("bgp_internal_error");

    private final Connection.Listener listener;
    private String reason = "the connection was closed by the neighbor";

    ConnectionHandler(Connection.Listener listener) {
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        listener.connected();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, byte[] octets) {
        listener.received(octets);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        listener.closed(reason);
    }

    /// Handles an error of the channel. A broken connection is an I/O error. Anything else is a bug
    /// of ours, which ends this session only.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            reason = "the connection broke: " + Transport.plain(cause);
        } else {
            reason = "internal error: " + cause;
            LINES.log(
                    cause.getClass(),
                    more ->
                            log.error(
                                    "{}: internal error, closing the connection{}",
                                    context.channel(),
                                    more,
                                    cause));
            if (!context.channel().isActive()) {
                // The session was not told that it has ended, and would wait forever.
                LongLived.die(cause);
            }
        }
        var _ = context.close();
    }
}
