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

/// Gets a URL and compares the response with what is expected. Without TLS, [HttpGet] gets it
/// without a thread.
final class HttpCheck implements Check {

    /// How much of a response is searched for the expected text; a health page is far smaller.
    static final int BODY_BYTES_MAX = 64 << 10;

    /// What the check calls itself.
    static final String USER_AGENT = "bgp-announcer";

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
            return unconnected();
        } catch (HttpTimeoutException _) {
            return unanswered(timeout);
        } catch (ConnectException _) {
            return refused();
        } catch (SSLException e) {
            return new CheckResult.Failed(
                    "TLS with " + config.url() + ": " + Certificates.words(e));
        } catch (IOException e) {
            return failed(Certificates.words(e));
        }
    }

    /// Returns the result of a run that could not connect in time.
    CheckResult unconnected() {
        return new CheckResult.Failed("no connection to " + config.url());
    }

    /// Returns the result of a run without a response in time.
    CheckResult unanswered(Duration timeout) {
        return new CheckResult.Failed(
                "no response from %s within %d ms".formatted(config.url(), timeout.toMillis()));
    }

    /// Returns the result of a run that was refused.
    CheckResult refused() {
        return new CheckResult.Failed("nothing listens at " + config.url());
    }

    /// Returns the result of a run that failed for another reason.
    CheckResult failed(String why) {
        return new CheckResult.Failed(
                "cannot get %s: %s".formatted(config.url(), Printable.of(why)));
    }

    private HttpRequest request(Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(config.url().uri())
                        .timeout(timeout)
                        .header("User-Agent", USER_AGENT);
        if (config.certificate().trust().tlsName() != null && HttpClients.HOST_ALLOWED) {
            request.header("Host", host());
        }
        return request.build();
    }

    /// Returns the host that a request names: the TLS name if there is one, otherwise the address.
    String host() {
        String name = config.certificate().trust().tlsName();
        String host = name == null ? config.url().uri().getHost() : name;
        int port = config.url().uri().getPort();
        return port < 0 ? host : host + ":" + port;
    }

    /// Returns whether the text of a response matters.
    boolean searches() {
        return config.contains() != null;
    }

    private CheckResult judged(HttpResponse<String> response, long nanos)
            throws SSLPeerUnverifiedException {
        CheckResult result = judged(response.statusCode(), response.body(), nanos);
        @Nullable String warning =
                result instanceof CheckResult.Good && response.sslSession().isPresent()
                        ? certificates.warning(response.sslSession().get())
                        : null;
        return warning == null ? result : new CheckResult.Warned(warning);
    }

    /// Returns the result of a run with a response.
    ///
    /// @param text the beginning of its body
    /// @param nanos how long the run took
    CheckResult judged(int status, String text, long nanos) {
        if (status != config.status()) {
            return new CheckResult.Failed(
                    "%s answers HTTP status %d, not %d"
                            .formatted(config.url(), status, config.status()));
        }
        String expected = config.contains();
        return expected == null || text.contains(expected)
                ? new CheckResult.Good(nanos)
                : new CheckResult.Failed(
                        "the response of %s does not contain \"%s\""
                                .formatted(config.url(), Printable.of(expected)));
    }
}
