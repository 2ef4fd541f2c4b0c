package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.daemon.admin.TokenFile;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;

/// A site on loopback for measurements: the built announcer as a process, with [Wire] as its
/// router. The caller provides the responder: the built one, or one whose responses can be changed.
final class Site implements AutoCloseable {

    /// Covers the start of a JVM on a busy machine, and the delays of connection attempts.
    static final Duration LIMIT = Duration.ofSeconds(60);

    /// The part of the start command that runs the program.
    static final String PROGRAM = "\"$0\" run --config \"$1\"";

    /// Twice the probe interval. Failures happen at a random moment between probes, not always just
    /// after the probe that led to the announcement.
    private static final long RHYTHM_MILLIS = 400;

    /// What makes a service fail.
    interface Blow {
        void strike() throws IOException, InterruptedException;
    }

    private final SplittableRandom random = new SplittableRandom();

    final Wire wire = new Wire();
    final Program announcer;
    private final Path folder;
    private final URI admin;

    /// Starts the announcer; returns when it is ready.
    ///
    /// @param identity the name of the site and of the responder
    /// @param more further keys of the configuration; may be empty
    /// @param health further keys of its part `health`, indented; may be empty
    /// @param shell [#PROGRAM], with redirections or variables around it if needed
    Site(
            Path folder,
            String identity,
            InetSocketAddress responder,
            URI lifeline,
            String health,
            String more,
            String shell)
            throws IOException, InterruptedException {
        this(
                folder,
                identity,
                """
                prefixes: ["192.0.2.0/24"]
                health:
                  responder: "127.0.0.1:%d"
                  lifeline: "%s"
                %s
                %s
                """
                        .formatted(responder.getPort(), lifeline, health, more),
                shell);
    }

    /// Starts the announcer for any services; returns when it is ready.
    ///
    /// @param identity the name of the site
    /// @param guarded what is announced and checked, as the rest of the configuration
    /// @param shell [#PROGRAM], with redirections or variables around it if needed
    Site(Path folder, String identity, String guarded, String shell)
            throws IOException, InterruptedException {
        this.folder = folder;
        int port = Repository.freePort();
        admin = URI.create("http://127.0.0.1:" + port);
        Path configuration =
                Files.writeString(
                        folder.resolve(identity + ".yaml"),
                        """
                        identity: %s
                        router-id: 198.51.100.2
                        local-as: 65010
                        neighbors:
                          - {address: 127.0.0.1, port: %d, remote-as: 65001}
                        admin: "127.0.0.1:%d"
                        %s
                        """
                                .formatted(identity, wire.port(), port, guarded));
        announcer =
                Program.start(
                        List.of(
                                "bash",
                                "-c",
                                "exec " + shell,
                                Repository.launcher("bgp-announcer"),
                                configuration.toString()),
                        Programs.environment(folder));
        announcer.awaitLine("^ready", LIMIT);
    }

    /// Returns a lifeline for a responder whose responses can be changed.
    static TestLifeline lifeline(String identity) throws IOException {
        TestLifeline lifeline = new TestLifeline(0);
        lifeline.record(
                "{\"state\":\"ready\",\"identity\":\"%s\",\"zones\":1,\"queries\":7}"
                        .formatted(identity));
        return lifeline;
    }

    /// Returns the time in nanoseconds from a failure of the announced site to an UPDATE.
    /// Afterwards it resumes the site, so that the next run does not wait for the hold-down.
    ///
    /// @param change what the UPDATE must do
    long strike(Change change, Blow blow) throws IOException, InterruptedException {
        wire.await(Change.ANNOUNCED, LIMIT);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(RHYTHM_MILLIS)));
        long before = System.nanoTime();
        blow.strike();
        long noticed = wire.await(change, LIMIT).nanos();
        resume();
        return noticed - before;
    }

    /// Ends the hold-down, as an operator does who vouches for the site.
    void resume() throws IOException, InterruptedException {
        Path token = folder.resolve("run/bgp-announcer-" + admin.getPort() + ".token");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(admin.resolve("/resume"))
                        .header("Authorization", TokenFile.header(token))
                        .POST(HttpRequest.BodyPublishers.noBody());
        assertEquals(200, ask(request).statusCode());
    }

    /// Returns a page of the admin HTTP.
    ///
    /// @param path such as `/metrics`
    String page(String path) throws IOException, InterruptedException {
        return page(admin.resolve(path)).body();
    }

    /// Returns an answer of the admin HTTP.
    static HttpResponse<String> page(URI uri) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(uri));
    }

    private static HttpResponse<String> ask(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Override
    public void close() throws IOException {
        announcer.close();
        wire.close();
    }
}
