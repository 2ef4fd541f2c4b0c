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
import org.anycastdns.benchmarks.load.Report;

/// The ways to measure a server: our generator, and the tools of others.
///
/// @param network of the run
/// @param core that the generators are pinned to
/// @param seconds of one measurement
record Gauges(Network network, int core, double seconds) {

    /// Source ports: enough that the kernel spreads them, few enough that batches form.
    private static final int PORTS = 32;

    /// Resolvers ask again after 0.4 s or more.
    private static final Duration TIMEOUT = Duration.ofMillis(400);

    private static final double SETTLE_SECONDS = 0.3;
    private static final int TCP_CLIENTS = 16;
    private static final int TCP_UNDER_WAY = 400;
    private static final Pattern KXDPGUN_REPLIES =
            Pattern.compile("total replies: +\\d+ \\((\\d+) pps\\)");

    /// The kernel takes a moment to give the interface's queue back after the run before.
    private static final String BUSY = "resource is busy";

    private static final long RELEASE_NANOS = 300_000_000;
    private static final int ATTEMPTS_MAX = 10;
    private static final Pattern DNSPERF_RATE = Pattern.compile("Queries per second: +([0-9.]+)");

    /// Our generator at a rate.
    ///
    /// @param settled whether the server has had this load just now, so that everything counts
    Report load(
            InetSocketAddress server,
            Material.Asked asked,
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
        try (Generator generator = new Generator(plan, asked.queries(), expected)) {
            return generator.run();
        }
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /// kxdpgun at a rate; it counts answers and does not look at them.
    ///
    /// @return answers a second
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

    /// dnsperf over TCP connections that stay.
    ///
    /// @return queries a second
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

    /// Connections that ask one query each.
    ///
    /// @return connections a second
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

    /// The programs that this takes, with their Debian packages.
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
