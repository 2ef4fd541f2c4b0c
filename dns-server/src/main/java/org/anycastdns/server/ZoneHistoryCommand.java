package org.anycastdns.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command `dns-server zone history`.
@Command(
        name = "history",
        description = {
            "Shows the versions of a zone, the oldest first: those that were served since the start,"
                    + " and those between which changes are kept.",
            "Exits with 1 if there is no such zone."
        })
final class ZoneHistoryCommand extends ZoneCommand.Verb {

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    /// Digits of a digest in the table; they tell versions apart well enough.
    private static final int DIGITS = 16;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
        AdminClient.Reply reply = client.post(ZoneCommand.path("history", name), "", DEADLINE);
        if (!reply.isGood()) {
            System.err.println("dns-server: " + reply.json().get("error"));
            return false;
        }
        System.out.print(json ? reply.text() : table(reply.json()));
        return true;
    }

    /// Returns the versions as text for people.
    static String table(Map<?, ?> history) {
        Formatter text = new Formatter(Locale.ROOT);
        String row = "%-10s  %-24s  %9s  %-16s  %-6s  %9s  %9s  %11s%n";
        text.format("zone %s%n", history.get("name"));
        text.format(
                row,
                "SERIAL",
                "SERVED SINCE",
                "RECORDS",
                "DIGEST",
                "KIND",
                "DELETED",
                "ADDED",
                "OCTETS");
        for (Map<?, ?> version : StatusCommand.maps(history.get("versions"))) {
            text.format(
                    row,
                    version.get("serial"),
                    or(version.get("since")),
                    or(version.get("records")),
                    digest(version.get("digest")),
                    version.get("kind"),
                    or(version.get("deleted")),
                    or(version.get("added")),
                    or(version.get("octets")));
        }
        return text.toString();
    }

    private static Object or(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    /// Returns the first digits of a digest.
    static String digest(@Nullable Object digest) {
        return digest instanceof String text && text.length() > DIGITS
                ? text.substring(0, DIGITS)
                : "-";
    }
}
