package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.anycastdns.announcer.check.TestHttps;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.TestCertificate;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Measures the time from a failure of a server of others, guarded by checks and without a
/// lifeline, until the withdrawal is on the wire. `deploy/measure` makes more runs.
@Tag("measure")
class ServicesMeasureIT {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String NAME = "www.example.com";
    private static final int DAYS = 30;

    @TempDir private Path folder;
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = Repository.freePort();
    }

    @ParameterizedTest
    @EnumSource
    void killedWithProcessCheck(NameServer server) throws IOException, InterruptedException {
        killed(
                server,
                server + " SIGKILLed, process check, to WITHDRAW, ms",
                50,
                NameServer.processCheck(pidfile()));
    }

    @ParameterizedTest
    @EnumSource
    void killedWithDnsCheck(NameServer server) throws IOException, InterruptedException {
        killed(server, server + " SIGKILLed, dns check only, to WITHDRAW, ms", 1_000, "");
    }

    private void killed(NameServer server, String name, int bar, String more)
            throws IOException, InterruptedException {
        Distribution times = new Distribution(name, bar);
        try (Site site = site(server.service(Pop.V4, LOOPBACK, port, "", more))) {
            for (int run = 0; run < Distribution.RUNS; run++) {
                try (Program program = start(server)) {
                    times.took(site.strike(Change.WITHDRAWN, () -> program.signal(Signal.KILL)));
                }
            }
        }
        times.judge();
    }

    @Test
    void killedHttpsServer() throws IOException, InterruptedException {
        Distribution times =
                new Distribution("HTTPS server SIGKILLed, http check, to WITHDRAW, ms", 1_000);
        TestCertificate certificate = TestCertificate.make(folder, NAME, "-1d", DAYS);
        try (Site site = site(web(Pop.V4, certificate, port))) {
            for (int run = 0; run < Distribution.RUNS; run++) {
                try (Program web = server(certificate)) {
                    times.took(site.strike(Change.WITHDRAWN, () -> web.signal(Signal.KILL)));
                }
            }
        }
        times.judge();
    }

    /// Connections and TLS sessions are used again for 10 s.
    @Test
    void certificateOfAnotherName() throws IOException, InterruptedException {
        certificate(
                "HTTPS certificate of another name to WITHDRAW, ms",
                11_000,
                TestCertificate.make(folder, "other.example.com", "-1d", DAYS),
                Change.WITHDRAWN);
    }

    @Test
    void expiredCertificate() throws IOException, InterruptedException {
        certificate(
                "HTTPS certificate expired to WITHDRAW, ms",
                11_000,
                TestCertificate.make(folder, NAME, "-40d", DAYS),
                Change.WITHDRAWN);
    }

    /// Soft evidence must last for half of `depreference.delay` up to all of it.
    @Test
    void certificateThatExpiresSoon() throws IOException, InterruptedException {
        certificate(
                "HTTPS certificate expires in a day, delay 1 s, to depreferenced, ms",
                12_000,
                TestCertificate.make(folder, NAME, "-29d", DAYS),
                Change.DEPREFERENCED);
    }

    private void certificate(String name, int bar, TestCertificate bad, Change change)
            throws IOException, InterruptedException {
        Distribution times = new Distribution(name, bar);
        TestCertificate good = TestCertificate.make(folder, NAME, "-1d", DAYS);
        Files.write(good.pem(), Files.readAllBytes(bad.pem()), StandardOpenOption.APPEND);
        try (TestHttps web = new TestHttps(good);
                Site site = site(web(Pop.V4, good, web.port()))) {
            for (int run = 0; run < Distribution.RUNS; run++) {
                times.took(site.strike(change, () -> web.present(bad)));
                web.present(good);
            }
            if (change == Change.DEPREFERENCED) {
                assertEquals(0, site.wire.count(Change.WITHDRAWN), site.announcer::tail);
            }
        }
        times.judge();
    }

    @Test
    void theOtherService() throws IOException, InterruptedException {
        Distribution updates =
                new Distribution("one of two services killed and back, UPDATEs of the other", 0);
        TestCertificate certificate = TestCertificate.make(folder, NAME, "-1d", DAYS);
        NameServer killed = NameServer.KNOT;
        try (TestHttps web = new TestHttps(certificate);
                Site site =
                        site(
                                killed.service(Pop.V4, LOOPBACK, port, "", "")
                                        + web("203.0.113.0/24", certificate, web.port()))) {
            int before =
                    Eventually.seen("the other service", Site.LIMIT, site.wire::others, n -> n > 0);
            for (int run = 0; run < Distribution.RUNS; run++) {
                try (Program program = start(killed)) {
                    site.strike(Change.WITHDRAWN, () -> program.signal(Signal.KILL));
                }
                updates.add(site.wire.others() - before);
                before = site.wire.others();
            }
        }
        updates.judge();
    }

    private Site site(String services) throws IOException, InterruptedException {
        return new Site(
                folder, "ams1", "depreference: {delay: 1s}\nservices:\n" + services, Site.PROGRAM);
    }

    private Program start(NameServer server) throws IOException {
        Program program = Program.start(server.command(folder, LOOPBACK, port));
        Files.writeString(pidfile(), program.pid() + "\n");
        return program;
    }

    private Program server(TestCertificate certificate) throws IOException {
        return Program.start(certificate.server(Tools.require("openssl"), LOOPBACK + ":" + port));
    }

    private Path pidfile() {
        return folder.resolve("server.pid");
    }

    private static String web(String prefix, TestCertificate trusted, int port) {
        return """
          - name: web
            prefixes: ["%s"]
            checks:
              - http: {url: "https://127.0.0.1:%d/", tls-name: www.example.com, tls-trust: %s,
                       interval: 200ms}
        """
                .formatted(prefix, port, trusted.pem());
    }
}
