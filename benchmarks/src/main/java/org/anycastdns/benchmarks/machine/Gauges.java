package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.benchmarks.load.Expectations;
import org.anycastdns.benchmarks.load.Generator;
import org.anycastdns.benchmarks.load.Plan;
import org.anycastdns.benchmarks.load.QuerySet;
import org.anycastdns.benchmarks.load.Report;

/// The measuring tools: this project's generator, kxdpgun, dnsperf and TCP connections.
///
/// @param network the network of the run
/// @param core the core that the generators are pinned to
/// @param seconds time of one measurement
record Gauges(Network network, int core, double seconds) {

    /// Source ports: enough for the kernel to spread the load, few enough for batches to form.
    private static final int PORTS = 32;

    /// Resolvers retry after 0.4 s or more.
    static final Duration TIMEOUT = Duration.ofMillis(400);

    private static final double SETTLE_SECONDS = 0.3;
    private static final int TCP_CLIENTS = 16;
    private static final int TCP_UNDER_WAY = 400;
    private static final Pattern KXDPGUN_REPLIES =
            Pattern.compile("total replies: +\\d+ \\((\\d+) pps\\)");

    /// The kernel needs a moment to release the interface's queue after the previous run.
    private static final String BUSY = "resource is busy";

    private static final long RELEASE_NANOS = 300_000_000;
    private static final int ATTEMPTS_MAX = 10;
    private static final Pattern DNSPERF_RATE = Pattern.compile("Queries per second: +([0-9.]+)");

    /// Runs this project's generator at a rate.
    ///
    /// @param settled whether the server is already under this load, so that all of the run counts
    Report load(
            InetSocketAddress server,
            QuerySet queries,
            Expectations expected,
            double rate,
            boolean settled)
            throws IOException {
        Plan plan =
                new Plan(
                        server,
                        (int) Math.max(1, rate),
                        nanos(settled ? 0 : SETTLE_SECONDS),
                        nanos(seconds),
                        TIMEOUT,
                        PORTS,
                        1);
        try (Generator generator = new Generator(plan, queries, expected)) {
            return generator.run();
        }
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /// Runs kxdpgun at a rate. It counts responses but does not check them.
    ///
    /// @return responses per second
    double kxdpgun(InetSocketAddress server, Material.Asked asked, double rate) throws IOException {
        String command =
                String.format(
                        Locale.ROOT,
                        "taskset -c %1$d kxdpgun -F %1$d -t %2$.1f -Q %3$.0f -I %4$s -i %5$s %6$s",
                        core,
                        seconds,
                        rate,
                        network.generatorInterface(),
                        asked.kxdpgun(),
                        server.getAddress().getHostAddress());
        for (int attempt = 1; ; attempt++) {
            try {
                return number(KXDPGUN_REPLIES, Commands.run(command));
            } catch (IOException e) {
                if (attempt == ATTEMPTS_MAX || !String.valueOf(e.getMessage()).contains(BUSY)) {
                    throw e;
                }
                LockSupport.parkNanos(RELEASE_NANOS);
            }
        }
    }

    /// Runs dnsperf over persistent TCP connections.
    ///
    /// @return queries per second
    double keptConnections(InetSocketAddress server, Material.Asked asked, boolean dnssecOk)
            throws IOException {
        String output =
                Commands.run(
                        String.format(
                                Locale.ROOT,
                                "taskset -c %d dnsperf -m tcp -T 1 -c %d -q %d -l %.0f %s -s %s -d %s",
                                core,
                                TCP_CLIENTS,
                                TCP_UNDER_WAY,
                                Math.max(1, seconds),
                                dnssecOk ? "-D" : "-e",
                                server.getAddress().getHostAddress(),
                                asked.dnsperf()));
        return number(DNSPERF_RATE, output);
    }

    /// Opens TCP connections with one query each.
    ///
    /// @return connections per second
    double connections(InetSocketAddress server, Material.Asked asked) throws IOException {
        return Connections.perSecond(server, asked.queries().message(0), nanos(seconds));
    }

    private static double number(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("no result in: " + output.strip());
        }
        return Double.parseDouble(matcher.group(1));
    }

    /// Returns the programs that the tools need, with their Debian packages.
    static List<String[]> programs() {
        return List.of(
                new String[] {"ip", "iproute2"},
                new String[] {"nsenter", "util-linux"},
                new String[] {"taskset", "util-linux"},
                new String[] {"sysctl", "procps"},
                new String[] {"kxdpgun", "knot-dnsutils"},
                new String[] {"dnsperf", "dnsperf"});
    }
}
