package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sessions that the system protects, with a real BIRD 2 over IPv4 and IPv6: both ends alike come
/// together, others do not, and the announcer's log says what may be the matter. No responder is
/// needed for that.
class BirdSecurityIT {

    /// A JVM's start on a busy machine, and a connection attempt's ten seconds.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String V4 = "198.51.100";
    private static final String V6 = "2001:db8:ffff:";

    @TempDir private Path folder;
    private BirdNetwork network;

    @BeforeEach
    void network() throws IOException, InterruptedException {
        network = new BirdNetwork(folder);
    }

    @AfterEach
    void end() {
        if (network != null) {
            network.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v4 | password \"one\"; | password: one",
                "v6 | password \"one\"; | password: one",
                "v4 | ttl security on; | ttl-security: true",
                "v6 | ttl security on; | ttl-security: true",
                "v4 | password \"p s\"; ttl security on; | { password: 'p s', ttl-security: true }",
                "v4 | multihop 3; | multihop: 3",
                "v4 | local role provider; | role: customer",
                "v4 | local role peer; | role: peer",
                "v4 | passive off; | role: customer"
            })
    void bothEndsAlikeComeTogether(String family, String bird, String ours)
            throws IOException, InterruptedException {
        bird(end(family, 1), end(family, 2), bird);
        announcer(end(family, 1), ours).awaitLine("established with AS65001", LIMIT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v4 | password \"one\"; | password: other | the password \\(TCP-MD5\\) may differ",
                "v6 | password \"one\"; | password: other | the password \\(TCP-MD5\\) may differ",
                "v4 | ttl security off; | ttl-security: true | may not send with TTL 255",
                "v6 | ttl security off; | ttl-security: true | may not send with TTL 255"
            })
    void endsThatDifferDoNotAndTheLogSaysWhy(String family, String bird, String ours, String why)
            throws IOException, InterruptedException {
        bird(end(family, 1), end(family, 2), bird);
        Program announcer = announcer(end(family, 1), ours);
        announcer.awaitLine("(no connection within 10 s|timed out).*; .*" + why, LIMIT);
        assertFalse(announcer.text(Program.Stream.ERR).contains("established"), announcer::tail);
    }

    @Test
    void rolesThatDoNotGoTogetherAreRefused() throws IOException, InterruptedException {
        bird(end("v4", 1), end("v4", 2), "local role peer;");
        announcer(end("v4", 1), "role: customer")
                .awaitLine("our role is customer.*: peer.*2/11|received NOTIFICATION 2/11", LIMIT);
    }

    private static String end(String family, int number) {
        return family.equals("v4") ? V4 + "." + number : V6 + ":" + number;
    }

    private void bird(String router, String pop, String options)
            throws IOException, InterruptedException {
        network.bird(
                """
                protocol bgp pop {
                    local %s as 65001;
                    neighbor %s as 65010;
                    connect delay time 1;
                    error wait time 1,2;
                    %s
                    ipv4 { import all; export none; };
                }
                """
                        .formatted(router, pop, options));
    }

    private Program announcer(String router, String options) throws IOException {
        String neighbor = options.replaceAll("[{}]", "").replaceAll(", *", "\n    ").strip();
        return network.announcer(
                """
                identity: ams1
                router-id: 198.51.100.2
                local-as: 65010
                prefixes: ["192.0.2.0/24"]
                neighbors:
                  - address: "%s"
                    remote-as: 65001
                    %s
                health:
                  responder: "127.0.0.1:53"
                  lifeline: "http://127.0.0.1:9153/lifeline"
                """
                        .formatted(router, neighbor));
    }
}
