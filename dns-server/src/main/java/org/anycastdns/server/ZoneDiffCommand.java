package org.anycastdns.server;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.server.ops.ChangeReport;
import org.anycastdns.server.reload.FileSource;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.out.ZoneDifference;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ServedRecords;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command `dns-server zone diff`.
@Command(
        name = "diff",
        description = {
            "Shows the difference between two versions of a zone, or between the served zone and a"
                    + " file. Without serials it shows the last change.",
            "Exits with 1 if there is no such zone, or no such version is kept."
        })
final class ZoneDiffCommand extends ZoneCommand.Verb {

    /// A very large zone takes minutes.
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FROM",
            description = "The serial of the version to begin at.")
    private @Nullable String from;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "TO",
            description = "The serial of the later version. Default: the served one.")
    private @Nullable String to;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Show what would change if the zone were served from this file.")
    private @Nullable Path file;

    @Option(
            names = "--update",
            description = "Print a script for nsupdate or knsupdate that makes the change.")
    private boolean update;

    @Option(names = "--json", description = "Print the change as JSON.")
    private boolean json;

    @Override
    boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
        if (file != null && from != null) {
            throw wrong("give either serials or --file");
        }
        Map<String, Object> change = file == null ? kept(client, name) : toFile(client, name, file);
        if (change == null) {
            return false;
        }
        if (json) {
            System.out.println(Json.write(change));
        } else {
            System.out.print(update ? ChangeText.script(change) : ChangeText.lines(change));
        }
        return true;
    }

    private @Nullable Map<String, Object> kept(AdminClient client, Name name)
            throws IOException, InterruptedException {
        String path =
                ZoneCommand.path("diff", name) + parameter("from", from) + parameter("to", to);
        AdminClient.Reply reply = client.post(path, "", DEADLINE);
        return reply.isGood() ? reply.json() : refused(reply.json().get("error"));
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null
                ? ""
                : "&%s=%s".formatted(name, URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static @Nullable Map<String, Object> refused(@Nullable Object error) {
        System.err.println("dns-server: " + error);
        return null;
    }

    /// Returns the change from the served zone to a file, both as they would be served.
    private static @Nullable Map<String, Object> toFile(AdminClient client, Name name, Path file)
            throws IOException, InterruptedException {
        Path path = file.toAbsolutePath();
        Path folder = Objects.requireNonNull(path.getParent());
        ZoneFile next = ZoneFile.read(name, path.toString(), new FileSource(folder));
        if (next.hasErrors()) {
            next.problems().stream().filter(Problem::isError).forEach(System.err::println);
            return refused("zone %s cannot be served from %s".formatted(name, file));
        }
        AdminClient.Reply reply = client.post(ZoneCommand.path("export", name), "", DEADLINE);
        if (!reply.isGood()) {
            return refused(reply.json().get("error"));
        }
        Source.Content text = new Source.Content.Text(reply.text());
        ZoneFile served = ZoneFile.read(name, "the served zone", _ -> text);
        if (served.hasErrors()) {
            return refused(served.problems().getFirst());
        }
        Records before = ServedRecords.of(served.zone(0));
        Records after = ServedRecords.of(next.zone(0));
        return Json.read(
                Json.write(
                        ChangeReport.of(
                                name,
                                ZoneDifference.between(soa(before), before, soa(after), after))));
    }

    private static SoaRecord soa(Records records) {
        return new SoaRecord(records.record(records.all(RecordType.SOA)[0]));
    }
}
