package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.testkit.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Checks of a server with TLS whose certificate is valid for ten days.
class TlsChecksTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final CheckConfig.Terms TERMS =
            new CheckConfig.Terms(
                    null, null, null, new CheckConfig.Turn(1, 1), CheckConfig.Weight.HARD);
    private static final String NAME = "www.example.com";

    @TempDir private Path folder;
    private TestCertificate certificate;
    private Path pem;
    private TestHttps server;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.make(folder, NAME, "-1d", 11);
        pem = certificate.pem();
        server = new TestHttps(certificate);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theCertificateMustBeTrustedAndHaveTheName() throws Exception {
        try (HttpClients clients = new HttpClients()) {
            assertInstanceOf(CheckResult.Good.class, http(NAME, pem, 3, clients).run(TIMEOUT));
            CheckResult unknown = http(NAME, null, 3, clients).run(TIMEOUT);
            assertInstanceOf(CheckResult.Failed.class, unknown);
            assertTrue(unknown.text().contains("TLS with https://127.0.0.1:"), unknown::text);
            assertInstanceOf(
                    CheckResult.Failed.class,
                    http("other.example.com", pem, 3, clients).run(TIMEOUT));
            assertInstanceOf(CheckResult.Failed.class, http(null, pem, 3, clients).run(TIMEOUT));
        }
        assertInstanceOf(CheckResult.Good.class, tcp(NAME, pem, 3).run(TIMEOUT));
        assertInstanceOf(CheckResult.Failed.class, tcp("other.example.com", pem, 3).run(TIMEOUT));
        assertInstanceOf(CheckResult.Failed.class, tcp(NAME, null, 3).run(TIMEOUT));
    }

    @Test
    void aCertificateThatExpiresTooSoonIsAWarning() throws Exception {
        try (HttpClients clients = new HttpClients()) {
            CheckResult result = http(NAME, pem, 30, clients).run(TIMEOUT);
            assertInstanceOf(CheckResult.Warned.class, result, result::text);
            assertTrue(result.text().startsWith("the certificate expires on "), result::text);
        }
        assertInstanceOf(CheckResult.Warned.class, tcp(NAME, pem, 30).run(TIMEOUT));
    }

    /// Servers keep connections open and resume TLS sessions. Neither hides for long what a client
    /// sees that comes for the first time.
    @Test
    void aCertificateThatChangesIsSeenSoon() throws Exception {
        TestCertificate expired = TestCertificate.make(folder, NAME, "-40d", 30);
        TestCertificate early = TestCertificate.make(folder, NAME, "+2d", 30);
        TestCertificate other = TestCertificate.make(folder, "other.example.com", "-1d", 30);
        Path trust =
                Files.write(
                        folder.resolve("trust.pem"),
                        List.of(text(certificate), text(expired), text(early), text(other)));
        AtomicLong clock = new AtomicLong();
        try (HttpClients clients = new HttpClients(clock::get)) {
            for (Check check :
                    List.of(
                            http(NAME, trust, 3, clients),
                            new TcpCheck(tcpConfig(NAME, trust, 3), clock::get))) {
                for (TestCertificate bad : List.of(expired, early, other)) {
                    assertInstanceOf(CheckResult.Good.class, check.run(TIMEOUT));
                    server.present(bad);
                    clock.addAndGet(Certificates.RENEWAL.toNanos());
                    CheckResult result = check.run(TIMEOUT);
                    assertInstanceOf(CheckResult.Failed.class, result, result::text);
                    server.present(certificate);
                    clock.addAndGet(Certificates.RENEWAL.toNanos());
                }
                assertInstanceOf(CheckResult.Good.class, check.run(TIMEOUT));
            }
        }
    }

    private static String text(TestCertificate certificate) throws IOException {
        return Files.readString(certificate.pem());
    }

    @Test
    void aDnsServerOverTlsMustAnswerAndProveItsName() throws Exception {
        try (TestResponder responder = new TestResponder("ams1");
                ServerSocket tls = responder.tls(server.context())) {
            int port = tls.getLocalPort();
            assertInstanceOf(
                    CheckResult.Good.class, dns(responder, port, NAME, pem, 3).run(TIMEOUT));
            assertInstanceOf(
                    CheckResult.Warned.class, dns(responder, port, NAME, pem, 30).run(TIMEOUT));
            for (CheckResult result :
                    List.of(
                            dns(responder, port, "other.example.com", pem, 3).run(TIMEOUT),
                            dns(responder, port, NAME, null, 3).run(TIMEOUT))) {
                assertInstanceOf(CheckResult.Failed.class, result);
                assertTrue(result.text().startsWith("TLS with 127.0.0.1:" + port), result::text);
                assertTrue(result.text().endsWith(" over TLS"), result::text);
            }
            responder.bend((_, right) -> {
                right.getHeader().setRcode(Rcode.SERVFAIL);
                return right.toWire();
            });
            assertEquals(
                    new CheckResult.Failed("SERVFAIL for example.com. SOA over TLS"),
                    dns(responder, port, NAME, pem, 3).run(TIMEOUT));
        }
    }

    /// A server that takes the connection and never says a word.
    @Test
    void aHandshakeThatHangsHasFailedAfterItsTimeout() throws Exception {
        try (TestResponder responder = new TestResponder("ams1");
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(
                    new CheckResult.Failed("no answer within 200 ms over TLS"),
                    dns(responder, silent.getLocalPort(), NAME, pem, 3)
                            .run(Duration.ofMillis(200)));
        }
    }

    private static DnsCheck dns(
            TestResponder server, int port, String name, @Nullable Path trust, int days) {
        return new DnsCheck(
                new CheckConfig.Dns(
                        server.address(),
                        List.of(CheckConfig.Transport.TLS),
                        port,
                        new CheckConfig.Certificate(new CheckConfig.Trust(name, trust), days),
                        List.of(Name.fromConstantString("example.com.")),
                        new CheckConfig.RecordType(Type.SOA),
                        CheckConfig.Rcode.NOERROR,
                        List.of(),
                        false,
                        CheckConfig.Identity.REQUIRED,
                        null,
                        true,
                        TERMS),
                "ams1");
    }

    @Test
    void aLifelineOverTlsIsFollowedIfItProvesItsName() throws Exception {
        server.page(
                "/lifeline",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    String record =
                            "data: {\"state\":\"ready\",\"identity\":\"ams1\",\"zones\":1,"
                                    + "\"queries\":7}\n\n";
                    exchange.getResponseBody().write(record.getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                });
        URI uri = URI.create("https://127.0.0.1:" + server.port() + "/lifeline");
        assertEquals(
                new Observation.Beat(Observation.Beat.State.READY, "ams1", 1, 7),
                first(uri, new CheckConfig.Trust(NAME, pem)));
        for (CheckConfig.Trust trust :
                List.of(
                        CheckConfig.Trust.USUAL,
                        new CheckConfig.Trust("other.example.com", pem),
                        new CheckConfig.Trust(NAME, null))) {
            Observation.Closed closed =
                    assertInstanceOf(Observation.Closed.class, first(uri, trust));
            assertTrue(closed.why().startsWith("TLS with " + uri.getAuthority()), closed::why);
        }
        CheckConfig.Trust missing = new CheckConfig.Trust(NAME, folder.resolve("missing.pem"));
        Observation.Closed closed = assertInstanceOf(Observation.Closed.class, first(uri, missing));
        assertTrue(closed.why().contains("there is no file"), closed::why);
    }

    private static Observation first(URI uri, CheckConfig.Trust trust) throws InterruptedException {
        BlockingQueue<Observation> seen = new LinkedBlockingQueue<>();
        try (LifelineClient client = new LifelineClient(uri, trust, seen::add)) {
            client.start();
            return Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS), "nothing was told");
        }
    }

    @Test
    void aFileOfTrustedCertificatesThatIsMissingIsAClearSentence() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertTrue(
                tcp(NAME, missing, 3).run(TIMEOUT).text().contains("there is no file"),
                missing::toString);
    }

    private HttpCheck http(
            @Nullable String name, @Nullable Path trust, int days, HttpClients clients) {
        return new HttpCheck(
                new CheckConfig.Http(
                        new CheckConfig.Url(URI.create("https://127.0.0.1:" + server.port())),
                        200,
                        null,
                        CheckConfig.HttpVersion.AUTO,
                        new CheckConfig.Certificate(new CheckConfig.Trust(name, trust), days),
                        TERMS),
                clients);
    }

    private TcpCheck tcp(String name, @Nullable Path trust, int days) {
        return new TcpCheck(tcpConfig(name, trust, days));
    }

    private CheckConfig.Tcp tcpConfig(String name, @Nullable Path trust, int days) {
        return new CheckConfig.Tcp(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                new CheckConfig.Tls(
                        true,
                        new CheckConfig.Certificate(new CheckConfig.Trust(name, trust), days)),
                TERMS);
    }
}
