package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.compare.RateSearch;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.load.Report;

/// The highest rates at which servers answer.
///
/// @param steps takes the measurements
record Saturation(Steps steps) {

    /// The share of right responses that counts as all of them.
    private static final double ALL = 0.999;

    /// Above it the loss may be the machine's, not the rate's: the step is repeated once.
    private static final double NEARLY_ALL = 0.98;

    /// Steady loads are whole multiples of this.
    private static final int ROUNDING = 100;

    /// Searches for the highest rate without loss, beginning with the throughput under a flood.
    void search(Subject subject) throws IOException {
        Groups.Group group = subject.server().group();
        steps.load(subject, Steps.FLOOD, true);
        long before = group.cpuMicros();
        Report flood = steps.load(subject, Steps.FLOOD, true);
        double busy = (double) (group.cpuMicros() - before) / (1e6 * steps.gauges().seconds());
        steps.add(subject, Metric.BUSY, 100 * Math.min(1, busy));
        double peak = flood.goodput();
        double best = 0;
        boolean limited = false;
        RateSearch search = new RateSearch(peak);
        while (!search.over()) {
            Report report = steps.load(subject, search.rate(), false);
            if (share(report) < ALL && share(report) > NEARLY_ALL) {
                report = steps.load(subject, search.rate(), false);
            }
            peak = Math.max(peak, report.goodput());
            boolean all = share(report) >= ALL;
            if (all) {
                best = report.goodput();
            } else {
                limited = !report.onSchedule();
            }
            search.tried(all);
        }
        if (limited) {
            steps.results()
                    .note(
                            "%s, %s: the generator was late when the saturation was found: it may be more"
                                    .formatted(subject.scenario().id(), subject.name()));
        }
        steps.add(subject, Metric.SATURATION, best);
        steps.add(subject, Metric.PEAK, peak);
        double twice = 2 * peak;
        if (twice >= 1) {
            Report overload = steps.load(subject, twice, false);
            steps.add(subject, Metric.GOODPUT_2X, overload.goodput());
            steps.add(subject, Metric.OFFERED_2X, overload.offered());
        }
        steps.say(
                "  %s: %.0f/s, at most %.0f/s (of a flood of %.0f/s: %.0f/s)"
                        .formatted(subject.name(), best, peak, flood.offered(), flood.goodput()));
    }

    private static double share(Report report) {
        return (double) report.answered() / Math.max(1.0, (double) report.scheduled());
    }

    /// Records the rate that every server can answer. It is set in the first round only, so that
    /// rounds are comparable.
    void weakest(Scenario scenario, List<Subject> subjects) throws IOException {
        if (steps.results().weakest(scenario).isPresent()) {
            return;
        }
        OptionalDouble least =
                subjects.stream()
                        .filter(subject -> subject.server().contestant().answers())
                        .mapToDouble(subject ->
                                steps.results()
                                        .values(scenario, subject.name(), Metric.SATURATION)
                                        .getLast())
                        .min();
        int rate = (int) least.orElse(0) / ROUNDING * ROUNDING;
        if (rate == 0) {
            throw new IOException(
                    "a server does not answer right at any rate in scenario " + scenario.id());
        }
        steps.results().weakest(scenario, rate);
    }
}
