package org.anycastdns.announcer.it;

import java.io.IOException;
import java.time.Duration;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests what only BIRD supports among the routers of [RouterIT]: BGP roles, and a neighbor some
/// hops away. They need no responder.
class BirdRoleIT extends BesideRouter {

    /// Covers the start of a JVM on a busy machine, and ten seconds for a connection attempt.
    private static final Duration LIMIT = Duration.ofSeconds(60);

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
        network.bird(RouterNetwork.session(bird));
        announcer(ours).awaitLine("established with AS65001", LIMIT);
    }

    @Test
    void rolesThatDoNotGoTogetherAreRefused() throws IOException, InterruptedException {
        network.bird(RouterNetwork.session("local role peer;"));
        announcer("role: customer")
                .awaitLine("our role is customer.*: peer.*2/11|received NOTIFICATION 2/11", LIMIT);
    }

    private Program announcer(String options) throws IOException {
        return network.announcer(
                TestConfig.SITE + TestConfig.router(65001, options) + TestConfig.NO_RESPONDER);
    }
}
