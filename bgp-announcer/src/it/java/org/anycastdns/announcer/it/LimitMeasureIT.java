package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Measures how often a session comes up that BIRD ends after its first UPDATE, because it has more
/// prefixes than the router's limit. `deploy/measure` watches more sessions, all at the same time.
@Tag("measure")
class LimitMeasureIT extends BesideRouter {

    private static final Duration WINDOW = Duration.ofMinutes(2);

    /// Doubling delays from 2 s on leave 6 sessions in this time, and jitter one or two more. Fixed
    /// delays of 2 s would make 60.
    private static final int SESSIONS_MAX = 8;

    @Test
    void importLimit() throws IOException, InterruptedException {
        Distribution sessions =
                new Distribution("import limit at BIRD, sessions in 2 min", SESSIONS_MAX);
        StringBuilder protocols = new StringBuilder();
        StringBuilder neighbors = new StringBuilder();
        for (int i = 0; i < Distribution.RUNS; i++) {
            // BIRD runs one session at a time with an address.
            String router = "198.51.100." + (100 + i);
            String pop = "198.51.100." + (150 + i);
            network.routerAddress(router + "/24");
            network.popAddress(pop + "/24");
            protocols.append(
                    RouterNetwork.session("pop" + i, router, pop, "")
                            .replace("import all;", "import all; import limit 1 action restart;"));
            neighbors.append(
                    "  - {address: %s, source-address: %s, remote-as: 65001}\n"
                            .formatted(router, pop));
        }
        Program bird = network.bird(protocols.toString());
        network.responder(Repository.root().resolve("zones"));
        network.announcer(
                """
                identity: ams1
                router-id: 198.51.100.2
                local-as: 65010
                prefixes: ["192.0.2.0/24", "203.0.113.0/24"]
                neighbors:
                %s\
                """
                                .formatted(neighbors)
                        + TestConfig.HEALTH);
        bird.awaitLine("pop0: .*limit", RouterNetwork.LIMIT);
        LockSupport.parkNanos(WINDOW.toNanos());
        String trace = bird.text(Stream.ERR);
        for (int i = 0; i < Distribution.RUNS; i++) {
            String established = "pop" + i + ": BGP session established";
            int count = Math.toIntExact(trace.lines().filter(l -> l.contains(established)).count());
            assertTrue(count > 1, bird::tail); // it does come back
            sessions.add(count);
        }
        sessions.judge();
    }
}
