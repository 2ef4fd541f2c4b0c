package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Measures what BIRD sees of changes of policy: how soon, and whether the route is ever absent.
/// `deploy/measure` makes more runs.
@Tag("measure")
class PolicyMeasureIT extends BesideRouter {

    private static final Duration LIMIT = RouterNetwork.LIMIT;

    /// The looks of one run, at least.
    private static final int LOOKS = 1_000;

    /// The changes of one run.
    private static final int CHANGES = 10;

    private static final int MED_AT_FIRST = 100;

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void changes(boolean internal, boolean bfd)
            throws IOException, InterruptedException, ExecutionException {
        String name = (internal ? "iBGP" : "eBGP") + (bfd ? " with BFD" : "");
        Distribution times =
                new Distribution(name + ": reload to UPDATE at BIRD, slowest of 10, ms", 1_000);
        Distribution absent =
                new Distribution(name + ": 10 policy changes, looks without route of 1,000", 0);
        Program bird = network.bird(router(internal, bfd));
        network.responder(Repository.root().resolve("zones"));
        Path file = write(policy(internal, bfd, MED_AT_FIRST));
        Program announcer =
                network.programs().start(network.pop(), Programs.announcerCommand(file));
        bird.awaitLine("pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        if (bfd) {
            announcer.awaitLine("BFD up", LIMIT);
        }
        int mark = bird.mark();
        int med = MED_AT_FIRST;
        for (int run = 0; run < Distribution.RUNS; run++) {
            try (Looks looks = new Looks(network.programs().birdSocket(), Pop.V4)) {
                long slowest = 0;
                for (int change = 0; change < CHANGES || looks.count() < LOOKS; change++) {
                    med++;
                    slowest = Math.max(slowest, change(announcer, bird, internal, bfd, med));
                    assertTrue(looks.alive(), bird::tail);
                }
                times.took(slowest);
                absent.add(looks.absent());
            }
        }
        assertEquals("", ends(bird.text(Stream.ERR, mark)), bird::tail);
        times.judge();
        absent.judge();
    }

    /// Returns the time in nanoseconds from the reload until BIRD has the changed route.
    private long change(Program announcer, Program bird, boolean internal, boolean bfd, int med)
            throws IOException, InterruptedException {
        int mark = bird.mark();
        write(policy(internal, bfd, med));
        long before = System.nanoTime();
        announcer.signal("HUP");
        long seen = bird.awaitLine(mark, "pop\\.ipv4 > .*192\\.0\\.2\\.0/24", LIMIT).nanos();
        try (BirdTable table = new BirdTable(network.programs().birdSocket())) {
            String routes = table.routes(Pop.V4);
            assertTrue(routes.contains("BGP.med: " + med + "\n"), routes);
            assertTrue(routes.contains("(65001," + med + ")"), routes);
            assertTrue(routes.contains("BGP.next_hop: " + nextHop(med) + "\n"), routes);
            if (internal) {
                assertTrue(routes.contains("BGP.local_pref: " + med + "\n"), routes);
            } else {
                assertTrue(routes.contains("BGP.as_path: " + path(med) + "\n"), routes);
            }
        }
        return seen - before;
    }

    /// Returns the lines that tell of the end of a route or a session.
    private static String ends(String trace) {
        return String.join(
                "\n",
                trace.lines()
                        .filter(line ->
                                line.contains("> removed")
                                        || line.contains("Received:")
                                        || line.contains("BGP session closed"))
                        .toList());
    }

    private static String router(boolean internal, boolean bfd) {
        String session =
                RouterNetwork.session(bfd ? "bfd on;" : "")
                        .replace("as 65001;", internal ? "as 65010;" : "as 65001;")
                        .replace(
                                "as 65010;\n",
                                internal ? "as 65010;\n    direct;\n" : "as 65010;\n");
        return "protocol bfd { interface \"*\" { interval 300 ms; multiplier 10; }; }\n" + session;
    }

    private static String nextHop(int number) {
        return "198.51.100." + (2 + number % 3);
    }

    private static int prepend(int number) {
        return number % 4;
    }

    private static String path(int number) {
        return "65010" + " 65010".repeat(prepend(number));
    }

    private static String policy(boolean internal, boolean bfd, int number) {
        return TestConfig.SITE
                + """
                neighbors:
                  - address: 198.51.100.1
                    remote-as: %d
                    med: %d
                    communities: ["65001:%2$d"]
                    next-hop: %s
                    %s%s
                """
                        .formatted(
                                internal ? 65010 : 65001,
                                number,
                                nextHop(number),
                                internal ? "local-pref: " + number : "prepend: " + prepend(number),
                                bfd ? "\n    bfd: {interval: 300ms, multiplier: 10}" : "")
                + TestConfig.PATIENT_HEALTH;
    }

    /// Replaces the configuration in one step.
    private Path write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("policy.new"), text);
        return Files.move(next, folder.resolve("policy.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }
}
