package org.anycastdns.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.anycastdns.server.serve.TlsClient;
import org.anycastdns.server.tls.ServerTls;
import org.anycastdns.server.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/// A connection during its TLS handshake. A {@link TcpConnection} takes its place when the
/// handshake has succeeded, so that a request is answered as over TCP.
///
/// The octets go through the {@link SslHandler} before this handler, which also limits the time.
final class TlsHandshake extends ChannelInboundHandlerAdapter {

    private final Channel channel;
    private final SslHandler handler;
    private final TlsHandshakes handshakes;
    private final Function<TlsClient, TcpConnection> connection;
    private final ClientNetwork client;
    private final long startMillis = System.currentTimeMillis();
    private boolean ended;

    /// @param handler stands before this one in the pipeline
    /// @param connection makes the connection that takes this handler's place
    TlsHandshake(
            Channel channel,
            SslHandler handler,
            TlsHandshakes handshakes,
            Function<TlsClient, TcpConnection> connection) {
        this.channel = channel;
        this.handler = handler;
        this.handshakes = handshakes;
        this.connection = connection;
        this.client = ClientNetwork.of(((InetSocketAddress) channel.remoteAddress()).getAddress());
    }

    /// Returns the client that makes this handshake.
    ClientNetwork client() {
        return client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        handshakes.add(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && !ended) {
            if (done.isSuccess()) {
                succeed(context);
            } else {
                fail(done.cause());
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            // Without more octets of the client the handshake cannot end well.
            ChannelFuture _ = channel.close();
        }
    }

    private void succeed(ChannelHandlerContext context) {
        ended = true;
        SSLEngine engine = handler.engine();
        // A session that was resumed began with an earlier connection.
        handshakes.succeeded(this, engine.getSession().getCreationTime() < startMillis);
        ChannelFuture _ = channel.closeFuture().addListener(_ -> handshakes.closed());
        TcpConnection next =
                connection.apply(
                        new TlsClient(
                                ServerTls.isDot(engine),
                                ServerTls.clientNames(engine.getSession())));
        context.pipeline().replace(this, null, next);
        next.begin();
    }

    private void fail(Throwable cause) {
        ended = true;
        handshakes.failed(this, TlsOutcome.of(TlsFailure.of(cause)), cause);
    }

    /// Ends this handshake because another one took its place; for any thread.
    void displace(TlsOutcome why) {
        channel.eventLoop()
                .execute(() -> {
                    if (!ended) {
                        ended = true;
                        handshakes.failed(this, why, null);
                        ChannelFuture _ = channel.close();
                    }
                });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!ended) {
            fail(new ClosedChannelException());
        }
    }

    /// Ends the connection. The same failure comes as the event of the handshake, which counts it.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, @Nullable Throwable cause) {
        ChannelFuture _ = channel.close();
    }
}
