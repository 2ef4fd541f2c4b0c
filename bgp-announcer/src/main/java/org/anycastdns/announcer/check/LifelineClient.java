package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Observation.Beat;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;
import org.anycastdns.daemon.admin.TokenFile;

/// Follows the responder's lifeline and reconnects when it ends. Every state record is a beat. The
/// kernel closes the connection as soon as the responder's process dies, and that is reported at
/// once.
public final class LifelineClient extends Loop {

    /// The program whose token gives the lifeline a place of its own.
    private static final String RESPONDER = "dns-server";

    /// The delay before reconnecting: short enough not to delay the detection of a restart, and
    /// long enough that a closed port costs nothing.
    private static final Duration RECONNECT = Duration.ofMillis(100);

    /// The time limit for connecting. A responder on the same host accepts within a millisecond.
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /// The maximum silence before a connection is closed, because the other end may have vanished.
    /// The health loop reacts to the silence long before.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

    private final WebServer server;
    private final URI uri;
    private final Consumer<? super Observation> sink;
    private volatile boolean heard;
    private volatile boolean displaced;

    /// Creates a client that has not started.
    ///
    /// @param sink receives every beat and every end of a connection, on threads of this client
    public LifelineClient(URI uri, Consumer<? super Observation> sink) {
        this(uri, CheckConfig.Trust.USUAL, sink);
    }

    /// Creates a client that has not started.
    ///
    /// @param trust whom to believe if the lifeline is HTTPS
    /// @param sink receives every beat and every end of a connection, on threads of this client
    public LifelineClient(URI uri, CheckConfig.Trust trust, Consumer<? super Observation> sink) {
        super("lifeline", LongLived::restarted);
        this.server = new WebServer(uri, trust, CONNECT_TIMEOUT);
        this.uri = uri;
        this.sink = sink;
    }

    @Override
    protected void stopWaiting() {
        server.close();
    }

    @Override
    protected void round() {
        displaced = false;
        String end = follow();
        if (!isClosed()) {
            sink.accept(displaced ? new Observation.Displaced(end) : new Observation.Closed(end));
        }
        pause(RECONNECT.toNanos());
    }

    /// Follows one connection until it ends. Returns how it ended.
    private String follow() {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        token().ifPresent(token -> request.header("Authorization", token));
        try {
            CompletableFuture<HttpResponse<String>> stream =
                    server.client().sendAsync(request.build(), this::subscriber);
            while (true) {
                heard = false;
                try {
                    HttpResponse<String> response =
                            stream.get(SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
                    return response.body();
                } catch (TimeoutException _) {
                    if (!heard) {
                        stream.cancel(true);
                        return "silent for " + SILENCE_MAX.toSeconds() + " s, connecting again";
                    }
                }
            }
        } catch (ExecutionException e) {
            return words(e.getCause() == null ? e : e.getCause());
        } catch (IOException e) {
            return "cannot connect to " + uri.getAuthority() + ": " + Certificates.words(e);
        } catch (InterruptedException _) {
            return "let go";
        }
    }

    private BodySubscriber<String> subscriber(HttpResponse.ResponseInfo info) {
        if (info.statusCode() != HttpURLConnection.HTTP_OK) {
            displaced = info.statusCode() == HttpURLConnection.HTTP_UNAVAILABLE;
            String text = uri + " answers HTTP status " + info.statusCode();
            return BodySubscribers.replacing(text);
        }
        return new EventLines(this::record);
    }

    private void record(String json) {
        heard = true;
        Map<String, Object> record = Json.read(json);
        Beat beat = record == null ? null : StateRecord.beat(record);
        if (record == null || beat == null) {
            throw new IllegalArgumentException(
                    "no state record on the stream: " + Printable.of(json));
        }
        displaced = StateRecord.isDisplaced(record);
        sink.accept(beat);
    }

    /// Returns the responder's token, with which its lifeline has a place that other clients cannot
    /// take, if the responder runs here and this user may read the token.
    private Optional<String> token() {
        int port = uri.getPort();
        return port < 1
                ? Optional.empty()
                : TokenFile.header(RESPONDER, new InetSocketAddress(uri.getHost(), port));
    }

    private String words(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException _ -> "no connection to " + uri.getAuthority();
            case ConnectException _ -> "nothing listens at " + uri.getAuthority();
            case SSLException e -> "TLS with " + uri.getAuthority() + ": " + Certificates.words(e);
            case IOException io ->
                    "connection closed (" + Printable.of(String.valueOf(io.getMessage())) + ")";
            default -> "connection failed: " + failure;
        };
    }
}
