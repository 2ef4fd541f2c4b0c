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
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        double median = sorted[(count - 1) / 2];
        double p99 = sorted[(int) Math.ceil(count * 0.99) - 1];
        boolean strict = count >= RUNS_STRICT;
        double decisive = strict ? p99 : median;
        boolean held = decisive <= (timed && !strict ? SLACK * bar : bar);
        String line =
                String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.0f | %s |",
                        name,
                        count,
                        sorted[0],
                        median,
                        p99,
                        sorted[count - 1],
                        bar,
                        held ? "held" : "MISSED");
        IO.println("measured " + line);
        assertTrue(held, line);
    }
}
