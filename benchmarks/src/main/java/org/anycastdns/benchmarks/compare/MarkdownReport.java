package org.anycastdns.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes the results as Markdown: a table for each scenario, with a column for each server.
public final class MarkdownReport {

    private static final double THOUSAND = 1_000;
    private static final double TEN = 10;

    private final Results results;
    private final Map<String, String> titles;

    /// Creates a report.
    ///
    /// @param titles titles of the contestants by name
    public MarkdownReport(Results results, Map<String, String> titles) {
        this.results = results;
        this.titles = titles;
    }

    /// Returns the Markdown text.
    public String text() {
        StringBuilder text = new StringBuilder("# Comparison of name servers\n\n");
        results.conditions()
                .forEach((name, value) -> text.append("- %s: %s%n".formatted(name, value)));
        text.append(
                """

                Cells are medians of the rounds, with the range in parentheses. *Ours / better* is
                our median divided by that of the better of Knot and NSD. A load of 50 % or 80 % is
                that share of the weakest server's saturation: the same rate for all.
                """);
        for (Scenario scenario : results.scenarios()) {
            scenario(scenario, text);
        }
        if (!results.notes().isEmpty()) {
            text.append("\n## Notes\n\n");
            results.notes().forEach(note -> text.append("- ").append(note).append('\n'));
        }
        text.append("\n## Versions\n");
        results.versions()
                .forEach((name, version) ->
                        text.append("\n%s:\n\n".formatted(title(name)))
                                .append(version.strip().indent(4)));
        return text.toString();
    }

    private String title(String contestant) {
        return titles.getOrDefault(contestant, contestant);
    }

    private void scenario(Scenario scenario, StringBuilder text) {
        List<String> contestants = results.contestants(scenario);
        text.append("\n## %s\n\nQueries: %s.".formatted(scenario.title(), scenario.queries()));
        results.weakest(scenario)
                .ifPresent(rate ->
                        text.append(" The weakest server's saturation: %,d/s.".formatted(rate)));
        text.append("\n\n");
        row(text, "", contestants.stream().map(this::title).toList(), "ours / better");
        text.append("| --- |").append(" ---: |".repeat(contestants.size())).append(" ---: |\n");
        for (Metric metric : Metric.values()) {
            List<String> cells =
                    contestants.stream().map(name -> cell(scenario, name, metric)).toList();
            if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
                String ratio =
                        results.ratio(scenario, metric)
                                .map(value -> String.format(Locale.ROOT, "%.2f", value))
                                .orElse("");
                row(text, name(metric), cells, ratio);
            }
        }
        text.append(
                "\n![saturation](%1$s-saturation.svg) ![latency](%1$s-latency.svg)\n"
                        .formatted(scenario.id()));
    }

    private static void row(StringBuilder text, String head, List<String> cells, String last) {
        text.append(cells.stream().collect(Collectors.joining(" | ", "| " + head + " | ", " | ")));
        text.append(last).append(" |\n");
    }

    private static String name(Metric metric) {
        return metric.unit().isEmpty() ? metric.title() : metric.title() + ", " + metric.unit();
    }

    private String cell(Scenario scenario, String contestant, Metric metric) {
        return results.statistic(scenario, contestant, metric).map(MarkdownReport::cell).orElse("");
    }

    /// Returns the median, with the range in parentheses.
    static String cell(Statistic all) {
        return "%s (%s-%s)"
                .formatted(number(all.median()), number(all.least()), number(all.most()));
    }

    /// Formats a number with about three digits; more would be noise.
    static String number(double value) {
        if (value >= THOUSAND) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= TEN ? "%.1f" : "%.2f", value);
    }
}
