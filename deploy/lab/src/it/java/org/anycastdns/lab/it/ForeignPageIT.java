package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A web page of another origin, in a real browser, against the admin ports of both programs: it
/// changes nothing and reads nothing.
class ForeignPageIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Every way of a page to send a request somewhere else; `results` says what it got to see.
    private static final String PAGE =
            """
            <!DOCTYPE html>
            <title>foreign</title>
            <script>
            const targets = [TARGETS];
            const results = [];
            let done = false;
            async function attempt(name, send) {
              let seen;
              try { seen = await send(); } catch (e) { seen = 'blocked'; }
              results.push(name + ' ' + seen);
            }
            function element(tag, attributes) {
              return new Promise(resolve => {
                const made = document.createElement(tag);
                made.onload = () => resolve(tag === 'iframe' ? frame(made) : 'READ');
                made.onerror = () => resolve('blocked');
                Object.assign(made, attributes);
                document.body.append(made);
              });
            }
            function frame(made) {
              try { return made.contentDocument ? 'READ' : 'blocked'; } catch (e) { return 'blocked'; }
            }
            function form(action) {
              return new Promise(resolve => {
                const target = document.createElement('iframe');
                target.name = 'frame' + results.length;
                document.body.append(target);
                const made = document.createElement('form');
                Object.assign(made, {method: 'POST', action: action, target: target.name});
                document.body.append(made);
                target.onload = () => resolve(frame(target));
                made.submit();
              });
            }
            function stream(url) {
              return new Promise(resolve => {
                const events = new EventSource(url);
                events.onmessage = () => { events.close(); resolve('READ'); };
                events.onerror = () => { events.close(); resolve('blocked'); };
              });
            }
            function socket(url) {
              return new Promise(resolve => {
                const made = new WebSocket(url);
                made.onopen = () => resolve('READ');
                made.onerror = () => resolve('blocked');
              });
            }
            async function text(url, options) {
              const answer = await fetch(url, options);
              return (await answer.text()).length > 0 ? 'READ' : 'blocked';
            }
            async function run() {
              for (const target of targets) {
                for (const path of ['/status', '/metrics', '/ready', '/health']) {
                  const url = target + path;
                  await attempt('fetch ' + url, () => text(url));
                  await attempt('no-cors ' + url, () => text(url, {mode: 'no-cors'}));
                  await attempt('img ' + url, () => element('img', {src: url}));
                  await attempt('script ' + url, () => element('script', {src: url}));
                  await attempt('iframe ' + url, () => element('iframe', {src: url}));
                }
                await attempt('events ' + target, () => stream(target + '/lifeline'));
                await attempt('socket ' + target, () => socket(target.replace('http', 'ws') + '/lifeline'));
                for (const path of ['/drain', '/reload?force=true&allow-withdraw=true', '/resume']) {
                  const url = target + path;
                  await attempt('form ' + url, () => form(url));
                  await attempt('no-cors POST ' + url,
                      () => text(url, {method: 'POST', mode: 'no-cors', body: 'x'}));
                  await attempt('cors POST ' + url, () => text(url, {method: 'POST'}));
                  await attempt('preflight POST ' + url, () => text(url,
                      {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}));
                  await attempt('beacon ' + url, async () => { navigator.sendBeacon(url); return 'sent'; });
                }
              }
              done = true;
            }
            </script>
            <body onload="run()"></body>
            """;

    @TempDir private Path folder;

    private int serverAdmin;
    private int announcerAdmin;
    private Program server;
    private Program announcer;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        int port = Repository.freePort();
        serverAdmin = Repository.freePort();
        announcerAdmin = Repository.freePort();
        server =
                Program.start(
                        Repository.dnsServer(
                                Repository.root().resolve("zones"),
                                port,
                                "--admin",
                                "127.0.0.1:" + serverAdmin,
                                "--identity",
                                "ams1",
                                "--warm-up",
                                "0s"));
        server.awaitLine("^ready", LIMIT);
        Path config =
                Files.writeString(
                        folder.resolve("announcer.yaml"),
                        """
                        identity: ams1
                        router-id: 198.51.100.2
                        local-as: 65010
                        prefixes: ["192.0.2.0/24"]
                        neighbors:
                          - {address: 127.0.0.1, port: %d, remote-as: 65001}
                        health:
                          responder: "127.0.0.1:%d"
                          lifeline: "http://127.0.0.1:%d/lifeline"
                        admin: "127.0.0.1:%d"
                        """
                                .formatted(
                                        Repository.freePort(), port, serverAdmin, announcerAdmin));
        announcer =
                Program.start(
                        List.of(
                                Repository.launcher("bgp-announcer"),
                                "run",
                                "--config",
                                config.toString()));
        announcer.awaitLine("^ready", LIMIT);
    }

    @AfterEach
    void stop() {
        server.close();
        announcer.close();
    }

    @Test
    void aPageOfAnotherOriginChangesNothingAndReadsNothing()
            throws IOException, InterruptedException {
        String targets =
                "'http://127.0.0.1:%1$d', 'http://localhost:%1$d', 'http://127.0.0.1:%2$d'"
                        .formatted(serverAdmin, announcerAdmin);
        HttpServer page =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext(
                "/",
                exchange -> {
                    byte[] octets =
                            PAGE.replace("TARGETS", targets).getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "text/html");
                    exchange.sendResponseHeaders(200, octets.length);
                    exchange.getResponseBody().write(octets);
                    exchange.close();
                });
        page.start();
        try (Browser browser =
                new Browser("http://127.0.0.1:" + page.getAddress().getPort() + "/")) {
            browser.await("done", "true");
            String results = browser.value("results.join('\\n')");
            // 4 paths read in 5 ways, 2 streams, 3 posts in 5 ways; against 3 targets.
            assertEquals(3 * (20 + 2 + 15), results.lines().count(), results);
            assertFalse(results.contains("READ"), results);
            assertNothingChanged();
        } finally {
            page.stop(0);
        }
    }

    /// DNS rebinding: the attacker's name has our address now, so that the page and the admin port
    /// are one origin for the browser.
    @Test
    void aNameThatPointsHereIsNoWayIn() throws IOException, InterruptedException {
        for (int admin : List.of(serverAdmin, announcerAdmin)) {
            String origin = "http://evil.example:" + admin;
            try (Browser browser =
                    new Browser(
                            "about:blank", "--host-resolver-rules=MAP evil.example 127.0.0.1")) {
                browser.open(origin + "/status");
                browser.await("location.origin", origin);
                browser.await("document.readyState", "complete");
                String body = browser.value("document.body.innerText");
                assertTrue(body.contains("admin-names"), body);
                for (String path :
                        List.of("/status", "/metrics", "/drain", "/reload", "/lifeline")) {
                    boolean post = path.equals("/drain") || path.equals("/reload");
                    String _ =
                            browser.value(
                                    "(window.got = '', fetch('%s', {method: '%s'}).then(r => window.got = '' + r.status))"
                                            .formatted(path, post ? "POST" : "GET"));
                    browser.await("window.got", "403");
                }
            }
        }
        assertNothingChanged();
    }

    private void assertNothingChanged() throws IOException, InterruptedException {
        assertTrue(get(serverAdmin, "/status").startsWith("{\"state\":\"ready\""));
        assertFalse(get(announcerAdmin, "/status").contains("drained by operator"));
        String log = server.text(Program.Stream.ERR) + announcer.text(Program.Stream.ERR);
        assertFalse(log.contains("drained by") || log.contains("reload result"), log);
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }
}
