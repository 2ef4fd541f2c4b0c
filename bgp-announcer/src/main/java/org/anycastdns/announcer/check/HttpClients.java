package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.anycastdns.announcer.config.CheckConfig;

/// Makes the HTTP clients of all checks, which share their threads.
///
/// Each run has a client of its own, so that it opens a connection as a new visitor does. A kept
/// connection would hide that the server accepts no others, and which certificate it has now.
final class HttpClients implements AutoCloseable {

    /// Whether the JVM lets a request name its host, as `lib/jvm.options` says. Without it the host
    /// is the address in the URL.
    static final boolean HOST_ALLOWED =
            Arrays.asList(
                            System.getProperty("jdk.httpclient.allowRestrictedHeaders", "")
                                    .split(",", -1))
                    .contains("host");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Returns a client for one run of a check, without any connection. The caller shuts it down.
    ///
    /// @throws IOException when the trusted certificates cannot be read
    HttpClient client(CheckConfig.Http config, Certificates certificates) throws IOException {
        if (threads.isShutdown()) {
            throw new IOException("the checks have ended");
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
        return builder.build();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
