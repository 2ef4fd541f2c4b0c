package org.anycastdns.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/// The load generator and dnsperf ask the same server the same at a low rate, and must see the
/// same: so that a fault that generator and server share, for they send by the same code, does not
/// flatter both.
class DnsperfIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PER_SECOND = 400;
    private static final int SECONDS = 3;

    /// Latencies are compared by magnitude: the machine is busy with other tests.
    private static final double FACTOR_MAX = 30;

    private static final String QUERIES =
            """
            web.example.com A
            nothing.example.com A
            example.com MX
            www.example.org A
            """;

    @TempDir private Path folder;

    @Test
    void bothSeeTheSameAnswersAndLatenciesOfTheSameOrder() throws Exception {
        String dnsperf = Tools.require("dnsperf");
        Path file = folder.resolve("queries.txt");
        Files.writeString(file, QUERIES);
        int port = Repository.freePort();
        try (Program server = server(port)) {
            server.awaitLine("^ready", LIMIT);
            Report ours = ours(port);
            Program theirs =
                    Program.run(
                            LIMIT,
                            List.of(
                                    dnsperf,
                                    "-s",
                                    "127.0.0.1",
                                    "-p",
                                    "" + port,
                                    "-d",
                                    "" + file,
                                    "-c",
                                    "8",
                                    "-Q",
                                    "" + PER_SECOND,
                                    "-l",
                                    "" + SECONDS));
            assertEquals(0, theirs.awaitExit(LIMIT), theirs::tail);
            String text = theirs.text(Program.Stream.OUT);
            assertEquals(0, ours.lost(), ours::text);
            assertEquals(100, number(text, "Queries completed:.*\\(([\\d.]+)%\\)"), 0.01, text);
            share(ours, text, Rcode.NOERROR, 50);
            share(ours, text, Rcode.NXDOMAIN, 25);
            share(ours, text, Rcode.REFUSED, 25);
            double theirMicros = 1e6 * number(text, "Average Latency \\(s\\):\\s+([\\d.]+)");
            double ourMicros = ours.latency().getMean() / 1e3;
            assertTrue(
                    ourMicros < FACTOR_MAX * theirMicros && theirMicros < FACTOR_MAX * ourMicros,
                    () -> "ours %.0f us, dnsperf's %.0f us".formatted(ourMicros, theirMicros));
        }
    }

    private static Program server(int port) throws IOException {
        return Program.start(
                Repository.dnsServer(
                        Repository.root().resolve("zones"), port, "--admin", "127.0.0.1:0"));
    }

    private static Report ours(int port) throws IOException {
        QuerySet queries =
                QuerySet.read(
                        "queries",
                        new BufferedReader(new StringReader(QUERIES)),
                        QuerySet.Edns.NONE);
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        Plan plan =
                new Plan(
                        server,
                        PER_SECOND,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(SECONDS),
                        Duration.ofSeconds(5),
                        8,
                        1);
        Expectations expected = Expectations.record(server, queries);
        try (Generator generator = new Generator(plan, queries, expected)) {
            return generator.run();
        }
    }

    private static void share(Report ours, String theirs, int rcode, double percent) {
        double own = 100.0 * ours.rcodes()[rcode] / ours.answered();
        String name = Rcode.string(rcode);
        assertEquals(percent, own, 0.5, ours::text);
        assertEquals(percent, number(theirs, name + " \\d+ \\(([\\d.]+)%\\)"), 0.5, theirs);
    }

    private static double number(String text, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        assertTrue(matcher.find(), () -> regex + " in " + text);
        return Double.parseDouble(matcher.group(1));
    }
}
