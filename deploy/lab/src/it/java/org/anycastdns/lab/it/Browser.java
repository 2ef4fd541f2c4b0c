package org.anycastdns.lab.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;

/// A headless Chromium with one page, driven by the DevTools protocol.
final class Browser implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("ws://(127\\.0\\.0\\.1:\\d+)/");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<Json>> waiting = new ConcurrentHashMap<>();
    private final Path profile = Files.createTempDirectory("chromium");
    private final Program chromium;
    private final WebSocket socket;
    private int calls;

    /// Opens a page.
    ///
    /// @param options further ones of the browser's command line
    Browser(String url, String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Tools.require("chromium"),
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run",
                                "--window-size=1200,1500",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile));
        command.addAll(List.of(options));
        command.add("about:blank");
        chromium = Program.start(command);
        String line = chromium.awaitLine("DevTools listening", LIMIT).text();
        Matcher address = LISTENING.matcher(line);
        if (!address.find()) {
            throw new AssertionError("no address in: " + line);
        }
        String made =
                http.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://"
                                                                + address.group(1)
                                                                + "/json/new?"
                                                                + url))
                                        .PUT(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        socket =
                http.newWebSocketBuilder()
                        .buildAsync(
                                URI.create(Json.parse(made).at("webSocketDebuggerUrl").text()),
                                new Listener())
                        .join();
    }

    /// Goes to another page, as a page would that no policy of its server restrains.
    void open(String url) {
        Json _ = call("Page.setBypassCSP", Map.of("enabled", true));
        Json _ = call("Page.navigate", Map.of("url", url));
    }

    /// The value of a JavaScript expression as text.
    String value(String expression) {
        return call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"))
                .at("result", "result", "value")
                .text();
    }

    /// Waits until an expression has a value.
    void await(String expression, String value) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!value(expression).equals(value)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        expression + " is " + value(expression) + ", not " + value);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    /// Keeps what the page looks like.
    void screenshot(Path file) throws IOException {
        String data =
                call("Page.captureScreenshot", Map.of("format", "png")).at("result", "data").text();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        chromium.close();
        try (var files = Files.walk(profile)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // A child of the browser was still writing: the rest stays in the temporary folder.
        }
    }

    private Json call(String method, Map<String, Object> parameters) {
        int id = ++calls;
        CompletableFuture<Json> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        var _ =
                socket.sendText(
                        Json.text(Map.of("id", id, "method", method, "params", parameters)), true);
        return answer.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// Puts the parts of a message together and hands it to who waits for it.
    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                Json message = Json.parse(text.toString());
                text.setLength(0);
                CompletableFuture<Json> answer = waiting.remove((int) message.at("id").number());
                if (answer != null) {
                    answer.complete(message);
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
