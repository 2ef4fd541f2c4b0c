package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests what only BIRD supports among the routers of [RouterIT]: BGP roles, and a neighbor some
/// hops away. They need no responder.
class BirdRoleIT {

    /// Covers the start of a JVM on a busy machine, and ten seconds for a connection attempt.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;
    @AutoClose private RouterNetwork network;

    @BeforeEach
    void network() throws IOException, InterruptedException {
        network = new RouterNetwork(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multihop 3; | multihop: 3",
                "local role provider; | role: customer",
                "local role peer; | role: peer",
                "passive off; | role: customer"
            })
    void bothEndsAlikeComeTogether(String bird, String ours)
            throws IOException, InterruptedException {
        bird(bird);
        announcer(ours).awaitLine("established with AS65001", LIMIT);
    }

    @Test
    void rolesThatDoNotGoTogetherAreRefused() throws IOException, InterruptedException {
        bird("local role peer;");
        announcer("role: customer")
                .awaitLine("our role is customer.*: peer.*2/11|received NOTIFICATION 2/11", LIMIT);
    }

    private void bird(String options) throws IOException, InterruptedException {
        network.bird(
                """
                protocol bgp pop {
                    local 198.51.100.1 as 65001;
                    neighbor 198.51.100.2 as 65010;
                    connect delay time 1;
                    error wait time 1,2;
                    %s
                    ipv4 { import all; export none; };
                }
                """
                        .formatted(options));
    }

    private Program announcer(String options) throws IOException {
        return network.announcer(
                TestConfig.SITE
                        + """
                        neighbors:
                          - address: 198.51.100.1
                            remote-as: 65001
                            %s
                        health:
                          responder: "127.0.0.1:53"
                          lifeline: "http://127.0.0.1:9153/lifeline"
                        """
                                .formatted(options));
    }
}
