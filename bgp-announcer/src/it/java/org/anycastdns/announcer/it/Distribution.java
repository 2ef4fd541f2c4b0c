package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;

/// The values of many runs of one case, and the bar that they are held against.
final class Distribution {

    /// How many runs there are: few in the tests, 20 and more in `deploy/measure`.
    static final int RUNS = Integer.parseInt(System.getenv().getOrDefault("RUNS", "3"));

    /// From so many runs on, all count. Fewer share the machine with a build and other tests, whose
    /// turn on the processor is not what is measured: half of them must hold the bar.
    private static final int RUNS_STRICT = 20;

    /// What a busy machine may add to a time in those few runs; a mechanism that does not work
    /// takes ten times its bar and more, since only a hold timer is left then.
    private static final double SLACK = 4;

    private final String name;
    private final double bar;
    private final double[] values = new double[RUNS];
    private int count;
    private boolean timed;

    /// A case, and what is allowed, in milliseconds or pieces.
    Distribution(String name, double bar) {
        this.name = name;
        this.bar = bar;
    }

    /// One more run took this time.
    void took(long nanos) {
        timed = true;
        add(nanos / 1e6);
    }

    /// One more run came to this.
    void add(double value) {
        values[count++] = value;
    }

    /// Prints a line of the table, and fails when the bar is missed.
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
