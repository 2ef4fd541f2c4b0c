package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;

/// The values of many runs of one case, and the limit that they are checked against.
final class Distribution {

    /// Number of runs: few in the tests, 20 and more in `deploy/measure`.
    static final int RUNS = Integer.parseInt(System.getenv().getOrDefault("RUNS", "3"));

    /// From this many runs on, the 99th percentile must be within the limit. Fewer runs share the
    /// machine with a build and other tests, whose CPU use is not what is measured. There, the
    /// median must be within the limit.
    private static final int RUNS_STRICT = 20;

    /// A busy machine may lengthen times by this factor in the few runs. A broken mechanism takes
    /// ten times the limit or more, because then only the hold timer is left.
    private static final double SLACK = 4;

    private final String name;
    private final double bar;
    private final double[] values = new double[RUNS];
    private int count;
    private boolean timed;

    /// Creates a case.
    ///
    /// @param bar the limit, in milliseconds or as a count
    Distribution(String name, double bar) {
        this.name = name;
        this.bar = bar;
    }

    /// Adds the time of one run.
    void took(long nanos) {
        timed = true;
        add(nanos / 1e6);
    }

    /// Adds the value of one run.
    void add(double value) {
        values[count++] = value;
    }

    /// Prints a line of the table, and fails if the limit is exceeded.
    void judge() {
        double[] sorted = sorted();
        judge(count >= RUNS_STRICT ? p99(sorted) : median(sorted), "");
    }

    /// Does what {@link #judge} does, for a limit of the mean. That suits a cost, of which one run
    /// may pay a part for all, such as compiling.
    void judgeMean() {
        double mean = Arrays.stream(sorted()).average().orElseThrow();
        judge(mean, String.format(Locale.ROOT, ", mean %.1f", mean));
    }

    private void judge(double decisive, String remark) {
        double[] sorted = sorted();
        boolean slack = timed && count < RUNS_STRICT;
        boolean held = decisive <= (slack ? SLACK * bar : bar);
        String line =
                String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.0f | %s%s |",
                        name,
                        count,
                        sorted[0],
                        median(sorted),
                        p99(sorted),
                        sorted[count - 1],
                        bar,
                        held ? "held" : "MISSED",
                        remark);
        IO.println("measured " + line);
        assertTrue(held, line);
    }

    private double[] sorted() {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] sorted) {
        return sorted[(sorted.length - 1) / 2];
    }

    private static double p99(double[] sorted) {
        return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
    }
}
