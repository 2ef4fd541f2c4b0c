package org.anycastdns.server.ops;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;

/// One connection of the admin server: one request, one response, end.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    /// Name of the handler that ends connections whose request does not come.
    static final String READ_TIMEOUT = "read-timeout";

    private final AdminPages pages;
    private boolean asked;

    AdminHandler(AdminPages pages) {
        this.pages = pages;
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
        context.pipeline().remove(READ_TIMEOUT);
        pages.answer(
                context.channel(),
                request.method(),
                request.uri(),
                request.headers().contains(HttpHeaderNames.ORIGIN));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that went away, was too slow or talks garbage: its own trouble.
        var _ = context.close();
    }
}
