package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.Test;

/// Rows B9 and B16 of the inputs from the field: strangers connect to `listen` all the time, while
/// a neighbor that the announcer waits for connects too.
class FloodIT extends BesideRouter {

    private static final Duration LIMIT = Programs.LIMIT;
    private static final String STRANGER = "198.51.100.66";
    private static final int PER_SECOND = 3_000;

    /// Five times the connections a second that all neighbors together may open: more than enough
    /// to keep the neighbor out if strangers had the same budget.
    private static final int PER_SECOND_MIN = 640;

    /// Neighbors that come up alone, and as many among strangers.
    private static final int ROUNDS = 4;

    /// How many times as long the neighbor may take at best: both ends, the flood and other tests
    /// share the processor. Before strangers were told apart it was 13 times.
    private static final int SLOWER_MAX = 3;

    /// How many files more may be open at any moment. A connection that is refused is closed at
    /// once.
    private static final int MORE_FILES_MAX = 300;

    /// How much more memory the process may take, in kB.
    private static final long MORE_MEMORY_MAX = 100_000;

    @Test
    void b16aPassiveNeighborComesUpAmongStrangersAsFastAsAlone() throws Exception {
        address(network.router(), STRANGER);
        StringBuilder sessions = new StringBuilder();
        for (int number = 0; number < 2 * ROUNDS; number++) {
            address(network.router(), router(number));
            address(network.pop(), pop(number));
            sessions.append(session(number));
        }
        Program bird = network.bird(sessions.toString());
        Program announcer = announcer();
        announcer.awaitLine("^ready", LIMIT);
        long alone = comesUp(announcer, 0);
        long files = files(announcer);
        long memory = memory(announcer);
        try (ConnectionFlood flood =
                Inside.call(
                        network.router(),
                        () ->
                                new ConnectionFlood(
                                        InetAddress.ofLiteral(STRANGER),
                                        new InetSocketAddress("198.51.100.2", 179),
                                        PER_SECOND))) {
            long crowded = comesUp(announcer, ROUNDS);
            long more = files(announcer) - files;
            long grown = memory(announcer) - memory;
            System.out.printf(
                    "passive neighbor: %d ms alone, %d ms among %d strangers a second;"
                            + " %d more files, %d kB more memory%n",
                    alone / 1_000_000, crowded / 1_000_000, flood.perSecond(), more, grown);
            assertTrue(flood.perSecond() >= PER_SECOND_MIN, "a flood of " + flood.perSecond());
            assertTrue(crowded <= SLOWER_MAX * alone, crowded + " ns instead of " + alone);
            assertTrue(more <= MORE_FILES_MAX, more + " more files");
            assertTrue(grown <= MORE_MEMORY_MAX, grown + " kB more memory");
            assertToldOnce(announcer, flood);
            assertTrue(bird.alive(), bird::tail);
        }
    }

    /// Row B9: a line a minute, however many come, and a counter.
    private void assertToldOnce(Program announcer, ConnectionFlood flood) throws Exception {
        String log = announcer.text(Program.Stream.ERR);
        long lines =
                log.lines()
                        .filter(line -> line.contains("refused a BGP connection from " + STRANGER))
                        .count();
        long minutes = 1 + Duration.ofNanos(flood.ageNanos()).toMinutes();
        assertTrue(lines >= 1 && lines <= minutes, lines + " lines in minute " + minutes);
        String metrics = network.page("/metrics").body();
        Matcher refused =
                Pattern.compile("^bgp_connections_refused_total (\\S+)$", Pattern.MULTILINE)
                        .matcher(metrics);
        assertTrue(refused.find(), metrics);
        assertTrue(Double.parseDouble(refused.group(1)) >= PER_SECOND_MIN, refused.group());
        assertEquals(1, log.lines().filter(line -> line.contains("listening for BGP")).count());
    }

    /// Lets routers connect for the first time, one after the other. Returns the best time until a
    /// session is up.
    private long comesUp(Program announcer, int first) throws Exception {
        long best = Long.MAX_VALUE;
        for (int number = first; number < first + ROUNDS; number++) {
            long began = System.nanoTime();
            network.birdc("enable", "pop" + number);
            String line = "neighbor " + router(number) + " AS65001: established";
            best = Math.min(best, announcer.awaitLine(line, LIMIT).nanos() - began);
        }
        return best;
    }

    private static String router(int number) {
        return "198.51.100." + (11 + number);
    }

    /// Returns the end of a session on the side of the PoP. BIRD has one session with an address.
    private static String pop(int number) {
        return "198.51.100." + (31 + number);
    }

    private static String session(int number) {
        return RouterNetwork.session("disabled;")
                .replace("bgp pop", "bgp pop" + number)
                .replace("198.51.100.1 ", router(number) + " ")
                .replace("198.51.100.2 ", pop(number) + " ");
    }

    private void address(String namespace, String address)
            throws IOException, InterruptedException {
        String host = address + "/24";
        network.programs().run(namespace, "ip", "address", "add", host, "dev", namespace);
    }

    private static long files(Program program) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + program.pid() + "/fd"))) {
            return files.count();
        }
    }

    /// Returns the most memory that a process has taken so far, in kB.
    private static long memory(Program program) throws IOException {
        String status = Files.readString(Path.of("/proc/" + program.pid() + "/status"));
        Matcher most = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(status);
        assertTrue(most.find(), status);
        return Long.parseLong(most.group(1));
    }

    private Program announcer() throws IOException {
        StringBuilder neighbors = new StringBuilder("neighbors:\n");
        for (int number = 0; number < 2 * ROUNDS; number++) {
            neighbors.append(
                    "  - {address: %s, remote-as: 65001, passive: true}\n"
                            .formatted(router(number)));
        }
        return network.announcer(
                TestConfig.SITE
                        + neighbors
                        + """
                        listen: ["0.0.0.0:179"]
                        health:
                          responder: "192.0.2.53:53"
                          lifeline: "http://127.0.0.1:9153/lifeline"
                        """);
    }
}
