package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.daemon.admin.AdminClient;
import org.jspecify.annotations.Nullable;

/// A server of HTTP or HTTPS that is asked again and again, with the client for it.
final class WebServer implements AutoCloseable {

    private final URI uri;
    private final Duration connectTimeout;
    private final Certificates certificates;
    private @Nullable HttpClient client;
    private boolean closed;

    /// Creates a server that has not been asked.
    ///
    /// @param uri a page of the server
    /// @param trust whom to believe if it is HTTPS
    /// @param connectTimeout the time limit for connecting
    WebServer(URI uri, CheckConfig.Trust trust, Duration connectTimeout) {
        this.uri = uri;
        this.connectTimeout = connectTimeout;
        this.certificates = new Certificates(trust, 0);
    }

    /// Returns the page.
    URI uri() {
        return uri;
    }

    /// Returns the client for the server.
    ///
    /// @throws IOException when the trusted certificates cannot be read; the message says why
    synchronized HttpClient client() throws IOException {
        HttpClient made = client;
        if (made == null) {
            made =
                    "https".equals(uri.getScheme())
                            ? AdminClient.client(
                                    connectTimeout,
                                    certificates.context(),
                                    certificates.parameters())
                            : AdminClient.client(connectTimeout);
            client = made;
        }
        if (closed) {
            made.shutdownNow();
        }
        return made;
    }

    /// Ends what is under way.
    @Override
    public synchronized void close() {
        closed = true;
        HttpClient made = client;
        if (made != null) {
            made.shutdownNow();
        }
    }
}
