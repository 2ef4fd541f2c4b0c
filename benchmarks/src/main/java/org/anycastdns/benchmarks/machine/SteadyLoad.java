package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.load.Report;

/// Latency and CPU time of servers under a load that all of them can answer.
///
/// @param steps takes the measurements
record SteadyLoad(Steps steps) {

    /// How often each server is measured at a steady load. All passes count together.
    private static final int PASSES = 3;

    /// Queries needed for a p99.9. At low rates there are more passes, up to twice as many.
    private static final double TAIL_QUERIES = 50_000;

    /// Sum of a server's results over all passes at a steady load.
    private static final class Steady {

        private final Histogram latency = new Histogram(3);
        private long cpuMicros;
        private long scheduled;
        private long answered;
        private boolean onSchedule = true;

        void add(Report report, long micros) {
            latency.add(report.latency());
            cpuMicros += micros;
            scheduled += report.scheduled();
            answered += report.answered();
            onSchedule &= report.onSchedule();
        }
    }

    /// Measures at a share of the rate that every server can answer, in several passes.
    void measure(List<Subject> subjects, double share) throws IOException {
        Map<String, Steady> sums = new HashMap<>();
        int rate = steps.results().weakest(subjects.getFirst().scenario()).orElseThrow();
        double needed = Math.ceil(TAIL_QUERIES / (share * rate * steps.gauges().seconds()));
        int passes = (int) Math.clamp(needed, PASSES, 2 * PASSES);
        for (int pass = 0; pass < passes; pass++) {
            Subject.each(
                    subjects,
                    subject ->
                            pass(
                                    subject,
                                    share,
                                    sums.computeIfAbsent(subject.name(), _ -> new Steady())));
        }
        for (Subject subject : subjects) {
            report(subject, share, sums.getOrDefault(subject.name(), new Steady()));
        }
    }

    private void pass(Subject subject, double share, Steady sum) throws IOException {
        double rate = share * steps.results().weakest(subject.scenario()).orElseThrow();
        steps.settle(subject, rate);
        Groups.Group group = subject.server().group();
        long before = group.cpuMicros();
        Report report = steps.load(subject, rate, true);
        sum.add(report, group.cpuMicros() - before);
    }

    private void report(Subject subject, double share, Steady sum) {
        boolean half = share <= 0.5;
        double cpu = (double) sum.cpuMicros / Math.max(1.0, (double) sum.answered);
        steps.add(subject, half ? Metric.CPU_50 : Metric.CPU_80, cpu);
        steps.add(subject, half ? Metric.P50_AT_50 : Metric.P50_AT_80, micros(sum.latency, 50));
        steps.add(subject, half ? Metric.P99_AT_50 : Metric.P99_AT_80, micros(sum.latency, 99));
        steps.add(subject, half ? Metric.P999_AT_50 : Metric.P999_AT_80, micros(sum.latency, 99.9));
        if (!half) {
            double lost = (double) (sum.scheduled - sum.answered);
            steps.add(
                    subject, Metric.LOST_AT_80, 1e6 * lost / Math.max(1.0, (double) sum.scheduled));
        }
        if (!sum.onSchedule) {
            steps.results()
                    .note(
                            "%s, %s: the generator was late at %.0f %% load: latencies are its own in part"
                                    .formatted(
                                            subject.scenario().id(), subject.name(), 100 * share));
        }
        steps.say(
                "  %s: %.2f us CPU, p50 %.0f us, p99.9 %.0f us"
                        .formatted(
                                subject.name(),
                                cpu,
                                micros(sum.latency, 50),
                                micros(sum.latency, 99.9)));
    }

    private static double micros(Histogram nanos, double percentile) {
        return (double) nanos.getValueAtPercentile(percentile) / 1e3;
    }
}
