package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.compare.TransferResults.Part.Kind;
import org.junit.jupiter.api.Test;

/// The report about transfers: medians, limits, and whether they are held.
class TransferReportTest {

    private static final Part FEW = new Part(Kind.DELEGATIONS, 10_000);
    private static final Part MANY = new Part(Kind.DELEGATIONS, 1_000_000);

    private static TransferResults results() {
        TransferResults results = new TransferResults();
        add(results, FEW, TransferFigure.IXFR_IN, 3, 100, 20, 4);
        add(results, MANY, TransferFigure.IXFR_IN, 4.5, 44, 10, 4);
        add(results, MANY, TransferFigure.AXFR_IN, 800, 1_000, 3_000, 1_100);
        add(results, MANY, TransferFigure.AXFR_IN_MEMORY, 301, 300, 100, 100);
        add(results, MANY, TransferFigure.AXFR_OUT_CPU, 150, 50, 100, 90);
        Part zones = new Part(Kind.ZONES, 100);
        results.add(zones, "ours", TransferFigure.RESTART, 1_250);
        results.add(zones, "ours", TransferFigure.IMAGE_START, 1_000);
        return results;
    }

    private static void add(
            TransferResults results,
            Part part,
            TransferFigure figure,
            double ours,
            double knot,
            double nsd,
            double bind) {
        results.add(part, "ours", figure, ours);
        results.add(part, "knot", figure, knot);
        results.add(part, "nsd", figure, nsd);
        results.add(part, "bind", figure, bind);
    }

    private static List<String> outcomes(TransferFigure figure) {
        TransferResults results = results();
        return TransferBar.ALL.stream()
                .filter(bar -> bar.figure() == figure)
                .flatMap(bar -> bar.outcomes(results).stream())
                .map(each ->
                        "%d: %s: %s"
                                .formatted(
                                        each.part().size(),
                                        each.bar().text(),
                                        each.held() ? "held" : "missed"))
                .toList();
    }

    @Test
    void lessTimeHoldsALimit() {
        assertEquals(List.of("1000000: <= 0.8 x best: held"), outcomes(TransferFigure.AXFR_IN));
        assertEquals(
                List.of("1000000: <= 1.0 x Knot: missed"), outcomes(TransferFigure.AXFR_IN_MEMORY));
        assertEquals(
                List.of("100: <= 1.2 x start from an image: missed"),
                outcomes(TransferFigure.RESTART));
    }

    @Test
    void aRateMustBeMore() {
        assertEquals(
                List.of("1000000: >= 1.5 x best: held"), outcomes(TransferFigure.AXFR_OUT_CPU));
    }

    @Test
    void eachRivalHasALimitOfItsOwn() {
        assertEquals(
                List.of(
                        "10000: <= 10 ms: held",
                        "1000000: <= 10 ms: held",
                        "10000: <= 0.1 x Knot: held",
                        "1000000: <= 0.1 x Knot: missed",
                        "10000: <= 0.5 x NSD: held",
                        "1000000: <= 0.5 x NSD: held",
                        "10000: <= 1.0 x BIND: held",
                        "1000000: <= 1.0 x BIND: missed",
                        "1000000: <= 1.5 x ours with the fewest names: held"),
                outcomes(TransferFigure.IXFR_IN));
    }

    @Test
    void whatWasNotMeasuredHasNoOutcome() {
        assertEquals(List.of(), outcomes(TransferFigure.NOTIFIED));
    }

    @Test
    void bothFormsHaveAllValues() {
        Results about = new Results();
        about.condition("machine", "a test");
        TransferResults results = results();
        results.add(MANY, "ours", TransferFigure.AXFR_IN, 900);
        TransferReport report = new TransferReport(about, results, Map.of("knot", "Knot DNS"));
        String text = report.markdown();
        assertTrue(text.contains("- machine: a test"), text);
        assertTrue(text.contains("## 1,000,000 delegations"), text);
        assertTrue(text.contains("| ours | Knot DNS | nsd | bind |"), text);
        assertTrue(text.contains("| 850.0 (800.0-900.0) | 1,000 (1,000-1,000) |"), text);
        assertTrue(text.contains("| <= 0.8 x best | 850.0 | 800.0 | MISSED |"), text);
        String json = report.json();
        assertEquals(
                List.of(800.0, 900.0),
                Json.at(json, "transfers", "1,000,000 delegations", "ours", "axfr_in"));
        assertEquals(
                "missed", Json.at(json, "limits", "axfr_in <= 0.8 x best, 1,000,000 delegations"));
    }
}
