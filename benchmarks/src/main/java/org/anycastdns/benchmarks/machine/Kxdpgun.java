package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.compare.Overload;
import org.anycastdns.benchmarks.compare.Scenario;

/// What kxdpgun, another generator, gets out of servers.
///
/// @param steps takes the measurements
record Kxdpgun(Steps steps) {

    /// Rates, as shares of what our own generator found.
    private static final double[] SHARES = {1.0, 1.3, 1.6, 2.0};

    /// Measures with kxdpgun: at several rates, and at twice the best of them.
    void measure(Scenario scenario, List<Subject> subjects) throws IOException {
        Map<String, List<Double>> seen = new HashMap<>();
        for (double step : SHARES) {
            Subject.each(
                    subjects,
                    subject -> {
                        double peak =
                                steps.results()
                                        .values(scenario, subject.name(), Metric.PEAK)
                                        .getLast();
                        double rate = Math.max(1_000, step * peak);
                        seen.computeIfAbsent(subject.name(), _ -> new ArrayList<>())
                                .add(
                                        steps.gauges()
                                                .kxdpgun(
                                                        subject.server().address(),
                                                        subject.asked(),
                                                        rate));
                    });
        }
        Subject.each(
                subjects,
                subject -> {
                    double most = Collections.max(seen.getOrDefault(subject.name(), List.of()));
                    Overload overload =
                            Overload.measure(
                                    most,
                                    rate ->
                                            steps.gauges()
                                                    .kxdpgun(
                                                            subject.server().address(),
                                                            subject.asked(),
                                                            rate));
                    steps.add(subject, Metric.KXDPGUN, most);
                    steps.add(subject, Metric.KXDPGUN_2X, overload.atTwice());
                    steps.add(subject, Metric.KXDPGUN_LEFT, overload.percentLeft());
                    steps.say(
                            "  %s: %.0f/s, %.0f/s when offered, %.0f/s when twice that is"
                                    .formatted(
                                            subject.name(),
                                            most,
                                            overload.atSaturation(),
                                            overload.atTwice()));
                });
    }
}
