package org.anycastdns.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.server.wire.Name;
import picocli.CommandLine.Command;

/// The commands that stop UPDATE while the operator edits the file of a zone.
final class FreezeCommands {

    /// Reading the file of a very large zone takes minutes.
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private FreezeCommands() {}

    private static boolean ask(AdminClient client, String verb, Name name, String done)
            throws IOException, InterruptedException {
        AdminClient.Reply reply = client.post(ZoneCommand.path(verb, name), "", DEADLINE);
        Map<String, Object> zone = reply.json();
        if (!reply.isGood()) {
            System.err.println("dns-server: " + zone.get("error"));
            return false;
        }
        System.out.printf("%s %s at serial %s%n", name, done, zone.get("serial"));
        return true;
    }

    /// The command `dns-server zone freeze`.
    @Command(
            name = "freeze",
            description = {
                "Refuses updates of a zone, so that its file can be edited. Ends with 'zone thaw', or"
                        + " when the responder starts again.",
                "Exits with 1 if the zone is not changed by UPDATE."
            })
    static final class Freeze extends ZoneCommand.Verb {

        @Override
        boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
            return FreezeCommands.ask(client, "freeze", name, "is frozen");
        }
    }

    /// The command `dns-server zone thaw`.
    @Command(
            name = "thaw",
            description = {
                "Takes the changes in the file of a frozen zone as one change, and takes updates again.",
                "Exits with 1, and the zone stays frozen, if the file has an error, or was changed and"
                        + " its serial is not newer."
            })
    static final class Thaw extends ZoneCommand.Verb {

        @Override
        boolean ask(AdminClient client, Name name) throws IOException, InterruptedException {
            return FreezeCommands.ask(client, "thaw", name, "takes updates");
        }
    }
}
