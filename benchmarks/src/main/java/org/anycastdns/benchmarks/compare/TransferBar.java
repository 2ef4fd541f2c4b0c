package org.anycastdns.benchmarks.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.compare.TransferResults.Part.Kind;
import org.jspecify.annotations.Nullable;

/// A limit that this project sets itself for a figure about transfers. The limits are set for a
/// million delegations and a hundred thousand zones, on a machine that does nothing else. They
/// count for the largest material of a run.
///
/// @param kind what is transferred
/// @param figure what is limited
/// @param factor what the other value is multiplied by
/// @param against whose the other value is
/// @param other the figure of the other value
public record TransferBar(
        Kind kind, TransferFigure figure, double factor, Against against, TransferFigure other) {

    /// The rivals in transfers. The order is that of reports.
    static final List<String> RIVALS = List.of("knot", "nsd", "bind");

    /// Every version is served before the next one is due, although a build of the whole zone has
    /// only the core that also answers.
    private static final double CHANGE_EVERY_MILLIS = 1_000;

    /// An image has room for changes of an eighth of its size, and a build in the background needs
    /// what the first build needed.
    private static final double OVERLAY_MEMORY = 1.25;

    /// The profiler divides what the whole JVM allocates, so that it is never exactly zero.
    private static final double NOTHING_OCTETS = 0.1;

    /// "Independent of the size": what is left is for caches of the processor.
    private static final double SAME = 0.8;

    /// All limits, in the order of the report.
    public static final List<TransferBar> ALL =
            List.of(
                    bar(TransferFigure.AXFR_IN, 0.8, Against.BEST),
                    bar(TransferFigure.AXFR_IN_MEMORY, 1.0, Against.KNOT),
                    bar(TransferFigure.IXFR_IN, 10, Against.NUMBER),
                    bar(TransferFigure.IXFR_IN, 0.1, Against.KNOT),
                    bar(TransferFigure.IXFR_IN, 0.5, Against.NSD),
                    bar(TransferFigure.IXFR_IN, 1.0, Against.BIND),
                    bar(TransferFigure.IXFR_IN, 1.5, Against.SMALLEST),
                    own(TransferFigure.STREAM_P99, 1.1, TransferFigure.STREAM_P99_WITHOUT),
                    bar(TransferFigure.STREAM_SLOWEST, CHANGE_EVERY_MILLIS, Against.NUMBER),
                    own(
                            TransferFigure.STREAM_MEMORY,
                            OVERLAY_MEMORY,
                            TransferFigure.STREAM_MEMORY_BEFORE),
                    own(TransferFigure.LOOKUP_OVERLAID, 1.03, TransferFigure.LOOKUP),
                    bar(TransferFigure.LOOKUP_OCTETS, NOTHING_OCTETS, Against.NUMBER),
                    bar(TransferFigure.AXFR_OUT_CPU, 1.5, Against.BEST),
                    own(TransferFigure.ANSWERS_BESIDE, 1.1, TransferFigure.ANSWERS_ALONE),
                    bar(TransferFigure.UPDATE, 1.0, Against.BIND),
                    bar(TransferFigure.UPDATE, 20, Against.KNOT),
                    bar(TransferFigure.UPDATE, SAME, Against.SMALLEST),
                    bar(Kind.SMALL, TransferFigure.NOTIFIED, 50, Against.NUMBER),
                    bar(Kind.ZONES, TransferFigure.CATALOG, 2, Against.KNOT),
                    bar(Kind.ZONES, TransferFigure.CATALOG_MORE, 100, Against.NUMBER),
                    bar(Kind.ZONES, TransferFigure.CATALOG_MEMORY, 0.5, Against.KNOT),
                    new TransferBar(
                            Kind.ZONES,
                            TransferFigure.RESTART,
                            1.2,
                            Against.OWN,
                            TransferFigure.IMAGE_START));

    /// What a figure is compared with.
    public enum Against {
        /// The best of the rivals.
        BEST("best"),
        /// Knot.
        KNOT("Knot"),
        /// NSD.
        NSD("NSD"),
        /// BIND.
        BIND("BIND"),
        /// This project's own figure for the zone with the fewest names.
        SMALLEST("ours with the fewest names"),
        /// Another figure of this project's server.
        OWN("ours"),
        /// The number itself, in the unit of the figure.
        NUMBER("");

        private final String words;

        Against(String words) {
            this.words = words;
        }
    }

    /// Whether a limit is held.
    public enum Verdict {
        /// It is held.
        HELD("held"),
        /// It is not held.
        MISSED("MISSED"),
        /// A value is missing, ours or the other one.
        NOT_MEASURED("not measured");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /// Returns the words for reports.
        public String words() {
            return words;
        }
    }

    /// What came out for the largest material.
    ///
    /// @param part the material; null if our value was not measured
    /// @param ours the median of this project's server; null if it was not measured
    /// @param limit the most or least that it may be; null if the other value was not measured
    public record Outcome(
            TransferBar bar, @Nullable Part part, @Nullable Double ours, @Nullable Double limit) {

        /// Returns whether the limit is held.
        public Verdict verdict() {
            Double value = ours;
            Double bound = limit;
            if (value == null || bound == null) {
                return Verdict.NOT_MEASURED;
            }
            boolean held = bar.figure.moreIsBetter() ? value >= bound : value <= bound;
            return held ? Verdict.HELD : Verdict.MISSED;
        }
    }

    private static TransferBar bar(TransferFigure figure, double factor, Against against) {
        return bar(Kind.DELEGATIONS, figure, factor, against);
    }

    private static TransferBar bar(
            Kind kind, TransferFigure figure, double factor, Against against) {
        return new TransferBar(kind, figure, factor, against, figure);
    }

    private static TransferBar own(TransferFigure figure, double factor, TransferFigure other) {
        return new TransferBar(Kind.DELEGATIONS, figure, factor, Against.OWN, other);
    }

    /// Returns the limit as text, such as "<= 0.8 x best".
    public String text() {
        String sign = figure.moreIsBetter() ? ">=" : "<=";
        String what =
                switch (against) {
                    case NUMBER -> figure.unit();
                    case OWN -> "x " + other.title();
                    case BEST, KNOT, NSD, BIND, SMALLEST -> "x " + against.words;
                };
        return "%s %s %s".formatted(sign, number(), what);
    }

    /// Returns the factor with the digits it needs: 0.8, 1.03, 1.0; a limit by itself without ".0".
    private String number() {
        if (factor == Math.rint(factor) && against == Against.NUMBER) {
            return String.format(Locale.ROOT, "%,.0f", factor);
        }
        String two = String.format(Locale.ROOT, "%.2f", factor);
        return two.endsWith("0") ? two.substring(0, two.length() - 1) : two;
    }

    /// Returns what came out.
    public Outcome outcome(TransferResults results) {
        return results.parts().stream()
                .filter(part -> part.kind() == kind)
                .filter(part -> results.median(part, Contestant.OURS, figure).isPresent())
                .max(Comparator.comparingInt(Part::size))
                .map(part ->
                        new Outcome(
                                this,
                                part,
                                results.median(part, Contestant.OURS, figure).orElse(null),
                                other(results, part).map(value -> factor * value).orElse(null)))
                .orElseGet(() -> new Outcome(this, null, null, null));
    }

    private Optional<Double> other(TransferResults results, Part part) {
        return switch (against) {
            case NUMBER -> Optional.of(1.0);
            case KNOT -> results.median(part, "knot", other);
            case NSD -> results.median(part, "nsd", other);
            case BIND -> results.median(part, "bind", other);
            case OWN -> results.median(part, Contestant.OURS, other);
            case SMALLEST -> smallest(results, part);
            case BEST -> {
                Stream<Double> rivals =
                        RIVALS.stream()
                                .flatMap(rival -> results.median(part, rival, other).stream());
                yield figure.moreIsBetter()
                        ? rivals.max(Double::compare)
                        : rivals.min(Double::compare);
            }
        };
    }

    /// Returns our value for the smallest zone. The smallest zone itself has nothing to compare.
    private Optional<Double> smallest(TransferResults results, Part part) {
        return results.parts().stream()
                .filter(each -> each.kind() == kind && each.size() < part.size())
                .filter(each -> results.median(each, Contestant.OURS, other).isPresent())
                .min(Comparator.comparingInt(Part::size))
                .flatMap(least -> results.median(least, Contestant.OURS, other));
    }
}
