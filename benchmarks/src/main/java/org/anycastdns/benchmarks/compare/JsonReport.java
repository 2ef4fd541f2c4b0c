package org.anycastdns.benchmarks.compare;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes the results as JSON, with the values of every round.
public final class JsonReport {

    private JsonReport() {}

    /// Returns the JSON text.
    public static String text(Results results) {
        Map<String, Object> all = about(results);
        Map<String, Object> scenarios = new LinkedHashMap<>();
        for (Scenario scenario : results.scenarios()) {
            Map<String, Object> inside = new LinkedHashMap<>();
            results.weakest(scenario).ifPresent(rate -> inside.put("weakest", rate));
            for (String contestant : results.contestants(scenario)) {
                Map<String, Object> figures = new LinkedHashMap<>();
                for (Metric metric : Metric.values()) {
                    List<Double> values = results.values(scenario, contestant, metric);
                    if (!values.isEmpty()) {
                        figures.put(metric.id(), values);
                    }
                }
                inside.put(contestant, figures);
            }
            scenarios.put(scenario.id(), inside);
        }
        all.put("scenarios", scenarios);
        return text(all);
    }

    /// Returns what every report begins with: conditions, versions and notes.
    static Map<String, Object> about(Results results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("conditions", results.conditions());
        all.put("versions", results.versions());
        all.put("notes", results.notes());
        return all;
    }

    /// Returns the JSON text of maps, lists, numbers and strings.
    static String text(Map<String, Object> all) {
        return value(all, "") + "\n";
    }

    private static String value(Object value, String margin) {
        String inner = margin + "  ";
        return switch (value) {
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(each ->
                                    "\n%s%s: %s"
                                            .formatted(
                                                    inner,
                                                    quoted(String.valueOf(each.getKey())),
                                                    value(each.getValue(), inner)))
                            .collect(Collectors.joining(",", "{", "\n" + margin + "}"));
            case List<?> list ->
                    list.stream()
                            .map(each -> value(each, inner))
                            .collect(Collectors.joining(", ", "[", "]"));
            case Double number -> String.format(Locale.ROOT, "%.3f", number);
            case Integer number -> number.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        try {
            return JSON.std.asString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
