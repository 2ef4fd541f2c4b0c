package org.anycastdns.server;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command `dns-server reload`: makes a running responder load changed zone files now.
@Command(
        name = "reload",
        description = {
            "Makes a running responder read changed zone files, and bad ones again, now.",
            "Exits 1 when a zone has errors or a change was refused; the old zones then stay."
        })
final class ReloadCommand implements Callable<Integer> {

    @Option(
            names = "--force",
            description = "Take in also what drops more than half of a zone or of the zones.")
    private boolean force;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9153",
            description = "The responder's admin server. Default: ${DEFAULT-VALUE}.")
    private String admin = "";

    @Override
    public Integer call() throws InterruptedException {
        try {
            AdminClient.Reply reply =
                    new AdminClient(admin).post("/reload" + (force ? "?force=true" : ""));
            Map<?, ?> json = reply.json();
            if (json.get("error") != null) {
                System.err.println("dns-server: " + json.get("error"));
                return Main.FAILED;
            }
            if (json.get("problems") instanceof List<?> problems) {
                problems.forEach(System.out::println);
            }
            System.out.printf(
                    "%s: loaded %s, removed %s, still being written %s%n",
                    json.get("result"),
                    json.get("loaded"),
                    json.get("removed"),
                    json.get("waiting"));
            return reply.status() == 200 ? Main.OK : Main.FAILED;
        } catch (IOException e) {
            System.err.println("dns-server: " + e.getMessage());
            return Main.FAILED;
        }
    }
}
