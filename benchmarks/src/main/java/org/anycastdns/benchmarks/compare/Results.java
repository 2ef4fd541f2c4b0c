package org.anycastdns.benchmarks.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that was measured, round by round. Filled by one thread.
public final class Results {

    private record Cell(Scenario scenario, String contestant) {}

    private final Map<Cell, Map<Metric, List<Double>>> values = new LinkedHashMap<>();
    private final Map<Scenario, Integer> rates = new EnumMap<>(Scenario.class);
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, String> conditions = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /// Adds one round's figure.
    public void add(Scenario scenario, String contestant, Metric metric, double value) {
        values.computeIfAbsent(new Cell(scenario, contestant), _ -> new EnumMap<>(Metric.class))
                .computeIfAbsent(metric, _ -> new ArrayList<>())
                .add(value);
    }

    /// What was measured of it, in order of the rounds.
    public List<Double> values(Scenario scenario, String contestant, Metric metric) {
        return values.getOrDefault(new Cell(scenario, contestant), Map.of())
                .getOrDefault(metric, List.of());
    }

    /// What the rounds say, when there was one.
    public Optional<Statistic> statistic(Scenario scenario, String contestant, Metric metric) {
        List<Double> all = values(scenario, contestant, metric);
        return all.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(all));
    }

    /// The scenarios, in the order in which they were measured.
    public List<Scenario> scenarios() {
        return values.keySet().stream().map(Cell::scenario).distinct().sorted().toList();
    }

    /// Who was measured in a scenario.
    public List<String> contestants(Scenario scenario) {
        return values.keySet().stream()
                .filter(cell -> cell.scenario() == scenario)
                .map(Cell::contestant)
                .toList();
    }

    /// Median of ours against the median of the better rival, where both were measured: above 1 is
    /// better for metrics of which more is better, below 1 for the others.
    public Optional<Double> ratio(Scenario scenario, Metric metric) {
        Optional<Double> ours = statistic(scenario, Contestant.OURS, metric).map(Statistic::median);
        Optional<Double> better =
                Contestant.RIVALS.stream()
                        .flatMap(rival -> statistic(scenario, rival, metric).stream())
                        .map(Statistic::median)
                        .reduce((a, b) -> metric.moreIsBetter() ? Math.max(a, b) : Math.min(a, b));
        return ours.flatMap(mine -> better.filter(other -> other > 0).map(other -> mine / other));
    }

    /// The rate that is the weakest server's saturation; loads are shares of it.
    public void weakest(Scenario scenario, int perSecond) {
        rates.put(scenario, perSecond);
    }

    /// The same, when it is known.
    public Optional<Integer> weakest(Scenario scenario) {
        return Optional.ofNullable(rates.get(scenario));
    }

    /// What a server says about its version and how it was built.
    public void version(String contestant, String text) {
        versions.put(contestant, text);
    }

    /// By contestant.
    public Map<String, String> versions() {
        return versions;
    }

    /// Where and how it was measured, such as machine and date.
    public void condition(String name, String value) {
        conditions.put(name, value);
    }

    /// By name.
    public Map<String, String> conditions() {
        return conditions;
    }

    /// Something that the reader of a figure has to know; once is enough.
    public void note(String sentence) {
        notes.add(sentence);
    }

    /// In order.
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
