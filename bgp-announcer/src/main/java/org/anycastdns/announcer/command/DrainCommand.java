package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.anycastdns.daemon.command.AdminOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bgp-announcer drain`: takes a service, or the site, out of traffic until `resume`. It keeps
/// answering.
@Command(
        name = "drain",
        description =
                "Takes one service, or the whole PoP, out of traffic until 'resume'. The routes become"
                        + " less attractive, then they are withdrawn. When no service of the PoP has"
                        + " clients left, the sessions end. The service keeps answering.")
public final class DrainCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "The service to drain. Default: all services.")
    private @Nullable String service;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description =
                    "Why. It appears in the logs, in the status, and in the message to the"
                            + " routers.")
    private String reason = "";

    @Override
    public Integer call() {
        String path = AdminAccess.path("/drain", service);
        return admin.print(client -> client.post(path, reason, AdminAccess.DEADLINE));
    }
}
