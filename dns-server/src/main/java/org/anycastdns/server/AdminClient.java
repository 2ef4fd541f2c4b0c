package org.anycastdns.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Sends requests to the admin server of a running responder.
final class AdminClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// A reload of very large zones takes minutes.
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final String address;

    /// Creates a client for a responder's admin server.
    ///
    /// @param address HOST:PORT
    AdminClient(String address) {
        this.address = address;
    }

    /// A response: its status code and its text.
    record Reply(int status, String text) {

        /// Returns the JSON text as maps and lists. A YAML parser reads it, since JSON is a subset
        /// of YAML.
        Map<?, ?> json() {
            try {
                Object value = new Load(LoadSettings.builder().build()).loadFromString(text);
                return value instanceof Map<?, ?> map ? map : Map.of();
            } catch (YamlEngineException e) {
                // The response is not from one of our admin servers.
                return Map.of();
            }
        }
    }

    /// Requests a page.
    ///
    /// @throws IOException with a sentence for the operator
    Reply get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    /// Requests an action.
    ///
    /// @throws IOException with a sentence for the operator
    Reply post(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()));
    }

    private URI uri(String path) throws IOException {
        try {
            URI uri = URI.create("http://" + address + path);
            if (uri.getHost() != null && uri.getPort() > 0) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the message for an address without a port
        }
        throw new IOException("--admin: '%s' is not HOST:PORT".formatted(address));
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build()) {
            HttpResponse<String> response =
                    client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new IOException(
                    "no responder can be asked at %s (is it running? --admin tells its address)"
                            .formatted(address),
                    e);
        }
    }
}
