package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.jspecify.annotations.Nullable;

/// Gets a URL and compares the response with what is expected.
final class HttpCheck implements Check {

    /// How much of a response is searched for the expected text; a health page is far smaller.
    private static final int BODY_BYTES_MAX = 64 << 10;

    private final CheckConfig.Http config;
    private final Certificates certificates;
    private final HttpClients clients;

    /// Creates a check.
    ///
    /// @param clients shared by all checks, because each client has a thread
    HttpCheck(CheckConfig.Http config, HttpClients clients) {
        this.config = config;
        this.certificates = new Certificates(config.certificate());
        this.clients = clients;
    }

    @Override
    public CheckResult run(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        try {
            HttpClient client = clients.client(config, certificates);
            HttpResponse<String> response =
                    client.send(request(timeout), _ -> new Beginning(BODY_BYTES_MAX));
            return judged(response, System.nanoTime() - start);
        } catch (HttpConnectTimeoutException _) {
            return new CheckResult.Failed("no connection to " + config.url());
        } catch (HttpTimeoutException _) {
            return new CheckResult.Failed(
                    "no response from %s within %d ms".formatted(config.url(), timeout.toMillis()));
        } catch (ConnectException _) {
            return new CheckResult.Failed("nothing listens at " + config.url());
        } catch (SSLException e) {
            return new CheckResult.Failed(
                    "TLS with " + config.url() + ": " + Certificates.words(e));
        } catch (IOException e) {
            return new CheckResult.Failed(
                    "cannot get %s: %s".formatted(config.url(), Certificates.words(e)));
        }
    }

    private HttpRequest request(Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(config.url().uri())
                        .timeout(timeout)
                        .header("User-Agent", "bgp-announcer");
        String name = config.certificate().trust().tlsName();
        if (name != null && HttpClients.HOST_ALLOWED) {
            int port = config.url().uri().getPort();
            request.header("Host", port < 0 ? name : name + ":" + port);
        }
        return request.build();
    }

    private CheckResult judged(HttpResponse<String> response, long nanos)
            throws SSLPeerUnverifiedException {
        if (response.statusCode() != config.status()) {
            return new CheckResult.Failed(
                    "%s answers HTTP status %d, not %d"
                            .formatted(config.url(), response.statusCode(), config.status()));
        }
        String expected = config.contains();
        if (expected != null && !response.body().contains(expected)) {
            return new CheckResult.Failed(
                    "the response of %s does not contain \"%s\""
                            .formatted(config.url(), Printable.of(expected)));
        }
        @Nullable String warning =
                response.sslSession().isPresent()
                        ? certificates.warning(response.sslSession().get())
                        : null;
        return warning == null ? new CheckResult.Good(nanos) : new CheckResult.Warned(warning);
    }
}
