package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.anycastdns.announcer.config.CheckConfig;
import org.jspecify.annotations.Nullable;

/// The HTTP clients of all checks. Checks that verify certificates alike share one, because each
/// client has a thread of its own.
///
/// Clients keep connections. They are renewed after [Certificates#RENEWAL], because a connection
/// that is kept hides that the server accepts no others, and which certificate it has now.
final class HttpClients implements AutoCloseable {

    /// Whether the JVM lets a request name its host, as `lib/jvm.options` says. Without it the host
    /// is the address in the URL.
    static final boolean HOST_ALLOWED =
            Arrays.asList(
                            System.getProperty("jdk.httpclient.allowRestrictedHeaders", "")
                                    .split(",", -1))
                    .contains("host");

    private record Key(
            CheckConfig.Certificate certificate, CheckConfig.HttpVersion version, boolean secure) {}

    /// A client, when it was made, and the one before it, which a run may be about to use.
    private record Made(HttpClient client, long nanos, @Nullable HttpClient before) {

        void shutdownBefore() {
            if (before != null) {
                before.shutdown(); // its runs end as usual
            }
        }
    }

    private final Map<Key, Made> clients = new HashMap<>();
    private final LongSupplier nanos;
    private boolean closed;

    HttpClients() {
        this(System::nanoTime);
    }

    /// @param nanos the clock that says when it is time for new clients
    HttpClients(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Returns the client for a run of a check.
    ///
    /// @throws IOException when the trusted certificates cannot be read
    synchronized HttpClient client(CheckConfig.Http config, Certificates certificates)
            throws IOException {
        if (closed) {
            throw new IOException("the checks have ended");
        }
        boolean secure = secure(config);
        Key key = new Key(config.certificate(), config.httpVersion(), secure);
        Made known = clients.get(key);
        long now = nanos.getAsLong();
        if (known != null && now - known.nanos < Certificates.RENEWAL.toNanos()) {
            return known.client;
        }
        HttpClient made = make(config, certificates);
        clients.put(key, new Made(made, now, known == null ? null : known.client));
        if (known != null) {
            known.shutdownBefore();
        }
        return made;
    }

    /// Returns whether a check needs a client. The others talk HTTP/1.1 without TLS.
    static boolean needed(CheckConfig.Http config) {
        return secure(config) || config.httpVersion() == CheckConfig.HttpVersion.HTTP_2;
    }

    private static boolean secure(CheckConfig.Http config) {
        return config.url().uri().getScheme().equals("https");
    }

    private static HttpClient make(CheckConfig.Http config, Certificates certificates)
            throws IOException {
        boolean secure = secure(config);
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        // What is left to do takes less time than to wake another thread.
                        .executor(Runnable::run)
                        .followRedirects(Redirect.NEVER)
                        .version(
                                switch (config.httpVersion()) {
                                    // Only TLS tells what the server offers; without it, each
                                    // request would ask for an upgrade that nobody makes.
                                    case AUTO -> secure ? Version.HTTP_2 : Version.HTTP_1_1;
                                    case HTTP_2 -> Version.HTTP_2;
                                    case HTTP_1 -> Version.HTTP_1_1;
                                });
        if (secure) {
            builder.sslContext(certificates.newContext()).sslParameters(certificates.parameters());
        }
        return builder.build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Made made : clients.values()) {
            made.client.shutdownNow();
            made.shutdownBefore();
        }
        clients.clear();
    }
}
