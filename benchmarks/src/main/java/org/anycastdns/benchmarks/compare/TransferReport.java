package org.anycastdns.benchmarks.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.jspecify.annotations.Nullable;

/// Writes the results about transfers: as Markdown with the limits and whether they are held, and
/// as JSON with the values of every round.
public final class TransferReport {

    private final Results about;
    private final TransferResults results;
    private final Map<String, String> titles;

    /// Creates a report.
    ///
    /// @param about conditions, versions and notes
    /// @param titles titles of the contestants by name
    public TransferReport(Results about, TransferResults results, Map<String, String> titles) {
        this.about = about;
        this.results = results;
        this.titles = titles;
    }

    /// Returns the Markdown text.
    public String markdown() {
        StringBuilder text = new StringBuilder("# Comparison of zone transfers\n\n");
        about.conditions()
                .forEach((name, value) -> text.append("- %s: %s%n".formatted(name, value)));
        text.append(
                """

                Cells are medians of the rounds, with the range in parentheses. Transfers in come
                from a primary that sends prepared octets; transfers out go to a client that
                discards them. All are signed with TSIG. Peak memory counts pages that processes
                share for each of them, which makes NSD's figure too high.
                """);
        for (Part part : results.parts()) {
            part(part, text);
        }
        text.append(
                """

                ## Limits

                They are set for 1,000,000 delegations and 100,000 zones.

                """);
        text.append("| | of | limit | ours | allowed | |\n");
        text.append("| --- | --- | --- | ---: | ---: | --- |\n");
        for (TransferBar.Outcome outcome : outcomes()) {
            text.append(
                    "| %s | %s | %s | %s | %s | %s |%n"
                            .formatted(
                                    head(outcome.bar().figure()),
                                    title(outcome.part()),
                                    outcome.bar().text(),
                                    number(outcome.ours()),
                                    number(outcome.limit()),
                                    outcome.verdict().words()));
        }
        if (!about.notes().isEmpty()) {
            text.append("\n## Notes\n\n");
            about.notes().forEach(note -> text.append("- ").append(note).append('\n'));
        }
        text.append("\n## Versions\n");
        about.versions()
                .forEach((name, version) ->
                        text.append("\n%s:\n\n".formatted(title(name)))
                                .append(version.strip().indent(4)));
        return text.toString();
    }

    private List<TransferBar.Outcome> outcomes() {
        return TransferBar.ALL.stream().map(bar -> bar.outcome(results)).toList();
    }

    /// Returns the limits that are not held, as text.
    public List<String> missed() {
        return outcomes().stream()
                .filter(each -> each.verdict() == TransferBar.Verdict.MISSED)
                .map(each ->
                        "%s: %s, allowed is %s (%s)"
                                .formatted(
                                        head(each.bar().figure()),
                                        number(each.ours()),
                                        number(each.limit()),
                                        each.bar().text()))
                .toList();
    }

    private static String title(@Nullable Part part) {
        return part == null ? "" : part.title();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : MarkdownReport.number(value);
    }

    private String title(String contestant) {
        return titles.getOrDefault(contestant, contestant);
    }

    private static String head(TransferFigure figure) {
        return figure.title() + ", " + figure.unit();
    }

    private void part(Part part, StringBuilder text) {
        List<String> contestants = results.contestants(part);
        text.append("\n## %s\n\n".formatted(part.title()));
        text.append(contestants.stream().map(this::title).collect(row("")));
        text.append("| --- |").append(" ---: |".repeat(contestants.size())).append('\n');
        for (TransferFigure figure : TransferFigure.values()) {
            List<String> cells =
                    contestants.stream().map(name -> cell(part, name, figure)).toList();
            if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
                text.append(cells.stream().collect(row(head(figure))));
            }
        }
    }

    private static java.util.stream.Collector<CharSequence, ?, String> row(String head) {
        return Collectors.joining(" | ", "| " + head + " | ", " |\n");
    }

    private String cell(Part part, String contestant, TransferFigure figure) {
        return results.statistic(part, contestant, figure).map(MarkdownReport::cell).orElse("");
    }

    /// Returns the JSON text.
    public String json() {
        Map<String, Object> parts = new LinkedHashMap<>();
        for (Part part : results.parts()) {
            Map<String, Object> inside = new LinkedHashMap<>();
            for (String contestant : results.contestants(part)) {
                Map<String, Object> figures = new LinkedHashMap<>();
                for (TransferFigure figure : TransferFigure.values()) {
                    List<Double> values = results.values(part, contestant, figure);
                    if (!values.isEmpty()) {
                        figures.put(figure.id(), values);
                    }
                }
                inside.put(contestant, figures);
            }
            parts.put(part.title(), inside);
        }
        Map<String, Object> limits = new LinkedHashMap<>();
        for (TransferBar.Outcome outcome : outcomes()) {
            limits.put(
                    outcome.bar().figure().id() + " " + outcome.bar().text(),
                    outcome.verdict().words().toLowerCase(Locale.ROOT));
        }
        Map<String, Object> all = JsonReport.about(about);
        all.put("transfers", parts);
        all.put("limits", limits);
        return JsonReport.text(all);
    }
}
