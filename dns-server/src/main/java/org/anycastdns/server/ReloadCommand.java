package org.anycastdns.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.command.AdminOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The command `dns-server reload`: makes a running responder load changed zone files now.
@Command(
        name = "reload",
        description = {
            "Makes a running responder load changed zone files now, and try bad ones again.",
            "Exits with 1 if a zone has errors or a change was refused. The old version of such a"
                    + " zone stays in service."
        })
final class ReloadCommand implements Callable<Integer> {

    /// A reload of very large zones takes minutes.
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @Option(
            names = "--force",
            description =
                    "Load the changes even if more than half of a zone, or of the zones,"
                            + " would be lost.")
    private boolean force;

    @Mixin private AdminOption admin = AdminAccess.option();

    @Override
    public Integer call() throws InterruptedException {
        return admin.ask(this::reload);
    }

    private boolean reload(AdminClient client) throws IOException, InterruptedException {
        AdminClient.Reply reply =
                client.post("/reload" + (force ? "?force=true" : ""), "", DEADLINE);
        Map<?, ?> json = reply.json();
        if (json.get("error") != null) {
            System.err.println("dns-server: " + json.get("error"));
            return false;
        }
        if (json.get("problems") instanceof List<?> problems) {
            problems.forEach(System.out::println);
        }
        System.out.printf(
                "%s: loaded %s, removed %s, still being written %s%n",
                json.get("result"), json.get("loaded"), json.get("removed"), json.get("waiting"));
        return reply.isGood();
    }
}
