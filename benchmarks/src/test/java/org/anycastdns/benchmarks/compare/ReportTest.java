package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// What is made of given results: medians and ranges, tables, JSON, pictures.
class ReportTest {

    private static final Map<String, String> TITLES =
            Map.of("ours", "anycast-dns", "knot", "Knot", "nsd", "N<S>&D", "echo", "echo");

    /// Three rounds; NSD has the higher median of the rivals, 100,000.
    private static Results results() {
        Results results = new Results();
        results.condition("machine", "a \"small\" one");
        results.version("nsd", "NSD\nbuilt \\ by hand");
        results.weakest(Scenario.SMALL, 40_000);
        results.note("one, two");
        add(results, "ours", Metric.SATURATION, 110_000, 130_000, 120_000);
        add(results, "knot", Metric.SATURATION, 80_000, 120_000, 90_000);
        add(results, "nsd", Metric.SATURATION, 99_000, 100_000, 101_000);
        add(results, "echo", Metric.SATURATION, 140_000, 150_000, 160_000);
        add(results, "ours", Metric.CPU_50, 9, 8, 10);
        add(results, "knot", Metric.CPU_50, 12, 12, 12);
        add(results, "nsd", Metric.CPU_50, 11, 10, 10);
        for (String name : List.of("ours", "knot", "nsd")) {
            add(results, name, Metric.P50_AT_50, 20);
            add(results, name, Metric.P99_AT_50, 200);
            add(results, name, Metric.P999_AT_50, 2_000);
        }
        return results;
    }

    private static void add(Results results, String name, Metric metric, double... values) {
        for (double value : values) {
            results.add(Scenario.SMALL, name, metric, value);
        }
    }

    @Test
    void aStatisticIsTheMiddleAndTheRange() {
        assertEquals(new Statistic(2, 1, 9), Statistic.of(List.of(9.0, 1.0, 2.0)));
        assertEquals(new Statistic(2.5, 1, 9), Statistic.of(List.of(9.0, 1.0, 2.0, 3.0)));
        assertEquals(new Statistic(7, 7, 7), Statistic.of(List.of(7.0)));
        assertThrows(IllegalArgumentException.class, () -> Statistic.of(List.of()));
    }

    @Test
    void theRatioIsAgainstTheBetterRivalWhicheverWayIsBetter() {
        Results results = results();
        assertEquals(Optional.of(1.2), results.ratio(Scenario.SMALL, Metric.SATURATION));
        assertEquals(Optional.of(0.9), results.ratio(Scenario.SMALL, Metric.CPU_50));
        assertEquals(Optional.empty(), results.ratio(Scenario.SMALL, Metric.PSS));
        assertEquals(Optional.empty(), results.ratio(Scenario.TLD, Metric.SATURATION));
    }

    @Test
    void theTableHasAColumnForEachServerAndARowForEachFigure() {
        String text = new MarkdownReport(results(), TITLES).text();
        assertTrue(
                text.contains(
                        "| saturation, 99.9 % answered right, 1/s"
                                + " | 120,000 (110,000-130,000) | 90,000 (80,000-120,000)"
                                + " | 100,000 (99,000-101,000) | 150,000 (140,000-160,000)"
                                + " | 1.20 |"),
                text);
        assertTrue(
                text.contains(
                        "| CPU per right answer, 50 % load, us | 9.00 (8.00-10.0) |"
                                + " 12.0 (12.0-12.0) | 10.0 (10.0-11.0) |  | 0.90 |"),
                text);
        assertTrue(text.contains("saturation: 40,000/s."), text);
        assertTrue(text.contains("\n## Notes\n\n- one, two\n"), text);
        assertTrue(text.contains("    NSD\n    built \\ by hand\n"), text);
        assertTrue(!text.contains("memory"), text);
    }

    @Test
    void jsonHoldsEveryRoundAndIsJson() {
        String text = JsonReport.text(results());
        assertEquals("a \"small\" one", Json.at(text, "conditions", "machine"));
        assertEquals("NSD\nbuilt \\ by hand", Json.at(text, "versions", "nsd"));
        assertEquals(40_000, Json.at(text, "scenarios", "small", "weakest"));
        assertEquals(
                List.of(80_000.0, 120_000.0, 90_000.0),
                Json.at(text, "scenarios", "small", "knot", "saturation"));
    }

    @Test
    void barsAreAsLongAsTheirMediansAndTheReflectorIsALine() throws Exception {
        Document svg = parse(new Plot(results(), TITLES).bars(Scenario.SMALL, Metric.SATURATION));
        NodeList bars = svg.getElementsByTagName("rect");
        // The ground and three servers.
        assertEquals(4, bars.getLength());
        double ours = width(bars, 1);
        double knot = width(bars, 2);
        assertEquals(120.0 / 90, ours / knot, 0.01);
        assertTrue(texts(svg).contains("echo 150,000"), () -> texts(svg));
        assertTrue(texts(svg).contains("N<S>&D"), () -> texts(svg));
    }

    @Test
    void latenciesAreALineForEachServerHigherForMore() throws Exception {
        Document svg = parse(new Plot(results(), TITLES).latencies(Scenario.SMALL));
        NodeList lines = svg.getElementsByTagName("polyline");
        assertEquals(2 * 4, lines.getLength());
        String[] points =
                lines.item(0).getAttributes().getNamedItem("points").getNodeValue().split(" ");
        assertEquals(3, points.length);
        assertTrue(y(points[0]) > y(points[1]) && y(points[1]) > y(points[2]));
    }

    private static double y(String point) {
        return Double.parseDouble(point.substring(point.indexOf(',') + 1));
    }

    private static double width(NodeList rectangles, int index) {
        return Double.parseDouble(
                rectangles.item(index).getAttributes().getNamedItem("width").getNodeValue());
    }

    private static String texts(Document svg) {
        StringBuilder texts = new StringBuilder();
        NodeList all = svg.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            texts.append(all.item(i).getTextContent()).append('\n');
        }
        return texts.toString();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }
}
