package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.anycastdns.announcer.config.CheckConfig;

/// The HTTP clients of all checks. Checks that verify certificates alike share one, because each
/// client has a thread of its own.
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

    private final Map<Key, HttpClient> clients = new HashMap<>();
    private boolean closed;

    /// Returns the client for a check.
    ///
    /// @throws IOException when the trusted certificates cannot be read
    synchronized HttpClient client(CheckConfig.Http config, Certificates certificates)
            throws IOException {
        if (closed) {
            throw new IOException("the checks have ended");
        }
        boolean secure = config.url().uri().getScheme().equals("https");
        Key key = new Key(config.certificate(), config.httpVersion(), secure);
        HttpClient known = clients.get(key);
        if (known != null) {
            return known;
        }
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
            builder.sslContext(certificates.context()).sslParameters(certificates.parameters());
        }
        HttpClient made = builder.build();
        clients.put(key, made);
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        clients.values().forEach(HttpClient::shutdownNow);
        clients.clear();
    }
}
