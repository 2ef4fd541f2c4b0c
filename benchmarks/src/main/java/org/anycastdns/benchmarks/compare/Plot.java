package org.anycastdns.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Draws the results as SVG, readable on light and dark backgrounds.
public final class Plot {

    private static final int WIDTH = 640;
    private static final int LEFT = 120;
    private static final int RIGHT = 150;
    private static final int BAR = 26;
    private static final int GAP = 12;
    private static final int TOP = 44;
    private static final int HEIGHT = 340;
    private static final int BOTTOM = 40;
    private static final String GRAY = "#808080";

    /// Colors that color-blind people can tell apart.
    private static final List<String> COLORS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999");

    private static final List<List<Metric>> CURVES =
            List.of(
                    List.of(Metric.P50_AT_50, Metric.P99_AT_50, Metric.P999_AT_50),
                    List.of(Metric.P50_AT_80, Metric.P99_AT_80, Metric.P999_AT_80));

    private static final List<String> CURVE_POINTS = List.of("p50", "p99", "p99.9");

    private final Results results;
    private final Map<String, String> titles;

    /// Creates the plots.
    ///
    /// @param titles titles of the contestants by name
    public Plot(Results results, Map<String, String> titles) {
        this.results = results;
        this.titles = titles;
    }

    /// Draws a bar with its range for each server, and the reflector as a line.
    public String bars(Scenario scenario, Metric metric) {
        List<String> names =
                results.contestants(scenario).stream()
                        .filter(name -> !name.equals(Contestant.ECHO))
                        .filter(name -> results.statistic(scenario, name, metric).isPresent())
                        .toList();
        Optional<Statistic> limit = results.statistic(scenario, Contestant.ECHO, metric);
        double most =
                results.contestants(scenario).stream()
                        .flatMap(name -> results.statistic(scenario, name, metric).stream())
                        .mapToDouble(Statistic::most)
                        .max()
                        .orElse(1);
        double scale = (WIDTH - LEFT - RIGHT) / Math.max(most, Double.MIN_NORMAL);
        int height = TOP + names.size() * (BAR + GAP) + BOTTOM;
        StringBuilder svg = begin(height, scenario.title() + ": " + metric.title());
        for (int i = 0; i < names.size(); i++) {
            Statistic all = results.statistic(scenario, names.get(i), metric).orElseThrow();
            double y = TOP + i * (BAR + GAP);
            double middle = y + BAR / 2.0;
            String label = MarkdownReport.number(all.median()) + " " + metric.unit();
            text(svg, LEFT - 8, middle + 4, "end", title(names.get(i)));
            svg.append(
                    "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
                            .formatted(LEFT, y, all.median() * scale, BAR, color(names.get(i), i)));
            line(svg, LEFT + all.least() * scale, middle, LEFT + all.most() * scale, middle, GRAY);
            text(svg, LEFT + all.most() * scale + 6, middle + 4, "start", label);
        }
        limit.ifPresent(echo -> {
            double x = LEFT + echo.median() * scale;
            line(svg, x, TOP - 6, x, height - BOTTOM + 4, GRAY);
            String label = "echo " + MarkdownReport.number(echo.median());
            text(svg, x, height - BOTTOM + 20, "middle", label);
        });
        return svg.append("</svg>\n").toString();
    }

    /// Draws latency by percentile: a line for each server, solid at 50 % load and dashed at 80 %.
    public String latencies(Scenario scenario) {
        List<String> names = results.contestants(scenario);
        double[] medians =
                names.stream()
                        .flatMap(name ->
                                CURVES.stream()
                                        .flatMap(List::stream)
                                        .flatMap(metric ->
                                                results.statistic(scenario, name, metric).stream()))
                        .mapToDouble(Statistic::median)
                        .filter(median -> median > 0)
                        .toArray();
        double least = decade(java.util.Arrays.stream(medians).min().orElse(1), false);
        double most = decade(java.util.Arrays.stream(medians).max().orElse(10), true);
        StringBuilder svg =
                begin(HEIGHT, scenario.title() + ": latency in us, 50 % (solid) and 80 % load");
        for (double at = least; at <= most * 1.01; at *= 10) {
            double y = y(at, least, most);
            line(svg, LEFT, y, WIDTH - RIGHT, y, "#c0c0c0");
            text(svg, LEFT - 8, y + 4, "end", MarkdownReport.number(at));
        }
        for (int i = 0; i < CURVE_POINTS.size(); i++) {
            text(svg, x(i), HEIGHT - BOTTOM + 20, "middle", CURVE_POINTS.get(i));
        }
        for (int i = 0; i < names.size(); i++) {
            for (List<Metric> curve : CURVES) {
                curve(svg, scenario, names.get(i), curve, i, least, most);
            }
            double y = TOP + 16.0 * i + 10;
            String color = color(names.get(i), i);
            line(svg, WIDTH - RIGHT + 14, y, WIDTH - RIGHT + 34, y, color);
            text(svg, WIDTH - RIGHT + 40, y + 4, "start", title(names.get(i)));
        }
        return svg.append("</svg>\n").toString();
    }

    private void curve(
            StringBuilder svg,
            Scenario scenario,
            String name,
            List<Metric> curve,
            int index,
            double least,
            double most) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.size(); i++) {
            int at = i;
            results.statistic(scenario, name, curve.get(i))
                    .filter(all -> all.median() > 0)
                    .ifPresent(all ->
                            points.append(
                                    String.format(
                                            Locale.ROOT,
                                            "%.1f,%.1f ",
                                            x(at),
                                            y(all.median(), least, most))));
        }
        String dashes = CURVES.indexOf(curve) == 0 ? "" : " stroke-dasharray=\"5 4\"";
        svg.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%n"
                        .formatted(points.toString().strip(), color(name, index), dashes));
    }

    private static double x(int point) {
        return LEFT + 20 + point * (WIDTH - LEFT - RIGHT - 40) / (CURVE_POINTS.size() - 1.0);
    }

    private static double y(double value, double least, double most) {
        double share = Math.log(value / least) / Math.log(most / least);
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    /// Returns the power of ten at or below a value, or the one above it. The two always differ.
    private static double decade(double value, boolean above) {
        double exponent = Math.floor(Math.log10(value));
        return Math.pow(10, above ? exponent + 1 : exponent);
    }

    private String title(String contestant) {
        return titles.getOrDefault(contestant, contestant);
    }

    private static String color(String name, int index) {
        return name.equals(Contestant.ECHO) ? GRAY : COLORS.get(index % COLORS.size());
    }

    private static StringBuilder begin(int height, String title) {
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\" height=\"%2$d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        .formatted(WIDTH, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(svg, WIDTH / 2.0, 22, "middle", title);
        return svg;
    }

    private static void line(
            StringBuilder svg, double x1, double y1, double x2, double y2, String color) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                        x1,
                        y1,
                        x2,
                        y2,
                        color));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3\">%s</text>%n",
                        x,
                        y,
                        anchor,
                        escaped));
    }
}
