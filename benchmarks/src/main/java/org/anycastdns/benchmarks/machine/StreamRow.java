package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.load.Expectations;
import org.anycastdns.benchmarks.load.QuerySet;
import org.anycastdns.benchmarks.load.Report;
import org.anycastdns.benchmarks.transfer.CannedPrimary;
import org.anycastdns.benchmarks.transfer.PreparedVersion;

/// The row about changes that arrive every second while queries are answered. Each server gets half
/// of the load that it can answer. Half of the time without changes is before them, half after
/// them, so that a slow drift of the machine counts for both.
record StreamRow(TransferRun run) {

    /// Records that each change replaces.
    static final int CHANGED_RECORDS = 200;

    private static final long EVERY_NANOS = 1_000_000_000;

    /// The time without changes, as a share of the time with them.
    private static final double SHARE_WITHOUT = 1.0 / 3;

    private static final double WITHOUT_SECONDS_MAX = 30;
    private static final double WARM_UP_RATE = 10_000;
    private static final double HALF = 0.5;
    private static final double P99 = 99;
    private static final double NANOS_PER_MICRO = 1e3;

    /// Measures a server.
    void measure(Contestant contestant, TransferMaterial.Zone zone) throws IOException {
        int seconds = run.options().streamSeconds;
        QuerySet queries = run.material().queries(zone.part().size());
        List<PreparedVersion> changes = new ArrayList<>();
        for (int number = 1; number <= seconds; number++) {
            changes.add(zone.series().change(number, CHANGED_RECORDS));
        }
        try (CannedPrimary primary = run.primary();
                TransferRun.Started started = SecondaryRows.begin(run, primary, contestant, zone)) {
            RunningServer server = started.server();
            var _ = SecondaryRows.arrive(primary, server, zone.whole());
            TransferRun.rest(server);
            var _ = load(server, queries, WARM_UP_RATE, run.options().warmUpSeconds);
            double rate =
                    HALF * load(server, queries, Steps.FLOOD, run.options().seconds).goodput();
            run.add(zone.part(), contestant, TransferFigure.STREAM_QUERIES, rate);
            double without = Math.min(WITHOUT_SECONDS_MAX, SHARE_WITHOUT * seconds) / 2;
            var _ = load(server, queries, rate, Steps.SETTLE_SECONDS);
            Histogram alone = latency(load(server, queries, rate, without));
            run.memory(zone.part(), contestant, TransferFigure.STREAM_MEMORY_BEFORE, server);
            CompletableFuture<Double> slowest =
                    CompletableFuture.supplyAsync(() -> publish(primary, server, changes));
            Histogram beside = latency(load(server, queries, rate, seconds));
            double slowestMillis = slowest(slowest);
            run.memory(zone.part(), contestant, TransferFigure.STREAM_MEMORY, server);
            alone.add(latency(load(server, queries, rate, without)));
            run.add(zone.part(), contestant, TransferFigure.STREAM_SLOWEST, slowestMillis);
            run.add(zone.part(), contestant, TransferFigure.STREAM_P99_WITHOUT, p99(alone));
            run.add(zone.part(), contestant, TransferFigure.STREAM_P99, p99(beside));
        }
    }

    /// Returns how long answers took. A lost answer counts as long as a client waits for it.
    private static Histogram latency(Report report) {
        Histogram latency = report.latency();
        latency.recordValueWithCount(Gauges.TIMEOUT.toNanos(), report.lost());
        return latency;
    }

    private Report load(RunningServer server, QuerySet queries, double rate, double seconds)
            throws IOException {
        Gauges gauges =
                new Gauges(
                        run.site().network(),
                        run.options().generatorCore,
                        Math.max(seconds, Steps.SETTLE_SECONDS));
        return gauges.load(
                server.address(), queries, Expectations.none(queries.size()), rate, true);
    }

    private static double p99(Histogram nanos) {
        return (double) nanos.getValueAtPercentile(P99) / NANOS_PER_MICRO;
    }

    /// Publishes a change each second. A server that is slower gets the next one when it serves the
    /// one before.
    ///
    /// @return the longest time from a last octet to the first answer, in milliseconds
    private static double publish(
            CannedPrimary primary, RunningServer server, List<PreparedVersion> changes) {
        double slowest = 0;
        long dueNanos = System.nanoTime();
        try {
            for (PreparedVersion change : changes) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
                slowest =
                        Math.max(
                                slowest,
                                SecondaryRows.arrive(primary, server, change).servedMillis());
                dueNanos = Math.max(dueNanos + EVERY_NANOS, System.nanoTime());
            }
            return slowest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double slowest(CompletableFuture<Double> slowest) throws IOException {
        try {
            return slowest.join();
        } catch (CompletionException e) {
            throw new IOException("a change was not served: " + e.getCause(), e);
        }
    }
}
