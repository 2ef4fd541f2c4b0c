package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
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

    private static final String DNS_PREFIX = "192\\.0\\.2\\.0/24";
    private static final String WEB_PREFIX = "203\\.0\\.113\\.0/24";

    private static final String ZONE =
            """
            $ORIGIN example.com.
            $TTL 300
            @ SOA ns1 hostmaster 1 7200 3600 1209600 300
            @ NS ns1
            @ A 192.0.2.80
            ns1 A 192.0.2.53
            """;

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

    /// A name server of others.
    enum Server {
        NSD(
                """
                server:
                    ip-address: 192.0.2.53
                    server-count: 1
                    username: ""
                    nsid: "ascii_ams1"
                    zonesdir: "%1$s"
                    zonelistfile: "%1$s/zone.list"
                    xfrdfile: "%1$s/xfrd.state"
                    xfrdir: "%1$s"
                    pidfile: "%1$s/own.pid"
                    database: ""
                remote-control:
                    control-enable: no
                zone:
                    name: "example.com"
                    zonefile: "%1$s/example.com.zone"
                """,
                "identity: required", "nsd", "-d", "-c"),
        KNOT(
                """
                server:
                    rundir: "%1$s"
                    listen: 192.0.2.53@53
                    nsid: "ams1"
                log:
                  - target: stderr
                    any: info
                database:
                    storage: "%1$s"
                zone:
                  - domain: "example.com"
                    file: "%1$s/example.com.zone"
                """,
                "identity: required", "knotd", "--config"),
        BIND(
                """
                options {
                    directory "%1$s";
                    pid-file none;
                    session-keyfile none;
                    server-id "ams1";
                    listen-on { 192.0.2.53; };
                    listen-on-v6 { none; };
                    recursion no;
                };
                controls { };
                zone "example.com" { type primary; file "%1$s/example.com.zone"; };
                """,
                "identity: required", "named", "-g", "-n", "1", "-c"),
        UNBOUND(
                """
                server:
                    interface: 192.0.2.53
                    interface: 192.0.2.53@853
                    tls-port: 853
                    tls-service-key: "%1$s/www.key"
                    tls-service-pem: "%1$s/www.pem"
                    access-control: 0.0.0.0/0 allow
                    do-daemonize: no
                    use-syslog: no
                    chroot: ""
                    username: ""
                    directory: "%1$s"
                    pidfile: "%1$s/own.pid"
                    local-zone: "example.com." static
                    local-data: "example.com. A 192.0.2.80"
                remote-control:
                    control-enable: no
                """,
                "recursive: true, qtype: A, records: [192.0.2.80], transports: [udp, tcp, tls],"
                        + " tls-name: www.example.com, tls-trust: %1$s/www.pem",
                "unbound",
                "-c");

        private final String configuration;
        private final String check;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> command;

        /// @param configuration with the folder as its argument
        /// @param check further keys of the check
        Server(String configuration, String check, String... command) {
            this.configuration = configuration;
            this.check = check;
            this.command = List.of(command);
        }
    }

    private Program bird;

    @BeforeEach
    void startRouter() throws IOException, InterruptedException {
        bird = network.bird(RouterNetwork.session(""));
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsKilledIsWithdrawnAtOnceAndComesBackWithItsSuccessor(Server server)
            throws IOException, InterruptedException {
        Program first = start(server);
        network.announcer(SITE + dns(server, "      - process: {pidfile: " + pidfile() + "}\n"));
        bird.awaitLine("> added .*" + DNS_PREFIX, LIMIT);
        assertLostWithin(AT_ONCE, DNS_PREFIX, first);
        first.awaitExit(LIMIT);
        int mark = bird.mark();
        start(server);
        bird.awaitLine(mark, "> added .*" + DNS_PREFIX, LIMIT);
    }

    @Test
    void withoutAProcessCheckTheAnswersThatAreMissingWithdraw()
            throws IOException, InterruptedException {
        Program server = start(Server.KNOT);
        network.announcer(SITE + dns(Server.KNOT, ""));
        bird.awaitLine("> added .*" + DNS_PREFIX, LIMIT);
        assertLostWithin(SOON, DNS_PREFIX, server);
    }

    @Test
    void aServiceThatFailsOrIsDrainedLeavesTheOtherAlone()
            throws IOException, InterruptedException {
        start(Server.NSD);
        Program web = web();
        network.announcer(SITE + dns(Server.NSD, "") + webService());
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
        web();
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

    private Program start(Server server) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("example.com.zone"), ZONE);
        Path file =
                Files.writeString(
                        folder.resolve(server.name() + ".conf"),
                        server.configuration.formatted(folder));
        certificate();
        List<String> command = new ArrayList<>(server.command);
        command.set(0, Tools.require(command.getFirst()));
        command.add(file.toString());
        Program program = network.programs().start(network.pop(), command);
        Files.writeString(folder.resolve("server.pid"), program.pid() + "\n");
        return program;
    }

    private String pidfile() {
        return folder.resolve("server.pid").toString();
    }

    private String dns(Server server, String more) {
        return """
          - name: dns
            prefixes: ["192.0.2.0/24"]
            checks:
              - dns: {server: "192.0.2.53:53", names: [example.com], timeout: 2s, %s}
        %s\
        """
                .formatted(server.check.formatted(folder), more);
    }

    private String webService() {
        return """
          - name: web
            prefixes: ["203.0.113.0/24"]
            checks:
              - http: {url: "https://203.0.113.80/", contains: Ciphers, tls-name: www.example.com,
                       tls-trust: %s, interval: 200ms, timeout: 2s}
        """
                .formatted(folder.resolve("www.pem"));
    }

    /// Makes a certificate for www.example.com, once.
    private void certificate() throws IOException, InterruptedException {
        if (!Files.exists(folder.resolve("www.pem"))) {
            network.programs()
                    .run(
                            network.pop(),
                            Tools.require("openssl"),
                            "req",
                            "-x509",
                            "-newkey",
                            "ec",
                            "-pkeyopt",
                            "ec_paramgen_curve:prime256v1",
                            "-nodes",
                            "-days",
                            "30",
                            "-subj",
                            "/CN=www.example.com",
                            "-addext",
                            "subjectAltName=DNS:www.example.com",
                            "-keyout",
                            folder.resolve("www.key").toString(),
                            "-out",
                            folder.resolve("www.pem").toString());
        }
    }

    /// Starts an HTTPS server at 203.0.113.80 with a certificate of its own.
    private Program web() throws IOException, InterruptedException {
        certificate();
        network.programs()
                .run(network.pop(), "ip", "address", "replace", "203.0.113.80/32", "dev", "lo");
        Program web =
                network.programs()
                        .start(
                                network.pop(),
                                List.of(
                                        Tools.require("openssl"),
                                        "s_server",
                                        "-www",
                                        "-accept",
                                        "203.0.113.80:443",
                                        "-cert",
                                        folder.resolve("www.pem").toString(),
                                        "-key",
                                        folder.resolve("www.key").toString()));
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
