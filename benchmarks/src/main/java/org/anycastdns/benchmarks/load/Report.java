package org.anycastdns.benchmarks.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.xbill.DNS.Rcode;

/// The result of one load run.
///
/// @param plan the parameters of the run
/// @param scheduled queries that were due in the measured time
/// @param skipped of these, queries that were not sent because the generator was too far behind
/// @param unsent queries that the system did not accept
/// @param answered right responses in time; responses outside the sample count as right
/// @param inWindow of these, responses that arrived before the measured time ended
/// @param wrong responses in time that were not right; they count as lost, however fast they were
/// @param late responses after the timeout
/// @param sampled responses that were compared with their query and the expectation
/// @param rcodes responses in time by response code
/// @param octets total size of the responses in time, in bytes
/// @param latency of the right responses since they were due, in nanoseconds
/// @param lag delay of sending behind the schedule, in nanoseconds
public record Report(
        Plan plan,
        long scheduled,
        long skipped,
        long unsent,
        long answered,
        long inWindow,
        long wrong,
        long late,
        long sampled,
        long[] rcodes,
        long octets,
        Histogram latency,
        Histogram lag) {

    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    /// About half of the latency at low load. Above it, the results say more about the generator
    /// than about the server.
    private static final long LAG_NANOS_MAX = 1_000_000;

    /// Returns the number of queries without a right response in time.
    public long lost() {
        return scheduled - answered;
    }

    /// Returns right responses per second that arrived within the measured time. Later responses do
    /// not count, because they would flatter a server with a long queue.
    public double goodput() {
        return (double) inWindow / ((double) plan.duration().toNanos() / 1e9);
    }

    /// Returns whether the generator kept its schedule. If not, it is the bottleneck, or it shares
    /// its core.
    public boolean onSchedule() {
        return skipped == 0 && lag.getValueAtPercentile(99) <= LAG_NANOS_MAX;
    }

    /// Returns the queries per second that were really sent.
    public double offered() {
        return (double) (scheduled - skipped - unsent) / ((double) plan.duration().toNanos() / 1e9);
    }

    /// Returns the report as text for people.
    public String text() {
        StringBuilder text = new StringBuilder();
        long silent = lost() - wrong - late - unsent - skipped;
        double octetsOfOne = (double) octets / Math.max(1.0, (double) (answered + wrong));
        line(
                text,
                "scheduled",
                scheduled + ", " + plan.perSecond() + "/s from " + plan.clients() + " ports");
        line(
                text,
                "answered",
                "%d (%.4f %%), %.0f/s".formatted(answered, share(answered), goodput()));
        line(
                text,
                "lost",
                "%d: wrong %d, late %d, unsent %d, skipped %d, no answer %d"
                        .formatted(lost(), wrong, late, unsent, skipped, silent));
        line(text, "compared", sampled + " answers");
        line(text, "rcodes", named().toString());
        line(text, "answer size", "%.0f octets".formatted(octetsOfOne));
        line(text, "latency", micros(latency));
        line(text, "send lag", micros(lag));
        if (!onSchedule()) {
            text.append(
                    "the generator fell behind its schedule: these numbers show its own limit, or"
                            + " it shares its core\n");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-12s %s%n".formatted(name, value));
    }

    private double share(long count) {
        return scheduled == 0 ? 0 : 100.0 * (double) count / (double) scheduled;
    }

    private Map<String, Long> named() {
        Map<String, Long> named = new TreeMap<>();
        for (int i = 0; i < rcodes.length; i++) {
            if (rcodes[i] > 0) {
                named.put(Rcode.string(i), rcodes[i]);
            }
        }
        return named;
    }

    private static String micros(Histogram nanos) {
        return percentiles(nanos).entrySet().stream()
                .map(each -> "%s %.1f".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", ", "", " us"));
    }

    private static Map<String, Double> percentiles(Histogram nanos) {
        Map<String, Double> values = new java.util.LinkedHashMap<>();
        for (double each : PERCENTILES) {
            String name = "p" + (each == Math.rint(each) ? "" + (int) each : "" + each);
            values.put(name, (double) nanos.getValueAtPercentile(each) / 1e3);
        }
        values.put("max", (double) nanos.getMaxValue() / 1e3);
        return values;
    }

    /// Returns the report as one JSON object. Latencies are in microseconds.
    public String json() {
        Map<String, Object> values = new java.util.LinkedHashMap<>();
        values.put("rate", plan.perSecond());
        values.put("seconds", (double) plan.duration().toNanos() / 1e9);
        values.put("ports", plan.clients());
        values.put("scheduled", scheduled);
        values.put("answered", answered);
        values.put("goodput", goodput());
        values.put("lost", lost());
        values.put("wrong", wrong);
        values.put("late", late);
        values.put("unsent", unsent);
        values.put("skipped", skipped);
        values.put("compared", sampled);
        values.put("rcodes", named());
        values.put("answerOctets", octets);
        values.put("latencyMicros", percentiles(latency));
        values.put("lagMicros", percentiles(lag));
        values.put("onSchedule", onSchedule());
        return json(values) + "\n";
    }

    /// Writes a value as JSON. All values are maps, numbers, booleans and strings that need no
    /// quotation marks or escapes.
    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(each -> "\"" + each.getKey() + "\": " + json(each.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            case Double number -> String.format(Locale.ROOT, "%.3f", number);
            default -> value.toString();
        };
    }
}
