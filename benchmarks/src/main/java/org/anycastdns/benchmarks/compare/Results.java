package org.anycastdns.benchmarks.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All measured values, round by round. Not thread-safe: one thread fills it.
public final class Results {

    private record Cell(Scenario scenario, String contestant) {}

    private final Map<Cell, Map<Metric, List<Double>>> values = new LinkedHashMap<>();
    private final Map<Scenario, Integer> rates = new EnumMap<>(Scenario.class);
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, String> conditions = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /// Adds the value of one round.
    public void add(Scenario scenario, String contestant, Metric metric, double value) {
        values.computeIfAbsent(new Cell(scenario, contestant), _ -> new EnumMap<>(Metric.class))
                .computeIfAbsent(metric, _ -> new ArrayList<>())
                .add(value);
    }

    /// Returns the values of a metric in the order of the rounds.
    public List<Double> values(Scenario scenario, String contestant, Metric metric) {
        return values.getOrDefault(new Cell(scenario, contestant), Map.of())
                .getOrDefault(metric, List.of());
    }

    /// Returns the statistic of all rounds, or nothing if there is no value.
    public Optional<Statistic> statistic(Scenario scenario, String contestant, Metric metric) {
        List<Double> all = values(scenario, contestant, metric);
        return all.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(all));
    }

    /// Returns the measured scenarios in their declared order.
    public List<Scenario> scenarios() {
        return values.keySet().stream().map(Cell::scenario).distinct().sorted().toList();
    }

    /// Returns the names of the servers measured in a scenario.
    public List<String> contestants(Scenario scenario) {
        return values.keySet().stream()
                .filter(cell -> cell.scenario() == scenario)
                .map(Cell::contestant)
                .toList();
    }

    /// Returns this project's median divided by that of the better rival, if both were measured.
    /// Above 1 is better if more is better for the metric, else below 1.
    public Optional<Double> ratio(Scenario scenario, Metric metric) {
        Optional<Double> ours = statistic(scenario, Contestant.OURS, metric).map(Statistic::median);
        Optional<Double> better =
                Contestant.RIVALS.stream()
                        .flatMap(rival -> statistic(scenario, rival, metric).stream())
                        .map(Statistic::median)
                        .reduce((a, b) -> metric.moreIsBetter() ? Math.max(a, b) : Math.min(a, b));
        return ours.flatMap(mine -> better.filter(other -> other > 0).map(other -> mine / other));
    }

    /// Sets the saturation of the weakest server, in queries per second. Steady loads are fractions
    /// of it.
    public void weakest(Scenario scenario, int perSecond) {
        rates.put(scenario, perSecond);
    }

    /// Returns the saturation of the weakest server, if it is known.
    public Optional<Integer> weakest(Scenario scenario) {
        return Optional.ofNullable(rates.get(scenario));
    }

    /// Sets the version and build that a server reports.
    public void version(String contestant, String text) {
        versions.put(contestant, text);
    }

    /// Returns the versions by contestant.
    public Map<String, String> versions() {
        return versions;
    }

    /// Sets a condition of the measurement, such as machine or date.
    public void condition(String name, String value) {
        conditions.put(name, value);
    }

    /// Returns the conditions by name.
    public Map<String, String> conditions() {
        return conditions;
    }

    /// Adds a note that readers of the results must know. Repeated notes are kept once.
    public void note(String sentence) {
        notes.add(sentence);
    }

    /// Returns the notes in the order in which they were added.
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
