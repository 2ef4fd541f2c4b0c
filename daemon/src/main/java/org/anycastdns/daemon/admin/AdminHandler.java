package org.anycastdns.daemon.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.SameOrigin;
import org.anycastdns.daemon.admin.AdminPages.Page;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the requests of one connection, one after the other, each within a total deadline.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest>
        implements Places.Guest {

    /// A request must be complete this many seconds after its connection is open.
    private static final int REQUEST_SECONDS = 10;

    /// A response must be made and read within this time. A slow link needs it for a large page.
    private static final int RESPONSE_SECONDS = 30;

    /// The next request must be complete within this time. A scraper typically asks every 15 s; a
    /// client that misses two rounds can reconnect.
    private static final int NEXT_SECONDS = 35;

    /// The header in which a browser says how the requesting page relates to this server.
    private static final String FETCH_SITE = "sec-fetch-site";

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private static final LogLimiter<InetAddress> LINES = new LogLimiter<>("admin_http");

    private enum State {
        WAITING,
        ANSWERING,
        STREAMING
    }

    /// What belongs to the server and is the same for all connections.
    ///
    /// @param program the name of the daemon
    /// @param control the event loop of clients with the token
    record Shared(
            String program,
            AdminPages pages,
            SameOrigin rule,
            Places places,
            TokenFile token,
            EventLoop control) {}

    private final Shared shared;
    private final Channel channel;
    private final InetAddress address;
    private State state = State.WAITING;
    private boolean trusted;
    private boolean keepAlive;
    private @Nullable EventStream stream;
    private @Nullable Future<?> deadline;

    AdminHandler(Shared shared, Channel channel) {
        this.shared = shared;
        this.channel = channel;
        // A client that has gone already has no address.
        this.address =
                channel.remoteAddress() instanceof InetSocketAddress remote
                        ? remote.getAddress()
                        : InetAddress.getLoopbackAddress();
    }

    /// Takes a place for this connection, and begins to wait for its first request.
    void open() {
        channel.closeFuture()
                .addListener(_ -> {
                    shared.places.leave(this);
                    within(0);
                });
        Places.Guest leaving = shared.places.enter(this);
        if (leaving != null) {
            leaving.displace();
        }
        within(REQUEST_SECONDS);
    }

    @Override
    public InetAddress address() {
        return address;
    }

    @Override
    public void displace() {
        EventStream followed = stream;
        if (followed == null) {
            var _ = channel.close();
        } else {
            followed.displace(channel);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (state != State.WAITING) {
            // Requests are not pipelined here: the client must ask again on another connection.
            keepAlive = false;
            return;
        }
        state = State.ANSWERING;
        keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        within(RESPONSE_SECONDS);
        if (request.decoderResult().isFailure()) {
            fail(HttpResponseStatus.BAD_REQUEST, "this is not HTTP/1.1");
            return;
        }
        HttpHeaders headers = request.headers();
        String refusal =
                shared.rule.refusal(
                        headers.getAll(HttpHeaderNames.HOST),
                        headers.getAll(HttpHeaderNames.ORIGIN),
                        headers.getAll(FETCH_SITE),
                        headers.getAll(HttpHeaderNames.UPGRADE));
        if (refusal != null) {
            fail(HttpResponseStatus.FORBIDDEN, refusal);
            return;
        }
        HttpMethod method = request.method();
        String path;
        AdminRequest details;
        try {
            QueryStringDecoder query = new QueryStringDecoder(request.uri());
            path = query.path();
            details =
                    new AdminRequest(
                            query.parameters(), request.content().toString(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            fail(HttpResponseStatus.BAD_REQUEST, "this is not a URL: " + e.getMessage());
            return;
        }
        Runnable answer = () -> answer(method, path, details);
        if (trusted || !shared.token.isGood(headers.get(HttpHeaderNames.AUTHORIZATION))) {
            answer.run();
        } else if (shared.places.trust(this)) {
            trusted = true;
            move(answer);
        } else {
            fail(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "too many clients with the operator's token are connected");
        }
    }

    /// Moves the connection to the event loop that strangers cannot keep busy, and goes on there.
    private void move(Runnable next) {
        within(0);
        channel.deregister()
                .addListener(_ -> {
                    var _ =
                            shared.control
                                    .register(channel)
                                    .addListener(registered -> {
                                        if (registered.isSuccess()) {
                                            within(RESPONSE_SECONDS);
                                            next.run();
                                        } else {
                                            var _ = channel.close();
                                        }
                                    });
                });
    }

    private void answer(HttpMethod method, String path, AdminRequest details) {
        Page page = shared.pages.at(path);
        if (page == null) {
            fail(
                    HttpResponseStatus.NOT_FOUND,
                    "there is no '" + path + "' here; there is " + shared.pages.paths());
            return;
        }
        boolean action = page instanceof Page.Action;
        boolean read = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (action ? !method.equals(HttpMethod.POST) : !read) {
            fail(
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    path + " takes " + (action ? "POST" : "GET") + " only");
            return;
        }
        switch (page) {
            case Page.Small(var source) -> sendSmall(source);
            case Page.Large(var type, var content) ->
                    content.give(octets -> here(() -> sendLarge(type, octets)));
            case Page.Stream(var events) -> follow(events);
            case Page.Action(var source) -> {
                if (trusted) {
                    act(source.apply(details));
                } else {
                    fail(HttpResponseStatus.FORBIDDEN, needsToken(path));
                }
            }
        }
    }

    /// Says what a client without the operator's rights can do.
    private String needsToken(String path) {
        String file =
                shared.token
                        .path()
                        .map(Object::toString)
                        .orElse("the file that admin-token-file names");
        return "POST %s needs the operator's token, which is new at each start: use the commands of %s as the user who runs it or as root, or send the header \"Authorization: Bearer $(cat %s)\""
                .formatted(path, shared.program, file);
    }

    private void follow(EventStream events) {
        within(0);
        state = State.STREAMING;
        stream = events;
        events.add(channel);
    }

    /// Waits for an action without a deadline: a reload of very large zones takes minutes.
    private void act(CompletableFuture<AdminResponse> response) {
        within(0);
        var _ =
                response.whenComplete((done, failure) -> {
                    shared.pages.changed();
                    here(() -> {
                        within(RESPONSE_SECONDS);
                        if (done != null) {
                            send(done);
                        } else {
                            fail(
                                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                                    String.valueOf(Objects.requireNonNull(failure).getMessage()));
                        }
                    });
                });
    }

    /// Runs a task on the connection's event loop.
    private void here(Runnable task) {
        EventLoop loop = channel.eventLoop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                LOG.debug("the admin server is closed", e);
            }
        }
    }

    private void fail(HttpResponseStatus status, String sentence) {
        send(shared.pages.error(status.code(), sentence));
    }

    private void sendSmall(Supplier<AdminResponse> source) {
        AdminResponse response;
        try {
            response = source.get();
        } catch (RuntimeException fault) {
            sendLarge("", null);
            LongLived.contain(
                    "page",
                    () -> {
                        throw fault;
                    });
            return;
        }
        send(response);
    }

    private void sendLarge(String type, @Nullable ByteBuf octets) {
        if (octets == null) {
            fail(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                    "this page cannot be made; the log says why");
        } else {
            send(HttpResponseStatus.OK, type, octets);
        }
    }

    private void send(AdminResponse response) {
        send(
                HttpResponseStatus.valueOf(response.status()),
                response.type(),
                Unpooled.wrappedBuffer(response.body()));
    }

    private void send(HttpResponseStatus status, String type, ByteBuf body) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        SameOrigin.RESPONSE_HEADERS.forEach(header -> response.headers().set(header[0], header[1]));
        HttpUtil.setKeepAlive(response, keepAlive);
        channel.writeAndFlush(response)
                .addListener(sent -> {
                    if (sent.isSuccess() && keepAlive) {
                        state = State.WAITING;
                        within(NEXT_SECONDS);
                    } else {
                        var _ = channel.close();
                    }
                });
    }

    /// Sets the time after which the connection is closed, instead of any set before; 0 is never.
    private void within(int seconds) {
        Future<?> before = deadline;
        if (before != null) {
            var _ = before.cancel(false);
        }
        Runnable close =
                () -> {
                    var _ = channel.close();
                };
        deadline =
                seconds == 0
                        ? null
                        : channel.eventLoop().schedule(close, seconds, TimeUnit.SECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // The client disconnected or sent garbage; only this connection is affected.
        if (!(cause instanceof IOException)) {
            LINES.log(
                    address,
                    more -> LOG.warn("admin HTTP: {} from {}{}", cause.toString(), address, more));
        }
        var _ = context.close();
    }
}
