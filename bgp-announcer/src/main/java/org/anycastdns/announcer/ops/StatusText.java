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
        List<?> services = list(status, "services");
        for (Object each : services) {
            Map<?, ?> service = map(each);
            String title =
                    services.size() == 1
                            ? String.valueOf(status.get("identity"))
                            : status.get("identity") + " " + service.get("name");
            service(title, service, out);
        }
        Map<?, ?> fleet = map(status, "fleet");
        if (fleet.get("others") instanceof Integer others && others > 0) {
            out.append(
                    "  fleet      %s of %s other sites down or silent%s%n"
                            .formatted(fleet.get("down"), others, silent(fleet)));
        }
        if (!list(status, "backstop").isEmpty()) {
            out.append("  backstop   ").append(joined(list(status, "backstop"))).append('\n');
        }
        list(status, "neighbors").forEach(neighbor -> NeighborText.append(map(neighbor), out));
        list(status, "warnings")
                .forEach(warning -> out.append("  warning    ").append(warning).append('\n'));
        return out.toString();
    }

    private static String silent(Map<?, ?> fleet) {
        List<?> sites = list(fleet, "silent");
        return sites.isEmpty() ? "" : "; silent: " + joined(sites);
    }

    private static void service(String title, Map<?, ?> service, StringBuilder out) {
        Map<?, ?> decision = map(service, "decision");
        String action = decision.get("action") instanceof String verb ? verb : "unknown";
        out.append(
                "%s: %s since %s%s%n"
                        .formatted(
                                title,
                                headline(service, WORDS.getOrDefault(action, action)),
                                decision.get("since"),
                                sent(service, action)));
        out.append("  prefixes   ").append(joined(list(service, "prefixes"))).append('\n');
        for (Object reason : list(decision, "reasons")) {
            out.append(
                    "  because    %s (since %s)%n"
                            .formatted(map(reason).get("text"), map(reason).get("since")));
        }
        Map<?, ?> health = map(service, "health");
        out.append("  health     ").append(health.get("grade"));
        if (health.get("responder") instanceof String responder) {
            out.append(" (responder ").append(responder).append(')');
        }
        out.append('\n');
        Map<?, ?> drain = map(service, "drain");
        if (drain.get("phase") instanceof String phase && !phase.equals("off")) {
            out.append("  drain      ").append(phase).append('\n');
        }
        Map<?, ?> hold = map(service, "hold-down");
        if (hold.get("flaps") instanceof Integer flaps && flaps > 0) {
            out.append(
                    "  hold-down  %d flaps%s%n"
                            .formatted(
                                    flaps, Boolean.TRUE.equals(hold.get("held")) ? ", held" : ""));
        }
        if (health.get("lifeline") != null) {
            lifeline(map(health, "lifeline"), out);
        }
        for (String transport : List.of("udp", "tcp")) {
            if (health.get(transport) != null) {
                state(transport + " probe", map(health, transport), out);
            }
        }
        map(health, "checks").forEach((name, check) -> state("check " + name, map(check), out));
    }

    private static void state(String what, Map<?, ?> state, StringBuilder out) {
        out.append(
                "  %-10s %s: %s%n"
                        .formatted(
                                what,
                                Boolean.TRUE.equals(state.get("up")) ? "up" : "down",
                                state.get("last")));
    }

    /// Returns what is wanted in a word, and whether it is only a wish.
    private static String headline(Map<?, ?> status, String wanted) {
        boolean missing =
                list(status, "routes").stream()
                        .map(StatusText::map)
                        .anyMatch(route ->
                                !"withdraw".equals(route.get("wanted"))
                                        && Integer.valueOf(0).equals(route.get("sent-to")));
        return missing ? "NOT SENT (wanted: " + wanted + ")" : wanted;
    }

    /// Returns how many neighbors have been sent the prefixes; empty when none is wanted.
    private static String sent(Map<?, ?> status, String action) {
        if (action.equals("withdraw")) {
            return "";
        }
        List<String> counts =
                list(status, "routes").stream()
                        .map(StatusText::map)
                        .map(route -> route.get("sent-to") + " of " + route.get("neighbors"))
                        .distinct()
                        .toList();
        return ", sent to " + String.join(" or ", counts) + " neighbors";
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

    static String joined(List<?> values) {
        return String.join(", ", values.stream().map(Object::toString).toList());
    }

    static Map<?, ?> map(Map<?, ?> of, String key) {
        return of.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(Map<?, ?> of, String key) {
        return of.get(key) instanceof List<?> list ? list : List.of();
    }
}
