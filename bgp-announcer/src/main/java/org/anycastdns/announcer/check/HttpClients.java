package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    private record Key(CheckConfig.Certificate certificate, CheckConfig.HttpVersion version) {}

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
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
        Key key = new Key(config.certificate(), config.httpVersion());
        HttpClient known = clients.get(key);
        if (known != null) {
            return known;
        }
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .executor(threads)
                        .followRedirects(Redirect.NEVER)
                        .version(
                                switch (config.httpVersion()) {
                                    case AUTO, HTTP_2 -> Version.HTTP_2;
                                    case HTTP_1 -> Version.HTTP_1_1;
                                });
        if (config.url().uri().getScheme().equals("https")) {
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
        threads.shutdownNow();
    }
}
