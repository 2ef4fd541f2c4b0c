package org.anycastdns.announcer.check;

import java.net.http.HttpClient;
import java.time.Duration;

/// HTTP access to the responder's status server.
final class StatusHttp {

    private StatusHttp() {}

    /// Returns a client that uses no proxy and follows no redirect.
    static HttpClient client(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }
}
