package org.anycastdns.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.command.AdminOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The command `dns-server status`: shows the state of a running responder.
@Command(name = "status", description = "Shows the state of a running responder and its zones.")
final class StatusCommand implements Callable<Integer> {

    /// The status of a million zones takes seconds.
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        return admin.ask(client -> {
            AdminClient.Reply reply = client.get("/status", DEADLINE);
            System.out.print(json || !reply.isGood() ? reply.text() : table(reply.json()));
            return reply.isGood();
        });
    }

    /// Returns the status as text for people.
    static String table(Map<?, ?> status) {
        Formatter text = new Formatter(Locale.ROOT);
        text.format(
                "%s is %s: %s, up %s%n",
                status.get("identity"),
                status.get("state"),
                status.get("version"),
                duration(((Number) number(status, "uptime-seconds")).longValue()));
        text.format(
                "listens on %s (udp and tcp), %s, %s threads, %s TCP connections%n",
                String.join(", ", strings(status.get("listen"))),
                status.get("engine"),
                status.get("threads"),
                status.get("tcp-connections"));
        if (status.get("tls") instanceof Map<?, ?> tls) {
            text.format(
                    "listens on %s (tls), %s TLS connections, certificate of %s until %s%n",
                    String.join(", ", strings(tls.get("listen"))),
                    tls.get("connections"),
                    String.join(", ", strings(tls.get("certificate-names"))),
                    tls.get("certificate-expiry"));
        }
        List<Map<?, ?>> zones = new ArrayList<>(maps(status.get("zones")));
        zones.addAll(maps(status.get("unavailable")));
        if (status.get("reload") instanceof Map<?, ?> reload) {
            text.format("last reload: %s at %s%n", reload.get("result"), reload.get("at"));
        }
        folderAndContent(status, text);
        for (Map<?, ?> catalog : maps(status.get("catalogs"))) {
            text.format(
                    "catalog %s: %s, %s members, %s waiting %s%n",
                    catalog.get("name"),
                    catalog.get("state"),
                    catalog.get("members"),
                    catalog.get("waiting"),
                    or(catalog.get("error"), ""));
        }
        strings(status.get("warnings")).forEach(each -> text.format("warning: %s%n", each));
        strings(status.get("problems")).forEach(problem -> text.format("%s%n", problem));
        int width = 4;
        for (Map<?, ?> zone : zones) {
            width = Math.max(width, String.valueOf(zone.get("name")).length());
        }
        String row = "%-" + width + "s %10s %9s  %-16s  %-11s  %-11s  %s%n";
        text.format("%n" + row, "ZONE", "SERIAL", "RECORDS", "DIGEST", "STATE", "ZONEMD", "SINCE");
        for (Map<?, ?> zone : zones) {
            text.format(
                    row,
                    zone.get("name"),
                    or(zone.get("serial"), "-"),
                    or(zone.get("records"), "-"),
                    ZoneHistoryCommand.digest(zone.get("digest")),
                    zone.get("state"),
                    or(zone.get("zonemd"), "-"),
                    zone.get("since"));
            if (!or(zone.get("error"), "").equals("")) {
                text.format("    %s%n", zone.get("error"));
            }
            if (zone.get("transfer") instanceof Map<?, ?> transfer) {
                transfer(transfer, text);
            }
        }
        return text.toString();
    }

    private static void folderAndContent(Map<?, ?> status, Formatter text) {
        if (!or(status.get("state-folder"), "").equals("")) {
            text.format("error: %s%n", status.get("state-folder"));
        }
        if (status.get("state-folder-damages") instanceof Number damages
                && damages.longValue() > 0) {
            text.format(
                    "error: the state folder was damaged in %s places; the log says what was left"
                            + " out%n",
                    damages);
        }
        if (status.get("content") instanceof String content) {
            text.format(
                    "content of all zones: %s, serials %s%n",
                    ZoneHistoryCommand.digest(content),
                    ZoneHistoryCommand.digest(status.get("serials")));
        }
    }

    private static void transfer(Map<?, ?> transfer, Formatter text) {
        text.format(
                "    from %s: %s, primary serial %s, confirmed %s, next refresh %s%n",
                String.join(", ", strings(transfer.get("primaries"))),
                transfer.get("state"),
                or(transfer.get("primary-serial"), "unknown"),
                or(transfer.get("confirmed"), "never"),
                or(transfer.get("next"), "goes on"));
        if (!or(transfer.get("error"), "").equals("")) {
            text.format("    last error: %s%n", transfer.get("error"));
        }
    }

    private static Object number(Map<?, ?> map, String key) {
        return map.get(key) instanceof Number number ? number : 0;
    }

    private static Object or(@Nullable Object value, Object otherwise) {
        return value == null ? otherwise : value;
    }

    /// Returns the objects of a JSON array.
    static List<Map<?, ?>> maps(@Nullable Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (list instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }

    private static List<String> strings(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }

    /// Returns a duration in its two largest units, such as "3d 4h".
    static String duration(long seconds) {
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (days > 0) {
            return days + "d " + hours % 24 + "h";
        }
        if (hours > 0) {
            return hours + "h " + minutes % 60 + "m";
        }
        return minutes > 0 ? minutes + "m " + seconds % 60 + "s" : seconds + "s";
    }
}
