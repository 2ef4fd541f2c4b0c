package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Checks a program's metrics with Prometheus's own tool.
public final class Promtool {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Promtool() {}

    /// Fails if `promtool check metrics` finds a problem in a scrape.
    ///
    /// @param scratch folder for the scrape
    /// @return the scrape
    public static String check(URI metrics, Path scratch) throws IOException, InterruptedException {
        String promtool = Tools.require("promtool");
        Path scrape = scratch.resolve("metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(metrics).timeout(LIMIT).build();
            assertEquals(200, client.send(request, BodyHandlers.ofFile(scrape)).statusCode());
        }
        Program check =
                Program.run(
                        LIMIT,
                        List.of(
                                "sh",
                                "-c",
                                "exec \"$0\" check metrics <\"$1\"",
                                promtool,
                                scrape.toString()));
        assertEquals(0, check.awaitExit(LIMIT), check::tail);
        assertEquals("", check.text(Program.Stream.ERR));
        return Files.readString(scrape);
    }
}
