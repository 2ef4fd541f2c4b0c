package org.anycastdns.benchmarks.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.Json;

/// Writes the results as JSON, with the values of every round.
public final class JsonReport {

    private JsonReport() {}

    /// Returns the JSON text.
    public static String text(Results results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("conditions", results.conditions());
        all.put("versions", results.versions());
        all.put("notes", results.notes());
        Map<String, Object> scenarios = new LinkedHashMap<>();
        for (Scenario scenario : results.scenarios()) {
            Map<String, Object> inside = new LinkedHashMap<>();
            results.weakest(scenario).ifPresent(rate -> inside.put("weakest", rate));
            for (String contestant : results.contestants(scenario)) {
                Map<String, Object> figures = new LinkedHashMap<>();
                for (Metric metric : Metric.values()) {
                    List<Double> values = results.values(scenario, contestant, metric);
                    if (!values.isEmpty()) {
                        figures.put(metric.id(), values.stream().map(JsonReport::rounded).toList());
                    }
                }
                inside.put(contestant, figures);
            }
            scenarios.put(scenario.id(), inside);
        }
        all.put("scenarios", scenarios);
        return Json.indented(all);
    }

    /// Returns a figure with the digits that mean something.
    private static double rounded(double figure) {
        return Math.round(figure * 1_000) / 1_000.0;
    }
}
