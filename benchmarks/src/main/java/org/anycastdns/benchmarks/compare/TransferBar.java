package org.anycastdns.benchmarks.compare;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.compare.TransferResults.Part.Kind;

/// A limit that this project sets itself for a figure about transfers. The limits are set for a
/// million delegations, on a machine that does nothing else.
///
/// @param kind what is transferred
/// @param figure what is limited
/// @param factor what the other value is multiplied by
/// @param against the other value
public record TransferBar(Kind kind, TransferFigure figure, double factor, Against against) {

    /// The rivals in transfers. The order is that of reports.
    static final List<String> RIVALS = List.of("knot", "nsd", "bind");

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
                    bar(TransferFigure.AXFR_OUT_CPU, 1.5, Against.BEST),
                    new TransferBar(Kind.SMALL, TransferFigure.NOTIFIED, 50, Against.NUMBER),
                    new TransferBar(Kind.ZONES, TransferFigure.RESTART, 1.2, Against.IMAGE));

    /// What a figure is compared with.
    public enum Against {
        /// The best of the rivals.
        BEST("x best"),
        /// Knot.
        KNOT("x Knot"),
        /// NSD.
        NSD("x NSD"),
        /// BIND.
        BIND("x BIND"),
        /// This project's own figure for the zone with the fewest names.
        SMALLEST("x ours with the fewest names"),
        /// This project's own start from an image.
        IMAGE("x start from an image"),
        /// The number itself, in the unit of the figure.
        NUMBER("");

        private final String words;

        Against(String words) {
            this.words = words;
        }
    }

    /// What came out for one part of the material.
    ///
    /// @param ours the median of this project's server
    /// @param limit the most or least that it may be
    public record Outcome(TransferBar bar, Part part, double ours, double limit) {

        /// Returns whether the limit is held.
        public boolean held() {
            return bar.figure.moreIsBetter() ? ours >= limit : ours <= limit;
        }
    }

    private static TransferBar bar(TransferFigure figure, double factor, Against against) {
        return new TransferBar(Kind.DELEGATIONS, figure, factor, against);
    }

    /// Returns the limit as text, such as "<= 0.8 x best".
    public String text() {
        String sign = figure.moreIsBetter() ? ">=" : "<=";
        String number = factor == Math.rint(factor) && against == Against.NUMBER ? "%.0f" : "%.1f";
        String what = against == Against.NUMBER ? figure.unit() : against.words;
        return String.format(java.util.Locale.ROOT, "%s " + number + " %s", sign, factor, what);
    }

    /// Returns what came out for each part in which both values were measured.
    public List<Outcome> outcomes(TransferResults results) {
        return results.parts().stream()
                .filter(part -> part.kind() == kind)
                .flatMap(part -> outcome(results, part).stream())
                .toList();
    }

    private Optional<Outcome> outcome(TransferResults results, Part part) {
        return results.median(part, Contestant.OURS, figure)
                .flatMap(ours ->
                        other(results, part)
                                .map(other -> new Outcome(this, part, ours, factor * other)));
    }

    private Optional<Double> other(TransferResults results, Part part) {
        return switch (against) {
            case NUMBER -> Optional.of(1.0);
            case KNOT -> results.median(part, "knot", figure);
            case NSD -> results.median(part, "nsd", figure);
            case BIND -> results.median(part, "bind", figure);
            case IMAGE -> results.median(part, Contestant.OURS, TransferFigure.IMAGE_START);
            case SMALLEST -> smallest(results, part);
            case BEST -> {
                Stream<Double> rivals =
                        RIVALS.stream()
                                .flatMap(rival -> results.median(part, rival, figure).stream());
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
                .min(java.util.Comparator.comparingInt(Part::size))
                .flatMap(least -> results.median(least, Contestant.OURS, figure));
    }
}
