package org.anycastdns.server.ops;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.anycastdns.daemon.SameOrigin;

/// Handles one connection of the admin server: one request and one response, then the connection is
/// closed.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    /// Name of the handler that closes connections whose request does not arrive.
    static final String READ_TIMEOUT = "read-timeout";

    /// The header in which a browser says how the requesting page relates to this server.
    private static final String FETCH_SITE = "sec-fetch-site";

    private final AdminPages pages;
    private final SameOrigin rule;
    private boolean asked;

    AdminHandler(AdminPages pages, SameOrigin rule) {
        this.pages = pages;
        this.rule = rule;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (asked) {
            return;
        }
        asked = true;
        if (request.decoderResult().isFailure()) {
            pages.error(context.channel(), HttpResponseStatus.BAD_REQUEST, "this is not HTTP/1.1");
            return;
        }
        HttpHeaders headers = request.headers();
        String refusal =
                rule.refusal(
                        headers.getAll(HttpHeaderNames.HOST),
                        headers.getAll(HttpHeaderNames.ORIGIN),
                        headers.getAll(FETCH_SITE),
                        headers.getAll(HttpHeaderNames.UPGRADE));
        if (refusal != null) {
            pages.error(context.channel(), HttpResponseStatus.FORBIDDEN, refusal);
            return;
        }
        context.pipeline().remove(READ_TIMEOUT);
        pages.answer(context.channel(), request.method(), request.uri());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // The client disconnected, was too slow or sent garbage; only this connection is affected.
        var _ = context.close();
    }
}
