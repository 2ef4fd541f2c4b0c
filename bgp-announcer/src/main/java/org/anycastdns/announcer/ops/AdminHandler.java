package org.anycastdns.announcer.ops;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.anycastdns.daemon.SameOrigin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the requests of one connection, one after the other.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /// The maximum length of a reason in characters, because it appears in log lines.
    private static final int REASON_LENGTH_MAX = 200;

    /// The header in which a browser says which page a request comes from.
    private static final String FETCH_SITE = "sec-fetch-site";

    private final SameOrigin rule;
    private final Controls controls;
    private final Metrics metrics;

    AdminHandler(SameOrigin rule, Controls controls, Metrics metrics) {
        this.rule = rule;
        this.controls = controls;
        this.metrics = metrics;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        var _ = context.writeAndFlush(answer(request));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof ReadTimeoutException)) {
            LOG.warn("admin HTTP: {} from {}", cause.toString(), context.channel().remoteAddress());
        }
        var _ = context.close();
    }

    private FullHttpResponse answer(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return response(HttpResponseStatus.BAD_REQUEST, TEXT, "not an HTTP request\n");
        }
        HttpHeaders headers = request.headers();
        String refusal =
                rule.refusal(
                        headers.getAll(HttpHeaderNames.HOST),
                        headers.getAll(HttpHeaderNames.ORIGIN),
                        headers.getAll(FETCH_SITE),
                        headers.getAll(HttpHeaderNames.UPGRADE));
        if (refusal != null) {
            return response(HttpResponseStatus.FORBIDDEN, TEXT, refusal + "\n");
        }
        String path = new QueryStringDecoder(request.uri()).path();
        return switch (path) {
            case "/health", "/ready", "/metrics", "/status" ->
                    request.method().equals(HttpMethod.GET) ? read(path) : notAllowed("GET");
            case "/drain", "/resume", "/reload" ->
                    request.method().equals(HttpMethod.POST)
                            ? act(path, request)
                            : notAllowed("POST");
            default ->
                    response(
                            HttpResponseStatus.NOT_FOUND,
                            TEXT,
                            "there are /health, /ready, /metrics, /status, and POST /drain,"
                                    + " /resume, /reload\n");
        };
    }

    private FullHttpResponse read(String path) {
        return switch (path) {
            case "/health" -> response(HttpResponseStatus.OK, TEXT, "OK\n");
            case "/ready" -> ready(controls.snapshot());
            case "/metrics" -> response(HttpResponseStatus.OK, PROMETHEUS, metrics.scrape());
            default -> response(HttpResponseStatus.OK, JSON, StatusJson.of(controls.snapshot()));
        };
    }

    private static FullHttpResponse ready(Snapshot snapshot) {
        if (snapshot.ready()) {
            return response(HttpResponseStatus.OK, TEXT, "OK\n");
        }
        StringBuilder why = new StringBuilder();
        snapshot.decision().why().forEach(reason -> why.append(reason.text()).append('\n'));
        return response(HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT, why.toString());
    }

    private FullHttpResponse act(String path, FullHttpRequest request) {
        try {
            if (path.equals("/drain")) {
                controls.drain(reason(request));
                return response(HttpResponseStatus.OK, TEXT, "draining\n");
            }
            if (path.equals("/reload")) {
                return reloaded(controls.reload(flag(request, "allow-withdraw")));
            }
            controls.resume();
            return response(HttpResponseStatus.OK, TEXT, "resumed\n");
        } catch (IllegalStateException e) {
            return response(HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT, e.getMessage() + "\n");
        }
    }

    private static FullHttpResponse reloaded(Controls.Answer answer) {
        HttpResponseStatus status =
                switch (answer.verdict()) {
                    case DONE -> HttpResponseStatus.OK;
                    case REFUSED -> HttpResponseStatus.CONFLICT;
                    case INVALID -> HttpResponseStatus.UNPROCESSABLE_ENTITY;
                };
        return response(status, TEXT, String.join("\n", answer.lines()) + "\n");
    }

    private static boolean flag(FullHttpRequest request, String name) {
        return new QueryStringDecoder(request.uri())
                .parameters()
                .getOrDefault(name, List.of())
                .contains("true");
    }

    /// Returns the operator's reason: the body, or the parameter `reason`.
    private static String reason(FullHttpRequest request) {
        String body = request.content().toString(StandardCharsets.UTF_8).strip();
        List<String> given =
                new QueryStringDecoder(request.uri())
                        .parameters()
                        .getOrDefault("reason", List.of("no reason given"));
        String text = (body.isEmpty() ? given.getFirst() : body).replaceAll("\\p{Cntrl}", " ");
        return text.length() <= REASON_LENGTH_MAX ? text : text.substring(0, REASON_LENGTH_MAX);
    }

    private static FullHttpResponse notAllowed(String allowed) {
        FullHttpResponse response =
                response(
                        HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "only " + allowed + " here\n");
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        return response;
    }

    private static FullHttpResponse response(
            HttpResponseStatus status, String type, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        SameOrigin.RESPONSE_HEADERS.forEach(header -> response.headers().set(header[0], header[1]));
        return response;
    }
}
