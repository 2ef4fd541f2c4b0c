package org.anycastdns.benchmarks.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All measured values about transfers, round by round. Not thread-safe: one thread fills it.
public final class TransferResults {

    private final Map<Part, Map<String, Map<TransferFigure, List<Double>>>> values =
            new LinkedHashMap<>();

    /// What was transferred.
    ///
    /// @param kind one or many zones
    /// @param size the number of names of the zone, or the number of zones
    public record Part(Kind kind, int size) {

        /// Kinds of material.
        public enum Kind {
            /// One zone of many delegations.
            DELEGATIONS("%,d delegations"),
            /// One zone of some hosts.
            SMALL("a small zone of %,d hosts"),
            /// Many small zones.
            ZONES("%,d small zones");

            private final String title;

            Kind(String title) {
                this.title = title;
            }
        }

        /// Returns the heading.
        public String title() {
            return String.format(java.util.Locale.ROOT, kind.title, size);
        }
    }

    /// Adds the value of one round.
    public void add(Part part, String contestant, TransferFigure figure, double value) {
        values.computeIfAbsent(part, _ -> new LinkedHashMap<>())
                .computeIfAbsent(contestant, _ -> new EnumMap<>(TransferFigure.class))
                .computeIfAbsent(figure, _ -> new ArrayList<>())
                .add(value);
    }

    /// Returns what was measured, in the order in which it began.
    public List<Part> parts() {
        return List.copyOf(values.keySet());
    }

    /// Returns the names of the servers that were measured.
    public List<String> contestants(Part part) {
        return List.copyOf(values.getOrDefault(part, Map.of()).keySet());
    }

    /// Returns the values of a figure in the order of the rounds.
    public List<Double> values(Part part, String contestant, TransferFigure figure) {
        return values.getOrDefault(part, Map.of())
                .getOrDefault(contestant, Map.of())
                .getOrDefault(figure, List.of());
    }

    /// Returns the statistic of all rounds, or nothing if there is no value.
    public Optional<Statistic> statistic(Part part, String contestant, TransferFigure figure) {
        List<Double> all = values(part, contestant, figure);
        return all.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(all));
    }

    /// Returns the median of all rounds, or nothing if there is no value.
    Optional<Double> median(Part part, String contestant, TransferFigure figure) {
        return statistic(part, contestant, figure).map(Statistic::median);
    }
}
