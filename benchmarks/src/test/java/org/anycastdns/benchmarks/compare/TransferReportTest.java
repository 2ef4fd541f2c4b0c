package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
        add(results, MANY, TransferFigure.UPDATE, 800, 11, 0, 830);
        add(results, FEW, TransferFigure.UPDATE, 900, 50, 0, 830);
        Part zones = new Part(Kind.ZONES, 100);
        results.add(zones, "ours", TransferFigure.CATALOG, 5_000);
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
                .map(bar -> bar.outcome(results))
                .map(each -> each.bar().text() + ": " + each.verdict().words())
                .toList();
    }

    @Test
    void lessTimeHoldsALimit() {
        assertEquals(List.of("<= 0.8 x best: held"), outcomes(TransferFigure.AXFR_IN));
        assertEquals(List.of("<= 1.0 x Knot: MISSED"), outcomes(TransferFigure.AXFR_IN_MEMORY));
    }

    @Test
    void aLimitMayBeAnotherFigureOfOurs() {
        assertEquals(
                List.of("<= 1.2 x start from one image to all served: MISSED"),
                outcomes(TransferFigure.RESTART));
    }

    @Test
    void aRateMustBeMore() {
        assertEquals(List.of(">= 1.5 x best: held"), outcomes(TransferFigure.AXFR_OUT_CPU));
        assertEquals(
                List.of(
                        ">= 1.0 x BIND: MISSED",
                        ">= 20.0 x Knot: held",
                        ">= 0.8 x ours with the fewest names: held"),
                outcomes(TransferFigure.UPDATE));
    }

    @Test
    void eachRivalHasALimitOfItsOwnForTheLargestZone() {
        assertEquals(
                List.of(
                        "<= 10 ms: held",
                        "<= 0.1 x Knot: MISSED",
                        "<= 0.5 x NSD: held",
                        "<= 1.0 x BIND: MISSED",
                        "<= 1.5 x ours with the fewest names: held"),
                outcomes(TransferFigure.IXFR_IN));
    }

    @Test
    void anExactLimitIsHeld() {
        TransferResults results = new TransferResults();
        results.add(MANY, "ours", TransferFigure.IXFR_IN, 10);
        assertEquals(
                TransferBar.Verdict.HELD,
                TransferBar.ALL.stream()
                        .filter(bar -> bar.text().equals("<= 10 ms"))
                        .findFirst()
                        .orElseThrow()
                        .outcome(results)
                        .verdict());
    }

    @Test
    void whatWasNotMeasuredIsNoFault() {
        assertEquals(List.of("<= 50 ms: not measured"), outcomes(TransferFigure.NOTIFIED));
        assertEquals(List.of(">= 2.0 x Knot: not measured"), outcomes(TransferFigure.CATALOG));
        TransferReport report = new TransferReport(new Results(), new TransferResults(), Map.of());
        assertEquals(List.of(), report.missed());
    }

    @Test
    void everyRowHasALimit() {
        assertEquals(
                java.util.EnumSet.allOf(TransferRow.class),
                TransferBar.ALL.stream()
                        .map(bar -> bar.figure().row())
                        .collect(
                                java.util.stream.Collectors.toCollection(
                                        () -> java.util.EnumSet.noneOf(TransferRow.class))));
    }

    @Test
    void aLimitShowsTheDigitsItNeeds() {
        List<String> texts = TransferBar.ALL.stream().map(TransferBar::text).toList();
        for (String text :
                List.of(
                        "<= 1.03 x lookup without an overlay",
                        "<= 0.1 B",
                        "<= 1,000 ms",
                        "<= 1.25 x peak memory before the changes")) {
            assertTrue(texts.contains(text), () -> text + " is not in " + texts);
        }
    }

    @Test
    void rowsHaveTheNamesOfTheOption() {
        assertEquals(TransferRow.AXFR_IN, TransferRow.of("axfr-in"));
        IllegalArgumentException unknown =
                assertThrows(IllegalArgumentException.class, () -> TransferRow.of("xfr"));
        assertTrue(
                String.valueOf(unknown.getMessage()).contains("axfr-in, ixfr, stream"),
                unknown::toString);
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
        assertEquals("missed", Json.at(json, "limits", "axfr_in <= 0.8 x best"));
        assertEquals("not measured", Json.at(json, "limits", "notified <= 50 ms"));
        assertTrue(
                report.missed()
                        .contains(
                                "AXFR in, last octet to served, ms: 850.0, allowed is 800.0 (<= 0.8"
                                        + " x best)"),
                () -> "" + report.missed());
    }
}
