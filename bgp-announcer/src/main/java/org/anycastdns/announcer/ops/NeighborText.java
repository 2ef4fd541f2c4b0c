package org.anycastdns.announcer.ops;

import static org.anycastdns.announcer.ops.StatusText.joined;
import static org.anycastdns.announcer.ops.StatusText.list;
import static org.anycastdns.announcer.ops.StatusText.map;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Formats the part of `/status` about one neighbor for people.
final class NeighborText {

    private static final String INDENT = "             ";

    private NeighborText() {}

    /// Appends the lines about a neighbor.
    ///
    /// @param neighbor its JSON object
    static void append(Map<?, ?> neighbor, StringBuilder out) {
        out.append(
                "  neighbor  %s%s port %s %s: %s since %s%s%n"
                        .formatted(
                                neighbor.get("address"),
                                after(" with ", neighbor.get("router")),
                                neighbor.get("port"),
                                as(neighbor.get("remote-as")),
                                neighbor.get("state"),
                                neighbor.get("since"),
                                after(", next attempt ", neighbor.get("next-attempt"))));
        for (Object route : list(neighbor, "announced")) {
            out.append(INDENT)
                    .append(
                            "announced %s since %s: next hop %s%s%n"
                                    .formatted(
                                            map(route).get("prefix"),
                                            map(route).get("since"),
                                            map(route).get("next-hop"),
                                            attributes(map(route))));
        }
        map(neighbor, "not-announced")
                .forEach((prefix, why) ->
                        out.append(INDENT).append("not announced %s: %s%n".formatted(prefix, why)));
        if (neighbor.get("last-error") instanceof String error && !error.isEmpty()) {
            out.append(INDENT)
                    .append("last error: ")
                    .append(error)
                    .append(after(", ", neighbor.get("last-error-at")))
                    .append('\n');
        }
        notice("received", map(neighbor, "notification-received"), out);
        notice("sent", map(neighbor, "notification-sent"), out);
        bfd(map(neighbor, "bfd"), out);
    }

    private static String as(@Nullable Object remoteAs) {
        return "external".equals(remoteAs) ? "external AS" : "AS" + remoteAs;
    }

    private static String after(String words, @Nullable Object value) {
        return value == null ? "" : words + value;
    }

    private static void notice(String direction, Map<?, ?> notice, StringBuilder out) {
        if (!notice.isEmpty()) {
            out.append(INDENT)
                    .append(
                            "last NOTIFICATION %s: %s, %s%n"
                                    .formatted(direction, notice.get("text"), notice.get("at")));
        }
    }

    private static void bfd(Map<?, ?> bfd, StringBuilder out) {
        if (bfd.isEmpty()) {
            return;
        }
        out.append(INDENT).append("BFD %s since %s".formatted(bfd.get("state"), bfd.get("since")));
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
        if (bfd.get("discarded") instanceof String why && !why.isEmpty()) {
            out.append("; packets discarded: ").append(why);
        }
        out.append('\n');
    }

    /// Returns the attributes that make a route more or less attractive, as they are on the wire.
    private static String attributes(Map<?, ?> route) {
        StringBuilder text = new StringBuilder();
        if (!list(route, "as-path").isEmpty()) {
            text.append(", AS path ").append(joined(list(route, "as-path")).replace(",", ""));
        }
        text.append(after(", MED ", route.get("med")));
        text.append(after(", LOCAL_PREF ", route.get("local-pref")));
        for (String kind : new String[] {"communities", "large-communities"}) {
            if (!list(route, kind).isEmpty()) {
                text.append(", ").append(joined(list(route, kind)));
            }
        }
        return text.append(after(", only to customers of AS", route.get("only-to-customer")))
                .toString();
    }
}
