package org.anycastdns.lab.measure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.lab.engine.Json;

/// Draws a measurement as SVG: one strip for each client, colored by the PoP that answered, red for
/// lost queries; events are lines across. Numbers always use a decimal point, whatever the locale
/// is.
public final class Timeline {

    private static final int LEFT = 90;
    private static final int WIDTH = 900;
    private static final int STRIP = 36;
    private static final int GAP = 14;
    private static final int TOP = 60;
    private static final int EVENT_LINE = 15;

    /// Colors that color-blind people can tell apart (Okabe and Ito), in the order of the PoPs.
    private static final List<String> COLORS =
            List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#f0e442", "#999999");

    private static final String LOST = "#d40000";

    private Timeline() {}

    /// Returns the color of a PoP.
    ///
    /// @param index its position in the topology
    public static String color(int index) {
        return COLORS.get(index % COLORS.size());
    }

    /// Returns the SVG.
    ///
    /// @param result the JSON of a measurement
    /// @param pops the PoPs in the order of the topology
    /// @param lengthMs length of the measurement in milliseconds
    public static String svg(Json result, List<String> pops, int lengthMs) {
        Map<?, ?> clients = result.at("clients").value() instanceof Map<?, ?> map ? map : Map.of();
        List<Json> events = result.at("events").list();
        int bottom = TOP + clients.size() * (STRIP + GAP);
        int height = bottom + 30 + events.size() * EVENT_LINE;
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>%n"
                        .formatted(LEFT + WIDTH + 20, height));
        svg.append("<rect width='100%' height='100%' fill='#fff'/>\n");
        text(
                svg,
                LEFT,
                18,
                result.at("scenario").text()
                        + " of "
                        + result.at("pop").text()
                        + ", "
                        + result.at("rate").text()
                        + " queries a second from each client");
        legend(svg, pops);
        int y = TOP;
        for (Object client : clients.keySet()) {
            text(svg, 6, y + STRIP / 2 + 4, String.valueOf(client));
            for (Json bin : result.at("clients", client, "udp", "bins").list()) {
                bar(svg, bin, pops, y, lengthMs);
            }
            y += STRIP + GAP;
        }
        axis(svg, bottom, lengthMs);
        int line = bottom + 34;
        int number = 1;
        for (Json event : events) {
            double x = x(event.at("at-ms").number(), lengthMs);
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#000' stroke-dasharray='3 2'/>%n",
                            x,
                            x,
                            TOP - 6,
                            bottom));
            text(svg, x - 3, TOP - 9, Integer.toString(number));
            text(
                    svg,
                    LEFT,
                    line,
                    String.format(
                            Locale.ROOT,
                            "%d: %.3f s  %s",
                            number++,
                            event.at("at-ms").number() / 1000,
                            event.at("what").text()));
            line += EVENT_LINE;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg, List<String> pops) {
        int x = LEFT;
        for (int i = 0; i <= pops.size(); i++) {
            boolean lost = i == pops.size();
            svg.append(
                    "<rect x='%d' y='26' width='12' height='12' fill='%s'/>%n"
                            .formatted(x, lost ? LOST : color(i)));
            text(svg, x + 16, 36, lost ? "lost" : pops.get(i));
            x += 70;
        }
    }

    private static void bar(StringBuilder svg, Json bin, List<String> pops, int y, int lengthMs) {
        if (!(bin.at("counts").value() instanceof Map<?, ?> counts)) {
            return;
        }
        double total =
                counts.keySet().stream().mapToDouble(key -> bin.at("counts", key).number()).sum();
        double top = y;
        double x = x(bin.at("at-ms").number(), lengthMs);
        double width = (double) WIDTH * Journal.BIN_MS / lengthMs;
        for (Object key : counts.keySet()) {
            double share = bin.at("counts", key).number() / total * STRIP;
            String color = "lost".equals(key) ? LOST : color(Math.max(0, pops.indexOf(key)));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<rect x='%.1f' y='%.1f' width='%.2f' height='%.1f' fill='%s'/>%n",
                            x,
                            top,
                            width + 0.2,
                            share,
                            color));
            top += share;
        }
    }

    private static void axis(StringBuilder svg, int y, int lengthMs) {
        for (int ms = 0; ms <= lengthMs; ms += 1000) {
            if (ms % 5000 == 0) {
                text(svg, x(ms, lengthMs) - 8, y + 14, ms / 1000 + " s");
            }
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#666'/>%n",
                            x(ms, lengthMs),
                            x(ms, lengthMs),
                            y - 8,
                            y - 2));
        }
    }

    private static double x(double ms, int lengthMs) {
        return LEFT + ms / lengthMs * WIDTH;
    }

    private static void text(StringBuilder svg, double x, double y, String text) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x='%.1f' y='%.1f'>%s</text>%n",
                        x,
                        y,
                        text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
