package org.anycastdns.announcer.command;

import static java.net.http.HttpClient.Builder.NO_PROXY;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The option `--admin` of the commands that talk to a running announcer.
final class AdminOption {

    /// The time limit for a request. A running announcer answers within milliseconds.
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9179",
            description = "The announcer's admin HTTP (default: ${DEFAULT-VALUE}).")
    private String admin = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /// A request to the announcer.
    @FunctionalInterface
    interface Request {
        /// Returns the text to print.
        String answer() throws IOException;
    }

    /// Prints the answer to a request, or why there is none. Returns the exit code.
    int print(Request request) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.print(request.answer());
            out.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println("bgp-announcer: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    /// Sends a GET request and returns the answer.
    ///
    /// @throws IOException when there is none; the message is fit for the operator
    String read(String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    /// Sends a POST request with this text and returns the answer.
    ///
    /// @throws IOException when there is none; the message is fit for the operator
    String post(String path, String text) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(text)));
    }

    /// Sends a POST request without a text and returns the answer, whatever its HTTP status.
    ///
    /// @throws IOException when there is none; the message is fit for the operator
    HttpResponse<String> answer(String path) throws IOException {
        return exchange(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()));
    }

    private URI uri(String path) {
        URI uri;
        try {
            uri = URI.create("http://" + admin + path);
        } catch (IllegalArgumentException _) {
            uri = URI.create("http:///");
        }
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--admin must be HOST:PORT, not '" + admin + "'");
        }
        return uri;
    }

    private String send(HttpRequest.Builder request) throws IOException {
        HttpResponse<String> response = exchange(request);
        if (response.statusCode() != 200) {
            throw new IOException(
                    "the announcer at %s answers HTTP status %d: %s"
                            .formatted(admin, response.statusCode(), response.body().strip()));
        }
        return response.body();
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException {
        try (HttpClient client =
                HttpClient.newBuilder().proxy(NO_PROXY).connectTimeout(TIMEOUT).build()) {
            return client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException("no announcer answers at " + admin + "; is it running?", e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
