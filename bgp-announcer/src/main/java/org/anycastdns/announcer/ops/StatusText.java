package org.anycastdns.announcer.ops;

import java.util.List;
import java.util.Map;

/// Formats the `/status` of an announcer for people.
public final class StatusText {

    private static final Map<String, String> WORDS =
            Map.of(
                    "announce", "ANNOUNCED",
                    "depreference", "DEPREFERENCED",
                    "withdraw", "WITHDRAWN");

    private StatusText() {}

    /// Returns the status as lines of text.
    ///
    /// @param status the JSON object of `/status`
    public static String of(Map<?, ?> status) {
        StringBuilder out = new StringBuilder();
        Map<?, ?> decision = map(status, "decision");
        String action = decision.get("action") instanceof String verb ? verb : "unknown";
        out.append(
                "%s: %s since %s%n"
                        .formatted(
                                status.get("identity"),
                                WORDS.getOrDefault(action, action),
                                decision.get("since")));
        out.append("  prefixes   ").append(joined(list(status, "prefixes"))).append('\n');
        for (Object reason : list(decision, "reasons")) {
            out.append(
                    "  because    %s (since %s)%n"
                            .formatted(map(reason).get("text"), map(reason).get("since")));
        }
        Map<?, ?> health = map(status, "health");
        out.append("  health     ")
                .append(health.get("grade"))
                .append(" (responder ")
                .append(health.get("responder"))
                .append(")\n");
        Map<?, ?> drain = map(status, "drain");
        if (drain.get("phase") instanceof String phase && !phase.equals("off")) {
            out.append("  drain      ").append(phase).append('\n');
        }
        Map<?, ?> hold = map(status, "hold-down");
        if (hold.get("flaps") instanceof Integer flaps && flaps > 0) {
            out.append(
                    "  hold-down  %d flaps%s%n"
                            .formatted(
                                    flaps, Boolean.TRUE.equals(hold.get("held")) ? ", held" : ""));
        }
        Map<?, ?> fleet = map(status, "fleet");
        if (fleet.get("others") instanceof Integer others && others > 0) {
            out.append(
                    "  fleet      %s of %s other sites down or silent%n"
                            .formatted(fleet.get("down"), others));
        }
        if (!list(status, "backstop").isEmpty()) {
            out.append("  backstop   ").append(joined(list(status, "backstop"))).append('\n');
        }
        lifeline(map(health, "lifeline"), out);
        for (String transport : List.of("udp", "tcp")) {
            Map<?, ?> streak = map(health, transport);
            out.append(
                    "  %-10s %s: %s%n"
                            .formatted(
                                    transport + " probe",
                                    Boolean.TRUE.equals(streak.get("up")) ? "up" : "down",
                                    streak.get("last")));
        }
        list(status, "neighbors").forEach(neighbor -> neighbor(map(neighbor), out));
        list(status, "warnings")
                .forEach(warning -> out.append("  warning    ").append(warning).append('\n'));
        return out.toString();
    }

    private static void lifeline(Map<?, ?> lifeline, StringBuilder out) {
        out.append("  lifeline   ");
        if (Boolean.TRUE.equals(lifeline.get("connected"))) {
            out.append(
                    "%s, %s zones, identity %s%n"
                            .formatted(
                                    lifeline.get("state"),
                                    lifeline.get("zones"),
                                    lifeline.get("identity")));
        } else {
            out.append(lifeline.get("why")).append('\n');
        }
    }

    private static void neighbor(Map<?, ?> neighbor, StringBuilder out) {
        out.append(
                "  neighbor  %s port %s AS%s: %s since %s%n"
                        .formatted(
                                neighbor.get("address"),
                                neighbor.get("port"),
                                neighbor.get("remote-as"),
                                neighbor.get("state"),
                                neighbor.get("since")));
        for (Object route : list(neighbor, "announced")) {
            out.append(
                    "             announced %s next hop %s%s%n"
                            .formatted(
                                    map(route).get("prefix"),
                                    map(route).get("next-hop"),
                                    attributes(map(route))));
        }
        map(neighbor, "not-announced")
                .forEach((prefix, why) ->
                        out.append("             not announced %s: %s%n".formatted(prefix, why)));
        if (neighbor.get("last-error") instanceof String error && !error.isEmpty()) {
            out.append("             last error: ").append(error).append('\n');
        }
        bfd(map(neighbor, "bfd"), out);
    }

    private static void bfd(Map<?, ?> bfd, StringBuilder out) {
        if (bfd.isEmpty()) {
            return;
        }
        out.append("             BFD %s since %s".formatted(bfd.get("state"), bfd.get("since")));
        if ("Up".equals(bfd.get("state"))) {
            out.append(
                    ", packets every %s ms, silence detected in %s ms"
                            .formatted(bfd.get("transmit-ms"), bfd.get("detection-ms")));
        } else {
            out.append(", the neighbor's is %s".formatted(bfd.get("remote-state")));
        }
        if (bfd.get("last-error") instanceof String error && !error.isEmpty()) {
            out.append("; last went down: ").append(error);
        }
        out.append('\n');
    }

    /// Returns the attributes that make a route more or less attractive; empty when there are none.
    private static String attributes(Map<?, ?> route) {
        StringBuilder text = new StringBuilder();
        if (route.get("prepend") instanceof Integer prepends && prepends > 0) {
            text.append(", prepend ").append(prepends);
        }
        if (route.get("med") != null) {
            text.append(", MED ").append(route.get("med"));
        }
        for (String list : List.of("communities", "large-communities")) {
            if (!list(route, list).isEmpty()) {
                text.append(", ").append(joined(list(route, list)));
            }
        }
        return text.toString();
    }

    private static String joined(List<?> values) {
        return String.join(", ", values.stream().map(Object::toString).toList());
    }

    private static Map<?, ?> map(Map<?, ?> of, String key) {
        return of.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(Map<?, ?> of, String key) {
        return of.get(key) instanceof List<?> list ? list : List.of();
    }
}
