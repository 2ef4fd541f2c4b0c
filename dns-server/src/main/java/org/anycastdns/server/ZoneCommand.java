package org.anycastdns.server;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.command.AdminOption;
import org.anycastdns.server.files.WholeFile;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `dns-server zone`: works on one zone of a running responder.
@Command(
        name = "zone",
        description =
                "Shows, compares, exports or freezes a zone of a running responder, or asks its primaries.",
        subcommands = {
            ZoneCommand.Status.class,
            ZoneCommand.Refresh.class,
            ZoneCommand.Retransfer.class,
            ZoneCommand.Accept.class,
            ZoneCommand.Export.class,
            ZoneHistoryCommand.class,
            ZoneDiffCommand.class,
            FreezeCommands.Freeze.class,
            FreezeCommands.Thaw.class
        })
final class ZoneCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "the verb is missing: status, refresh, retransfer, accept, export, history, diff, freeze or thaw");
    }

    /// What the verbs have in common.
    abstract static class Verb implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "ZONE", description = "The name of the zone.")
        private @Nullable String zone;

        @Mixin private AdminOption admin = AdminAccess.option();

        @Spec private @Nullable CommandSpec spec;

        /// Asks the responder, and returns whether all is well.
        abstract boolean ask(AdminClient client, Name name)
                throws IOException, InterruptedException;

        /// Returns the exception for a wrong command line.
        ParameterException wrong(String sentence) {
            return new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
        }

        @Override
        public Integer call() {
            Name name;
            try {
                name = Name.of(Objects.requireNonNull(zone));
            } catch (IllegalArgumentException e) {
                throw wrong(String.valueOf(e.getMessage()));
            }
            return admin.ask(client -> ask(client, name));
        }
    }

    /// The command `dns-server zone status`.
    @Command(name = "status", description = "Shows the state of a zone and of its transfers.")
    static final class Status extends Verb {

        private static final Duration DEADLINE = Duration.ofSeconds(30);

        @Override
        boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
            AdminClient.Reply reply = client.get("/status", DEADLINE);
            Map<String, Object> status = reply.json();
            for (String list : List.of("zones", "unavailable", "catalogs")) {
                for (Map<?, ?> zone : StatusCommand.maps(status.get(list))) {
                    if (name.toString().equalsIgnoreCase(String.valueOf(zone.get("name")))) {
                        System.out.print(text(zone, Instant.now()));
                        return true;
                    }
                }
            }
            System.err.printf("dns-server: there is no zone %s%n", name);
            return false;
        }
    }

    /// The command `dns-server zone export`.
    @Command(
            name = "export",
            description = {
                "Prints a zone as a master file: as it came by transfer or UPDATE, else as it is served.",
                "Exits with 1 if the responder has no data of such a zone."
            })
    static final class Export extends Verb {

        /// A very large zone takes minutes.
        private static final Duration DEADLINE = Duration.ofMinutes(10);

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = {
                    "Writes this file instead of the standard output: as a whole, or not at all. A"
                            + " responder that watches it never reads half of it."
                })
        private @Nullable Path output;

        @Override
        boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
            AdminClient.Reply reply = client.post(path("export", name), "", DEADLINE);
            if (reply.isGood()) {
                Path file = output;
                if (file == null) {
                    System.out.print(reply.text());
                } else {
                    WholeFile.write(file, reply.text());
                }
                return true;
            }
            System.err.println("dns-server: " + reply.json().get("error"));
            return false;
        }
    }

    static String path(String verb, Name zone) {
        return "/zone/%s?name=%s"
                .formatted(verb, URLEncoder.encode(zone.toString(), StandardCharsets.UTF_8));
    }

    /// What the verbs have in common that ask primaries.
    abstract static class Asking extends Verb {

        /// A transfer of a very large zone takes minutes.
        private static final Duration DEADLINE = Duration.ofMinutes(10);

        private final String verb;

        Asking(String verb) {
            this.verb = verb;
        }

        @Override
        boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
            AdminClient.Reply reply = client.post(path(verb, name), "", DEADLINE);
            Map<String, Object> zone = reply.json();
            if (zone.get("error") instanceof String error && !zone.containsKey("transfer")) {
                System.err.println("dns-server: " + error);
                return false;
            }
            System.out.print(text(zone, Instant.now()));
            return reply.isGood();
        }
    }

    /// The command `dns-server zone refresh`.
    @Command(
            name = "refresh",
            description = {
                "Asks the primaries of a zone now, as if a NOTIFY had come, and waits for the end.",
                "Exits with 1 if no primary gave a useful answer."
            })
    static final class Refresh extends Asking {
        Refresh() {
            super("refresh");
        }
    }

    /// The command `dns-server zone retransfer`.
    @Command(
            name = "retransfer",
            description = {
                "Transfers a zone as a whole, whatever its serial is, and waits for the end. It is the"
                        + " way back to a version with a lower serial.",
                "Exits with 1 if no primary sent the zone."
            })
    static final class Retransfer extends Asking {
        Retransfer() {
            super("retransfer");
        }
    }

    /// The command `dns-server zone accept`.
    @Command(
            name = "accept",
            description = {
                "Follows the newest version of a catalog that is held back because it would lose too"
                        + " many zones.",
                "Exits with 1 if the catalog is broken."
            })
    static final class Accept extends Asking {
        Accept() {
            super("accept");
        }
    }

    /// Returns the status of a zone as text for people.
    static String text(Map<?, ?> zone, Instant now) {
        Formatter text = new Formatter(Locale.ROOT);
        if (zone.get("state") != null) {
            boolean isCatalog = zone.containsKey("members");
            line(
                    text,
                    zone.get("name"),
                    isCatalog
                            ? "catalog, %s, %s members, %s waiting"
                                    .formatted(
                                            zone.get("state"),
                                            zone.get("members"),
                                            zone.get("waiting"))
                            : "%s, %s records".formatted(zone.get("state"), zone.get("records")));
            line(text, "serial", zone.get("serial"));
            line(text, "digest", zone.get("digest"));
            line(text, "changed names", zone.get("overlaid-names"));
        } else {
            text.format("%s%n", zone.get("name"));
        }
        if (zone.get("transfer") instanceof Map<?, ?> transfer) {
            line(text, "transfers", transfer.get("state"));
            line(text, "held serial", transfer.get("serial"));
            line(text, "primary serial", transfer.get("primary-serial"));
            if (transfer.get("primaries") instanceof List<?> primaries) {
                primaries.forEach(primary -> line(text, "primary", primary));
            }
            time(text, "confirmed", transfer.get("confirmed"), now);
            time(text, "next refresh", transfer.get("next"), now);
            time(text, "expires", transfer.get("expires"), now);
            Object notified = transfer.get("notified");
            time(text, "notified", notified, now);
            line(text, "notified", notified == null ? "not since the start" : "");
            if (transfer.get("last") instanceof Map<?, ?> last) {
                line(
                        text,
                        "last transfer",
                        "%s from %s (%s), %s octets in %s ms (%s octets/s), ready after %s ms"
                                .formatted(
                                        last.get("kind"),
                                        last.get("primary"),
                                        last.get("cause"),
                                        last.get("octets"),
                                        last.get("milliseconds"),
                                        last.get("octets-per-second"),
                                        last.get("build-milliseconds")));
                time(text, "", last.get("at"), now);
            }
            line(text, "last error", transfer.get("error"));
            time(text, "", transfer.get("error-at"), now);
        }
        line(text, "error", zone.get("error"));
        line(text, "warning", zone.get("warning"));
        return text.toString();
    }

    private static void time(Formatter text, String what, @Nullable Object at, Instant now) {
        if (at instanceof String written) {
            long seconds = Duration.between(Instant.parse(written), now).toSeconds();
            String distance = StatusCommand.duration(Math.abs(seconds));
            line(
                    text,
                    what,
                    "%s (%s)"
                            .formatted(
                                    written, seconds >= 0 ? distance + " ago" : "in " + distance));
        }
    }

    private static void line(Formatter text, @Nullable Object what, @Nullable Object value) {
        if (value != null && !value.equals("")) {
            text.format("%-15s %s%n", what, value);
        }
    }
}
