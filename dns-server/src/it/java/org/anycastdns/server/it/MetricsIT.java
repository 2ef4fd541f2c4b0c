package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.anycastdns.testkit.LogFormat;
import org.anycastdns.testkit.Promtool;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Tests the metrics of a running responder as Prometheus reads them.
class MetricsIT {

    @TempDir private Path folder;

    @Test
    void promtoolFindsNoFault() throws IOException, InterruptedException {
        try (Server server = Server.start(Repository.root().resolve("zones"))) {
            assertEquals("NOERROR 192.0.2.53", server.answer("ns1.example.com.", Type.A));
            String scrape =
                    Promtool.check(
                            URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics"),
                            folder);
            assertTrue(
                    scrape.contains("dns_response_time_seconds_bucket{le=\"1e-06\"}")
                            && scrape.contains("\nprocess_cpu_seconds_total "),
                    scrape);
        }
    }

    /// Standard error and standard output of a whole run: start, warm-up, a query, shutdown.
    @Test
    void nothingButTheLogIsWritten() throws IOException, InterruptedException {
        try (Server server = Server.startWarm(Repository.root().resolve("zones"), "2s")) {
            assertEquals("NOERROR 192.0.2.53", server.answer("ns1.example.com.", Type.A));
            server.program().signal(org.anycastdns.testkit.Program.Signal.TERM);
            assertEquals(0, server.program().awaitExit(Server.START_LIMIT));
            LogFormat.check(server.program());
            String log = server.program().text(org.anycastdns.testkit.Program.Stream.ERR);
            assertFalse(log.contains("AotCache:"), log);
        }
    }
}
