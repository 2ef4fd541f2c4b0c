package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.compare.Results;
import org.anycastdns.benchmarks.load.Report;

/// Takes measurements, one server at a time. Each adds to the results what it found.
///
/// @param options what is measured, and how long
/// @param results where the figures go
/// @param progress is told what was found
/// @param gauges for what counts
/// @param settling for a short load before what counts
record Steps(
        CompareOptions options,
        Results results,
        PrintStream progress,
        Gauges gauges,
        Gauges settling) {

    /// More than any server answers on one core. The generator skips what it cannot send.
    static final double FLOOD = 400_000;

    /// A rate that every server can answer.
    private static final double WARM_UP = 10_000;

    /// Time at the steady load before each measurement. A server that was just thawed has cold
    /// processor caches.
    static final double SETTLE_SECONDS = 0.5;

    /// Returns the steps for servers in a network.
    ///
    /// @param progress is told what was found
    static Steps in(
            Network network, CompareOptions options, Results results, PrintStream progress) {
        return new Steps(
                options,
                results,
                progress,
                new Gauges(network, options.generatorCore, options.seconds),
                new Gauges(network, options.generatorCore, SETTLE_SECONDS));
    }

    /// Tells the operator how far it is.
    void say(String sentence) {
        progress.println("compare: " + sentence);
    }

    /// Puts a load on a server.
    ///
    /// @param settled whether the server is already under this load
    Report load(Subject subject, double rate, boolean settled) throws IOException {
        return load(gauges, subject, rate, settled);
    }

    /// Puts a load on a server that was just thawed, until its processor caches are warm.
    void settle(Subject subject, double rate) throws IOException {
        var _ = load(settling, subject, rate, true);
    }

    private Report load(Gauges with, Subject subject, double rate, boolean settled)
            throws IOException {
        Report report =
                with.load(
                        subject.server().address(),
                        subject.asked().queries(),
                        subject.expected(),
                        rate,
                        settled);
        if (report.wrong() > 0) {
            results.note(
                    "%s, %s: gave answers that differ from the reference's, and count as lost"
                            .formatted(subject.scenario().id(), subject.name()));
        }
        return report;
    }

    /// Records a value.
    void add(Subject subject, Metric metric, double value) {
        results.add(subject.scenario(), subject.name(), metric, value);
    }

    /// Lets a server warm up at a rate that every server can answer.
    void warmUp(Subject subject) throws IOException {
        long end = System.nanoTime() + (long) (options.warmUpSeconds * 1e9);
        do {
            load(subject, WARM_UP, true);
        } while (System.nanoTime() - end < 0);
    }

    /// Records the memory of a server.
    void memory(Subject subject) throws IOException {
        if (subject.server().contestant().answers()) {
            add(subject, Metric.PSS, (double) subject.server().group().memory() / 1e6);
        }
    }

    /// Measures over TCP, on kept connections and on new ones.
    void tcp(Subject subject) throws IOException {
        if (!subject.server().contestant().answers()) {
            return;
        }
        InetSocketAddress server = subject.server().address();
        boolean dnssecOk = subject.scenario().dnssecOk();
        double kept;
        double connections;
        long end = System.nanoTime() + (long) (options.warmUpSeconds * 1e9);
        do {
            kept = gauges.keptConnections(server, subject.asked(), dnssecOk);
            connections = gauges.connections(server, subject.asked());
        } while (System.nanoTime() - end < 0);
        add(subject, Metric.TCP_KEPT, kept);
        add(subject, Metric.TCP_CONNECTIONS, connections);
        say(
                "  %s: %.0f queries/s, %.0f connections/s"
                        .formatted(subject.name(), kept, connections));
    }
}
