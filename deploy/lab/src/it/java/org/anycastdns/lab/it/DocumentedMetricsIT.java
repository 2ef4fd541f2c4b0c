package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of metrics lists what both programs serve, with its type, and nothing else.
class DocumentedMetricsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Pattern TYPE =
            Pattern.compile("(?m)^# TYPE ((?:dns|anycast|bgp|bfd)_\\w+) (\\w+)$");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|");

    /// Documented metrics that a start without signed zones, BFD and internal errors does not show.
    private static final Pattern ON_OCCASION =
            Pattern.compile("dns_zone_signature_expiry\\w*|bfd_\\w+|[a-z]+_internal_errors_total");

    /// Long enough that nothing warns of the end.
    private static final int DAYS_VALID = 90;

    /// The largest recent value, which the announcer's histograms have beside them.
    private static final String LARGEST = "_max";

    @TempDir private Path folder;

    @Test
    void thePageOfMetricsHasWhatBothProgramsServe() throws IOException, InterruptedException {
        int dns = Repository.freePort();
        int dnsAdmin = Repository.freePort();
        int announcerAdmin = Repository.freePort();
        Path config =
                Files.writeString(
                        folder.resolve("announcer.yaml"),
                        """
                        identity: docs
                        router-id: 198.51.100.2
                        local-as: 65010
                        prefixes: ["192.0.2.0/24"]
                        neighbors: [{address: 127.0.0.1, port: %d, remote-as: 65001}]
                        health: {responder: "127.0.0.1:%d", lifeline: "http://127.0.0.1:%d/lifeline"}
                        services:
                          - name: tcp
                            prefixes: ["203.0.113.0/24"]
                            checks: [{tcp: {address: "127.0.0.1:%d"}}]
                        admin: "127.0.0.1:%d"
                        """
                                .formatted(
                                        Repository.freePort(), dns, dnsAdmin, dns, announcerAdmin));
        Path zones = Repository.root().resolve("zones");
        Path serverConfig = serverConfiguration();
        try (Program server =
                        Program.start(
                                List.of(
                                        Repository.launcher("dns-server"),
                                        "run",
                                        "--config=" + serverConfig,
                                        "--zones=" + zones,
                                        "--listen=127.0.0.1:" + dns,
                                        "--admin=127.0.0.1:" + dnsAdmin,
                                        "--identity=docs",
                                        "--warm-up=0s"));
                Program announcer =
                        Program.start(
                                List.of(
                                        Repository.launcher("bgp-announcer"),
                                        "run",
                                        "--config=" + config,
                                        "--record=" + folder.resolve("inputs.jsonl")))) {
            server.awaitLine("^ready", LIMIT);
            announcer.awaitLine("decision: announce", LIMIT);
            Document page = Document.read("docs/reference/metrics.md");
            List<String> faults = new ArrayList<>();
            compare(types(dnsAdmin), rows(page.section("dns-server")), faults);
            compare(types(announcerAdmin), rows(page.section("bgp-announcer")), faults);
            assertEquals("", String.join("\n", faults));
        }
    }

    /// Configures whatever has metrics of its own.
    private Path serverConfiguration() throws IOException, InterruptedException {
        TestCertificate certificate =
                TestCertificate.make(folder, "ns.example.com", "-1d", DAYS_VALID);
        return Files.writeString(
                folder.resolve("server.yaml"),
                """
                tls:
                  listen: "127.0.0.1:%d"
                  certificate: "%s"
                  private-key: "%s"
                state: "%s"
                remotes:
                  hidden: {address: "127.0.0.1:%d"}
                secondary:
                  - {catalog: catalog.example, primaries: hidden}
                """
                        .formatted(
                                Repository.freePort(),
                                certificate.pem(),
                                certificate.keyPem(),
                                folder.resolve("state"),
                                Repository.freePort()));
    }

    private static void compare(
            Map<String, String> served, Map<String, String> documented, List<String> faults) {
        served.forEach((name, type) -> {
            String base =
                    name.endsWith(LARGEST)
                            ? name.substring(0, name.length() - LARGEST.length())
                            : name;
            if (!documented.containsKey(base)) {
                faults.add("no row for %s, a %s".formatted(name, type));
            } else if (base.equals(name) && !type.equals(documented.get(name))) {
                faults.add("%s is a %s".formatted(name, type));
            }
        });
        documented.keySet().stream()
                .filter(name -> !served.containsKey(name))
                .filter(name -> !ON_OCCASION.matcher(name).matches())
                .forEach(name -> faults.add("there is no metric %s".formatted(name)));
    }

    private static Map<String, String> types(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
            return pairs(
                    TYPE,
                    client.send(
                                    HttpRequest.newBuilder(uri).timeout(LIMIT).build(),
                                    BodyHandlers.ofString())
                            .body());
        }
    }

    private static Map<String, String> rows(String section) {
        return pairs(ROW, section);
    }

    private static Map<String, String> pairs(Pattern pattern, String text) {
        Map<String, String> pairs = new TreeMap<>();
        for (MatchResult pair : pattern.matcher(text).results().toList()) {
            pairs.put(pair.group(1), pair.group(2));
        }
        return pairs;
    }
}
