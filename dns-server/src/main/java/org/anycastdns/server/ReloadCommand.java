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
            "Makes a running responder read changed zone files, and bad ones again, now.",
            "Exits 1 when a zone has errors or a change was refused; the old zones then stay."
        })
final class ReloadCommand implements Callable<Integer> {

    /// A reload of very large zones takes minutes.
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @Option(
            names = "--force",
            description = "Take in also what drops more than half of a zone or of the zones.")
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
