package org.anycastdns.announcer.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.transport.NetworkErrors;
import org.jspecify.annotations.Nullable;

/// An [HttpCheck] without TLS, over HTTP/1.1 (RFC 9112), on an event loop. It keeps its connection
/// for [Certificates#RENEWAL], because a connection that is kept hides that the server accepts no
/// others.
final class HttpGet implements LoopCheck {

    /// The port of a URL without one (RFC 9110 section 4.2.1).
    private static final int PORT = 80;

    private final HttpCheck check;
    private final CheckLoop loop;
    private final InetSocketAddress server;
    private final byte[] request;
    private @Nullable Run run;
    private @Nullable Link link;

    /// A run under way.
    private static final class Run {

        final long startNanos = System.nanoTime();
        final Duration timeout;
        final Consumer<CheckResult> done;
        @Nullable Future<?> timer;

        Run(Duration timeout, Consumer<CheckResult> done) {
            this.timeout = timeout;
            this.done = done;
        }
    }

    /// Creates a check.
    ///
    /// @param check judges the responses
    /// @param config its URL must not have TLS
    HttpGet(HttpCheck check, CheckConfig.Http config, CheckLoop loop) {
        this.check = check;
        this.loop = loop;
        URI uri = config.url().uri();
        int port = uri.getPort();
        String literal = uri.getHost().replaceAll("[\\[\\]]", "");
        this.server = new InetSocketAddress(InetAddress.ofLiteral(literal), port < 0 ? PORT : port);
        this.request = request(uri, check.host()).getBytes(StandardCharsets.UTF_8);
    }

    private static String request(URI uri, String host) {
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        return "GET %s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n"
                .formatted(
                        path == null || path.isEmpty() ? "/" : path,
                        query == null ? "" : "?" + query,
                        host,
                        HttpCheck.USER_AGENT);
    }

    @Override
    public void begin(Duration timeout, Consumer<CheckResult> done) {
        Run next = new Run(timeout, done);
        run = next;
        next.timer = loop.after(timeout.toNanos(), () -> late(next));
        Link kept = link;
        if (kept != null && kept.usable()) {
            kept.ask();
        } else {
            connect();
        }
    }

    private void connect() {
        disconnect();
        Link made = new Link();
        link = made;
        try {
            ChannelFuture attempt = loop.connect(server, new HttpResponseDecoder(), made);
            made.channel = attempt.channel();
            attempt.addListener(_ -> {
                if (attempt.isSuccess()) {
                    made.connected = true;
                    made.ask();
                } else {
                    made.failed(attempt.cause());
                }
            });
        } catch (ChannelException e) {
            made.failed(e);
        }
    }

    private void late(Run late) {
        if (run == late) {
            Link now = link;
            boolean connected = now != null && now.connected;
            CheckResult result = connected ? check.unanswered(late.timeout) : check.unconnected();
            boolean begun = now != null && now.response != null;
            disconnect();
            end(begun ? Repeated.overdue(late.timeout) : result);
        }
    }

    private void end(CheckResult result) {
        Run ended = run;
        run = null;
        if (ended != null) {
            cancel(ended);
            ended.done.accept(result);
        }
    }

    private static void cancel(Run ended) {
        Future<?> set = ended.timer;
        if (set != null) {
            set.cancel(false);
        }
    }

    private void disconnect() {
        Link now = link;
        link = null;
        if (now != null) {
            Channel open = now.channel;
            if (open != null) {
                loop.close(open);
            }
        }
    }

    @Override
    public void cancel() {
        Run now = run;
        run = null;
        if (now != null) {
            cancel(now);
        }
        disconnect();
    }

    /// A connection, with the response that arrives on it.
    private final class Link extends SimpleChannelInboundHandler<HttpObject> {

        private final long madeNanos = System.nanoTime();
        private final ByteBuf body = Unpooled.buffer(0, HttpCheck.BODY_BYTES_MAX);
        @Nullable Channel channel;
        boolean connected;
        @Nullable HttpResponse response;

        /// Whether a response has arrived in whole, so that the server may close the connection.
        private boolean used;

        private boolean asked;

        boolean usable() {
            Channel open = channel;
            return open != null
                    && open.isActive()
                    && System.nanoTime() - madeNanos < Certificates.RENEWAL.toNanos();
        }

        void ask() {
            Channel open = channel;
            if (open != null && link == this && run != null) {
                asked = true;
                response = null;
                body.clear();
                ChannelFuture sent = open.writeAndFlush(Unpooled.wrappedBuffer(request));
                sent.addListener(_ -> {
                    if (!sent.isSuccess()) {
                        failed(sent.cause());
                    }
                });
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (link != this) {
                return;
            }
            if (!asked) {
                disconnect(); // it says something unasked
            } else if (part.decoderResult().isFailure()) {
                failed(part.decoderResult().cause());
            } else if (part instanceof HttpResponse begun) {
                response = begun;
            }
            if (link == this && part instanceof HttpContent content) {
                took(content);
            }
        }

        private void took(HttpContent content) {
            HttpResponse begun = response;
            if (begun == null) {
                return;
            }
            boolean last = content instanceof LastHttpContent;
            if (begun.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                response = last ? null : begun; // the response itself follows
                return;
            }
            int some = Math.min(content.content().readableBytes(), body.maxWritableBytes());
            body.writeBytes(content.content(), content.content().readerIndex(), some);
            boolean full = !body.isWritable() && body.maxWritableBytes() == 0;
            if (!last && !full) {
                return;
            }
            asked = false;
            used = true;
            if (!last || !HttpUtil.isKeepAlive(begun)) {
                disconnect();
            }
            judge(begun);
        }

        private void judge(HttpResponse whole) {
            Run now = run;
            if (now != null) {
                long nanos = System.nanoTime() - now.startNanos;
                String text = check.searches() ? body.toString(StandardCharsets.UTF_8) : "";
                end(check.judged(whole.status().code(), text, nanos));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            failed(new ConnectionEnded());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(cause);
        }

        private void failed(@Nullable Throwable cause) {
            if (link != this) {
                return;
            }
            boolean stale = used && response == null;
            disconnect();
            if (run == null) {
                return; // the server closed a connection that was not in use
            }
            if (stale) {
                connect(); // the server closed the connection before the request arrived
            } else if (cause instanceof ConnectException) {
                end(check.refused());
            } else {
                end(check.failed(NetworkErrors.text(cause)));
            }
        }
    }

    /// The other end closed the connection before the end of its response.
    private static final class ConnectionEnded extends Exception {

        private static final long serialVersionUID = 1;

        ConnectionEnded() {
            super("the connection was closed before the response was complete", null, false, false);
        }
    }
}
