package org.anycastdns.daemon.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.anycastdns.daemon.Json;
import org.jspecify.annotations.Nullable;

/// Sends the requests of a command to a running daemon, each within a total deadline.
public final class AdminClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// The largest response: the status of some million zones.
    private static final long OCTETS_MAX = 1L << 30;

    private static final int FORBIDDEN = 403;

    /// The daemon to talk to.
    ///
    /// @param name the name of its program, which is in the name of its token's file
    /// @param role what it is called in sentences, such as "the announcer"
    public record Daemon(String name, String role) {}

    /// A response: its status code and its text.
    public record Reply(int status, String text) {

        /// Returns whether the daemon did what was asked.
        public boolean isGood() {
            return status == 200;
        }

        /// Returns the JSON object in the text; empty if there is none.
        public Map<String, Object> json() {
            Map<String, Object> object = Json.read(text);
            return object == null ? Map.of() : object;
        }
    }

    private final Daemon daemon;
    private final String address;
    private final URI uri;
    private final @Nullable Path tokenFile;

    /// Creates a client.
    ///
    /// @param address HOST:PORT
    /// @param tokenFile where the token is; null to look into the runtime folders
    /// @throws IllegalArgumentException if the address is something else; the message says so
    public AdminClient(Daemon daemon, String address, @Nullable Path tokenFile) {
        this.daemon = daemon;
        this.address = address;
        this.tokenFile = tokenFile;
        URI parsed;
        try {
            parsed = URI.create("http://" + address);
        } catch (IllegalArgumentException _) {
            parsed = URI.create("");
        }
        if (parsed.getHost() == null || parsed.getPort() <= 0 || !parsed.getPath().isEmpty()) {
            throw new IllegalArgumentException("--admin must be HOST:PORT, not '" + address + "'");
        }
        this.uri = parsed;
    }

    /// Requests a page.
    ///
    /// @throws IOException with a sentence for the operator
    public Reply get(String path, Duration deadline) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri.resolve(path)).GET(), deadline);
    }

    /// Requests an action.
    ///
    /// @param body a text; may be empty
    /// @throws IOException with a sentence for the operator
    public Reply post(String path, String body, Duration deadline)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri.resolve(path)).POST(BodyPublishers.ofString(body));
        Reply reply = send(request, deadline);
        if (reply.status == FORBIDDEN) {
            Object sentence = reply.json().get("error");
            throw new IOException(
                    "%s at %s refuses this: %s. --admin-token-file FILE names another token"
                            .formatted(
                                    daemon.role,
                                    address,
                                    sentence == null ? reply.text.strip() : sentence));
        }
        return reply;
    }

    private Reply send(HttpRequest.Builder request, Duration deadline)
            throws IOException, InterruptedException {
        Optional<String> authorization = authorization();
        authorization.ifPresent(value -> request.header("Authorization", value));
        try (HttpClient client = client(CONNECT_TIMEOUT)) {
            CompletableFuture<HttpResponse<String>> response =
                    client.sendAsync(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofString(), OCTETS_MAX));
            try {
                HttpResponse<String> got = response.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
                return new Reply(got.statusCode(), got.body());
            } finally {
                client.shutdownNow();
            }
        } catch (TimeoutException e) {
            throw new IOException(
                    "%s at %s has not answered within %d s; its log may say why"
                            .formatted(daemon.role, address, deadline.toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw new IOException(
                    "%s does not answer at %s; is it running? --admin HOST:PORT names another address"
                            .formatted(daemon.role, address),
                    e);
        }
    }

    private Optional<String> authorization() throws IOException {
        return tokenFile == null
                ? TokenFile.header(daemon.name, new InetSocketAddress(uri.getHost(), uri.getPort()))
                : Optional.of(TokenFile.header(tokenFile));
    }

    /// Returns an HTTP client that uses no proxy and follows no redirect. A proxy of the system
    /// would be asked for loopback addresses too.
    ///
    /// @param connectTimeout the time limit for connecting
    public static HttpClient client(Duration connectTimeout) {
        return builder(connectTimeout).build();
    }

    /// Returns such a client for HTTPS.
    ///
    /// @param context has the trusted certificates
    /// @param parameters say by which name the server is known
    public static HttpClient client(
            Duration connectTimeout, SSLContext context, SSLParameters parameters) {
        return builder(connectTimeout).sslContext(context).sslParameters(parameters).build();
    }

    private static HttpClient.Builder builder(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout);
    }
}
