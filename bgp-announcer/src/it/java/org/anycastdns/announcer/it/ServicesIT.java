package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.TestCertificate;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Servers of others, guarded by checks and without a lifeline, with a real BIRD 2 as the router.
class ServicesIT extends BesideRouter {

    private static final Duration LIMIT = Programs.LIMIT;

    /// With `process` a withdrawal takes milliseconds. The rest is for a busy machine.
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    /// Three failures in a row at 200 ms each. The rest is for a busy machine.
    private static final Duration SOON = Duration.ofSeconds(3);

    private static final String ADDRESS = "192.0.2.53";
    private static final int PORT = 53;
    private static final String DNS_PREFIX = "192\\.0\\.2\\.0/24";
    private static final String WEB_PREFIX = "203\\.0\\.113\\.0/24";

    private static final String SITE =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            neighbors: [{address: 198.51.100.1, remote-as: 65001}]
            lease: 5s
            drain: {wait: 1s, linger: 1s}
            services:
            """;

    private Program bird;

    @BeforeEach
    void startRouter() throws IOException, InterruptedException {
        bird = network.bird(RouterNetwork.session(""));
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsKilledIsWithdrawnAtOnceAndComesBackWithItsSuccessor(NameServer server)
            throws IOException, InterruptedException {
        Program first = start(server);
        network.announcer(SITE + dns(server, NameServer.processCheck(pidfile())));
        bird.awaitLine("> added .*" + DNS_PREFIX, LIMIT);
        assertLostWithin(AT_ONCE, DNS_PREFIX, first);
        first.awaitExit(LIMIT);
        int mark = bird.mark();
        start(server);
        bird.awaitLine(mark, "> added .*" + DNS_PREFIX, LIMIT);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAProcessCheckTheAnswersThatAreMissingWithdraw(NameServer server)
            throws IOException, InterruptedException {
        Program victim = start(server);
        network.announcer(SITE + dns(server, ""));
        bird.awaitLine("> added .*" + DNS_PREFIX, LIMIT);
        assertLostWithin(SOON, DNS_PREFIX, victim);
    }

    @Test
    void aServerIsAskedOverTls() throws IOException, InterruptedException {
        TestCertificate certificate = TestCertificate.make(folder, "www.example.com", "-1d", 30);
        List<String> command = NameServer.UNBOUND.command(folder, ADDRESS, PORT);
        Files.writeString(
                Path.of(command.getLast()),
                """
                server:
                    interface: %s@853
                    tls-port: 853
                    tls-service-key: "%s"
                    tls-service-pem: "%s"
                """
                        .formatted(ADDRESS, certificate.keyPem(), certificate.pem()),
                StandardOpenOption.APPEND);
        Program server = network.programs().start(network.pop(), command);
        String tls =
                "timeout: 2s, transports: [tls], tls-name: www.example.com, tls-trust: %s, "
                        .formatted(certificate.pem());
        network.announcer(
                SITE + NameServer.UNBOUND.service("192.0.2.0/24", ADDRESS, PORT, tls, ""));
        bird.awaitLine("> added .*" + DNS_PREFIX, LIMIT);
        assertLostWithin(SOON, DNS_PREFIX, server);
    }

    @Test
    void aServiceThatFailsOrIsDrainedLeavesTheOtherAlone()
            throws IOException, InterruptedException {
        start(NameServer.NSD);
        TestCertificate certificate = TestCertificate.make(folder, "www.example.com", "-1d", 30);
        network.programs()
                .run(network.pop(), "ip", "address", "add", "203.0.113.80/32", "dev", "lo");
        Program web = web(certificate);
        network.announcer(SITE + dns(NameServer.NSD, "") + webService(certificate));
        bird.awaitLine("> added .*" + DNS_PREFIX, LIMIT);
        bird.awaitLine("> added .*" + WEB_PREFIX, LIMIT);

        assertLostWithin(SOON, WEB_PREFIX, web);
        web.awaitExit(LIMIT);
        assertTrue(network.table().contains("192.0.2.0/24"), network::toString);
        String status = network.command("status").text(Program.Stream.OUT);
        assertTrue(status.contains("ams1 dns: ANNOUNCED since"), status);
        assertTrue(status.contains("ams1 web: WITHDRAWN since"), status);
        assertTrue(status.contains("check web/http: "), status);
        int mark = bird.mark();
        web(certificate);
        bird.awaitLine(mark, "> added .*" + WEB_PREFIX, LIMIT);

        int drained = bird.mark();
        Program drain = network.command("drain", "web");
        assertEquals(0, drain.awaitExit(LIMIT), drain::tail);
        bird.awaitLine(drained, "> removed .*" + WEB_PREFIX, LIMIT);
        assertTrue(network.table().contains("192.0.2.0/24"), network::toString);
        int resumed = bird.mark();
        network.command("resume", "web");
        bird.awaitLine(resumed, "> added .*" + WEB_PREFIX, LIMIT);
        assertFalse(
                bird.text(Program.Stream.ERR).matches("(?s).*> removed \\S* *" + DNS_PREFIX + ".*"),
                bird::tail);
        assertEquals(1, network.command("drain", "wbe").awaitExit(LIMIT));
    }

    private Program start(NameServer server) throws IOException, InterruptedException {
        Program program =
                network.programs().start(network.pop(), server.command(folder, ADDRESS, PORT));
        Files.writeString(pidfile(), program.pid() + "\n");
        return program;
    }

    private Path pidfile() {
        return folder.resolve("server.pid");
    }

    private static String dns(NameServer server, String more) {
        return server.service("192.0.2.0/24", ADDRESS, PORT, "timeout: 2s, ", more);
    }

    private String webService(TestCertificate certificate) {
        return """
          - name: web
            prefixes: ["203.0.113.0/24"]
            checks:
              - http: {url: "https://203.0.113.80/", contains: Ciphers, tls-name: www.example.com,
                       tls-trust: %s, interval: 200ms, timeout: 2s}
        """
                .formatted(certificate.pem());
    }

    /// Starts an HTTPS server at 203.0.113.80.
    private Program web(TestCertificate certificate) throws IOException, InterruptedException {
        Program web =
                network.programs()
                        .start(
                                network.pop(),
                                certificate.server(Tools.require("openssl"), "203.0.113.80:443"));
        web.awaitLine("ACCEPT", LIMIT);
        return web;
    }

    private void assertLostWithin(Duration limit, String prefix, Program victim)
            throws IOException, InterruptedException {
        int mark = bird.mark();
        long before = System.nanoTime();
        victim.signal(Signal.KILL);
        Program.Line lost = bird.awaitLine(mark, "> removed .*" + prefix, LIMIT);
        Duration loss = Duration.ofNanos(lost.nanos() - before);
        assertTrue(loss.compareTo(limit) <= 0, () -> "lost after " + loss + bird.tail());
    }
}
