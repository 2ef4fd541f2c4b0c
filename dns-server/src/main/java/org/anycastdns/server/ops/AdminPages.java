package org.anycastdns.server.ops;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.SameOrigin;
import org.anycastdns.server.reload.ReloadHealth;
import org.anycastdns.server.reload.ReloadResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers each path of the admin server. Responses are JSON, except for the metrics and the
/// lifeline. An error is one sentence.
final class AdminPages {

    private static final String HANGS = "a thread that answers queries hangs";
    private static final String JSON = "application/json";

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PATHS =
            "GET /health, /ready, /metrics, /status, /lifeline; POST /reload, /drain, /resume";

    private static final Logger LOG = LoggerFactory.getLogger(AdminPages.class);

    private final Vitals vitals;
    private final Metrics metrics;
    private final Lifeline lifeline;
    private final Function<Boolean, CompletableFuture<ReloadResult>> reload;

    AdminPages(
            Vitals vitals,
            Metrics metrics,
            Lifeline lifeline,
            Function<Boolean, CompletableFuture<ReloadResult>> reload) {
        this.vitals = vitals;
        this.metrics = metrics;
        this.lifeline = lifeline;
        this.reload = reload;
    }

    /// Answers one request, immediately or later.
    void answer(Channel client, HttpMethod method, String uri) {
        QueryStringDecoder query = new QueryStringDecoder(uri);
        boolean get = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        boolean post = method.equals(HttpMethod.POST);
        switch (query.path()) {
            case "/health", "/ready", "/metrics", "/status", "/lifeline" -> {
                if (get) {
                    get(client, query.path());
                } else {
                    wrongMethod(client, query.path(), "GET");
                }
            }
            case "/reload", "/drain", "/resume" -> {
                if (!post) {
                    wrongMethod(client, query.path(), "POST");
                } else {
                    post(client, query);
                }
            }
            default ->
                    error(
                            client,
                            HttpResponseStatus.NOT_FOUND,
                            "there is no '" + query.path() + "' here; there is " + PATHS);
        }
    }

    private void wrongMethod(Channel client, String path, String method) {
        error(client, HttpResponseStatus.METHOD_NOT_ALLOWED, path + " takes " + method + " only");
    }

    private void get(Channel client, String path) {
        switch (path) {
            case "/health" -> health(client);
            case "/ready" -> ready(client);
            case "/lifeline" -> lifeline.add(client);
            // Large, so it is written off the event loop, which must keep sending lifeline records.
            case "/metrics" ->
                    apart(
                            client,
                            () ->
                                    send(
                                            client,
                                            HttpResponseStatus.OK,
                                            PROMETHEUS,
                                            metrics.scrape()));
            default ->
                    apart(
                            client,
                            () -> json(client, HttpResponseStatus.OK, StatusReport.of(vitals)));
        }
    }

    /// Runs a task on a platform thread. On a virtual thread the JDK's BufferedWriter, which writes
    /// the metrics, starts small and grows character by character, which makes a lot of garbage.
    private void apart(Channel client, Runnable task) {
        Thread _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("page")
                        .start(() -> LongLived.contain("page", () -> orFail(client, task)));
    }

    /// If there is too little memory for a page, only that page fails.
    private void orFail(Channel client, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | OutOfMemoryError fault) {
            error(
                    client,
                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                    "this page cannot be made; the log says why");
            throw new IllegalStateException("a page failed", fault);
        }
    }

    private void health(Channel client) {
        ReloadHealth reload = vitals.reload();
        String fault = lifeline.alive() ? vitals.reloadFault() : HANGS;
        String health = fault.isEmpty() ? "ok" : fault;
        Map<String, Object> report = Json.object("health", health);
        if (!reload.trouble().isEmpty()) {
            report.put("reload", reload.trouble());
        }
        json(
                client,
                health.equals("ok")
                        ? HttpResponseStatus.OK
                        : HttpResponseStatus.SERVICE_UNAVAILABLE,
                report);
    }

    private void ready(Channel client) {
        String reason = lifeline.alive() ? vitals.notReady() : HANGS;
        Map<String, Object> report = Json.object("state", vitals.state().label());
        if (!reason.isEmpty()) {
            report.put("reason", reason);
        }
        String trouble = vitals.reload().trouble();
        if (!trouble.isEmpty()) {
            report.put("reload", trouble);
        }
        json(
                client,
                reason.isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                report);
    }

    private void post(Channel client, QueryStringDecoder query) {
        if (query.path().equals("/reload")) {
            reload(client, query);
            return;
        }
        boolean drain = query.path().equals("/drain");
        if (drain) {
            vitals.drain();
        } else {
            vitals.resume();
        }
        LOG.info("{} by the admin server: {}", drain ? "drained" : "resumed", vitals.state());
        lifeline.tell();
        json(client, HttpResponseStatus.OK, Json.object("state", vitals.state().label()));
    }

    private void reload(Channel client, QueryStringDecoder query) {
        boolean force = query.parameters().getOrDefault("force", List.of()).contains("true");
        var _ =
                reload.apply(force)
                        .whenComplete((result, failure) -> {
                            if (failure != null) {
                                error(
                                        client,
                                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                                        String.valueOf(failure.getMessage()));
                            } else {
                                boolean ok = result.outcome() == ReloadResult.Outcome.OK;
                                json(
                                        client,
                                        ok ? HttpResponseStatus.OK : HttpResponseStatus.CONFLICT,
                                        StatusReport.of(result));
                            }
                        });
    }

    /// Sends an error with its sentence.
    void error(Channel client, HttpResponseStatus status, String text) {
        json(client, status, Json.object("error", text));
    }

    private static void json(Channel client, HttpResponseStatus status, Object value) {
        send(client, status, JSON, Json.write(value) + "\n");
    }

    private static void send(Channel client, HttpResponseStatus status, String type, String body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        status,
                        Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        SameOrigin.RESPONSE_HEADERS.forEach(header -> response.headers().set(header[0], header[1]));
        client.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
